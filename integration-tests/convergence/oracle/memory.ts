import { FieldValue, Side } from "../../../src/sync/values"
import { Clock } from "../clock"
import { Change, MemoryDatabase } from "../store/memory-database"
import { LinkRow } from "../store/rows"
import { Entry, History } from "./history"
import { TABLES } from "./records"
import { Agreement } from "./table"

/** What the oracle knows by itself: every value of both sides, what they agreed on, what was decided. */
export class Memory {
  readonly erp = new History()
  readonly medusa = new History()
  protected readonly agreements = new Map<string, Agreement>()
  /** Medusa's ids of categories that were made anew, by their link. */
  private readonly former = new Map<string, string[]>()
  private readonly decisions = new Map<string, { side: Side; at: number }[]>()
  /** The moment whose state of the ERP could be known at a time: files tell later what was. */
  knownUntil: (link: LinkRow, at: number) => number = (_link, at) => at

  constructor(
    readonly db: MemoryDatabase,
    protected readonly clock: Clock,
  ) {}

  get now(): number {
    return this.clock.micros
  }

  agreementOf(link: LinkRow, field: string): Agreement | undefined {
    return this.agreements.get(`${link.id}/${field}`)
  }

  /** What persons decided about a field. */
  decisionsOf(link: LinkRow, field: string): readonly { side: Side; at: number }[] {
    return this.decisions.get(`${link.id}/${field}`) ?? []
  }

  /** Whether a person chose a side since both sides agreed last. */
  isDecided(link: LinkRow, field: string, side: Side): boolean {
    const since = this.agreementOf(link, field)?.made ?? 0
    return this.decisionsOf(link, field).some(
      (decision) => decision.side === side && decision.at >= since,
    )
  }

  /** Remembers what persons decided, and which category was made anew. */
  protected rememberLink({ before, after }: Change<"links">, by: string): void {
    for (const [field, side] of by === "person" ? Object.entries(after?.resolutions ?? {}) : []) {
      if (after && before?.resolutions[field] !== side) {
        const known = this.decisionsOf(after, field)
        this.decisions.set(`${after.id}/${field}`, [...known, { side, at: this.now }])
      }
    }
    if (before && after?.entity === "category" && before.medusa_id !== after.medusa_id) {
      this.former.set(after.id, [...(this.former.get(after.id) ?? []), before.medusa_id])
    }
  }

  /**
   * What Medusa's side of a field ever held; of a parent, by Medusa's own ids. Who put a product into a
   * category that was made anew since has put it into the one that the ERP knows.
   */
  medusaHistory(link: LinkRow, field: string): readonly Entry[] {
    if (field.startsWith("category:")) {
      const category = this.linkByErp("category", field.slice("category:".length))
      const ids = category ? [...(this.former.get(category.id) ?? []), category.medusa_id] : []
      return ids
        .flatMap((id) => this.medusa.of(`${TABLES[link.entity]}/${link.medusa_id}/category:${id}`))
        .toSorted((a, b) => a.at - b.at)
    }
    const key =
      field === "parent"
        ? `${TABLES[link.entity]}/${link.medusa_id}/parent`
        : this.medusaKey(link, field)
    return key === null ? [] : this.medusa.of(key)
  }

  /** A value of Medusa's as the ERP would name it: a parent by the ERP's id. */
  erpName(field: string, value: FieldValue): FieldValue {
    return field === "parent" && typeof value === "string"
      ? (this.linkOf("category", value)?.erp_id ?? value)
      : value
  }

  /** What is deleted while it is written takes nothing, and means nothing any more. */
  protected isDeleted({ entity, medusa_id }: LinkRow): boolean {
    return this.db.read((view) => {
      const row =
        entity === "product"
          ? view.get("products", medusa_id)
          : entity === "variant"
            ? view.get("variants", medusa_id)
            : view.get("categories", medusa_id)
      return row?.deleted !== false
    })
  }

  linkByErp(entity: string, erpId: string): LinkRow | undefined {
    return this.db.read((view) =>
      view.all("links").find((row) => row.entity === entity && row.erp_id === erpId),
    )
  }

  linkOf(entity: string, medusaId: string): LinkRow | undefined {
    return this.db.read((view) =>
      view.all("links").find((row) => row.entity === entity && row.medusa_id === medusaId),
    )
  }

  /** Where a base's own side is remembered; null for a parent, which goes by another id there. */
  protected medusaKey(link: LinkRow, field: string): string | null {
    const at = `${TABLES[link.entity]}/${link.medusa_id}`
    if (field.startsWith("category:")) {
      const id = field.slice("category:".length)
      const category = this.db.read((view) =>
        view.all("links").find((row) => row.entity === "category" && row.erp_id === id),
      )
      return category ? `${at}/category:${category.medusa_id}` : null
    }
    return field === "parent" ? null : `${at}/${field}`
  }

  /** A category element goes by the ERP's id in links and journal. */
  protected linkField(field: string): string | null {
    if (!field.startsWith("category:")) {
      return field
    }
    const link = this.linkOf("category", field.slice("category:".length))
    return link ? `category:${link.erp_id}` : null
  }

  protected isJournaled(id: string, field: string, from: FieldValue, since: number): boolean {
    return this.db.read((view) =>
      view
        .all("journal")
        .some(
          (entry) =>
            entry.medusa_id === id &&
            entry.field === field &&
            entry.at >= since &&
            (field === "parent" || entry.from === from),
        ),
    )
  }
}
