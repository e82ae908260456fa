export type Side = "odoo" | "store"
export type Kind = "product" | "variant" | "category"

/** What a user changed: a field of a record, named by the id on the user's own side. */
export interface Change {
  entity: Kind
  id: string
  field: string
  /** As both sides' values are compared: text, decimal, id; null for nothing. */
  value: string | null
}

export interface Edit {
  number: number
  side: Side
  kind: string
  changes: Change[]
  /** `unknown` when the store died before it answered: it may have happened. */
  outcome: "done" | "refused" | "unknown"
  /** In milliseconds since 1970. */
  began: number
  ended: number
  /** Why it was refused. */
  problem?: string
}

/** Every edit of the story in the order in which it was begun, and what there was to edit. */
export class History {
  readonly edits: Edit[] = []
  /** Records that users made on each side. */
  readonly made: Record<Side, Set<string>> = { odoo: new Set(), store: new Set() }
  private issued = 0

  /** A number that no other edit has: values made of it are unique. */
  number(): number {
    this.issued += 1
    return this.issued
  }

  add(edit: Edit): void {
    this.edits.push(edit)
  }

  /** The last edit of a side that changed a field of a product or variant. */
  last(side: Side): Change | undefined {
    return this.edits.findLast((edit) => edit.side === side && edit.changes.length > 0)?.changes[0]
  }

  counts(): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const { side, kind, outcome } of this.edits) {
      const name = outcome === "done" ? `${side} ${kind}` : `${side} ${kind} (${outcome})`
      counts[name] = (counts[name] ?? 0) + 1
    }
    return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** Whether the same side changed this field of this record again. */
  superseded(edit: Edit, change: Change): boolean {
    const at = this.edits.indexOf(edit)
    return this.edits
      .slice(at + 1)
      .some(
        (later) =>
          later.side === edit.side &&
          later.outcome !== "refused" &&
          later.changes.some(
            ({ entity, id, field }) =>
              entity === change.entity && id === change.id && field === change.field,
          ),
      )
  }
}
