import { fieldRule } from "../../../src/sync/field-rules"
import { Rules } from "../../../src/sync/rules"
import { FieldValue } from "../../../src/sync/values"
import { Clock } from "../clock"
import { Change, MemoryDatabase } from "../store/memory-database"
import { LinkRow } from "../store/rows"
import { ErpWorld } from "../world/erp-world"
import { History } from "./history"
import { entityOf, erpKey, fieldsOf, ownerKey, TABLES } from "./records"
import { isRetiredInError, overlookedLink } from "./life"
import { watchErp } from "./watch-erp"

const STALE_RETURN_US = 15 * 60 * 1_000_000

/** Who writes besides the plugin's processes. */
const OTHERS: readonly string[] = ["merchant", "shop", "acknowledgement", "set up"]

/** Fields that a life cycle write may change without a word from the ERP's own fields. */
const LIFE: readonly string[] = ["status", "is_active", "allow_backorder"]

interface Agreement {
  at: number
  erp: FieldValue
  medusa: FieldValue
}

/**
 * Keeps every edit of both sides with its cause, and judges each commit of the plugin: nobody's value
 * is overwritten without a word in the journal and a reason in the table (I1), a base is only moved to
 * values that both sides really held and that say the same, and nothing appears that nobody set (I9).
 */
export class Oracle {
  readonly violations: string[] = []
  readonly erp = new History()
  readonly medusa = new History()
  readonly branches = new Set<string>()
  conflicts = 0
  /** Rows changed by the plugin in Medusa's tables or among its links. */
  writes = 0
  private readonly agreements = new Map<string, Agreement>()

  constructor(
    readonly db: MemoryDatabase,
    readonly world: ErpWorld,
    private readonly clock: Clock,
    readonly rules: Rules,
  ) {
    watchErp(this.erp, world, rules, clock)
    db.onCommit((changes, by) => this.judge(changes, by))
  }

  complain(invariant: string, text: string): void {
    this.violations.push(`${invariant}: ${text}`)
  }

  private judge(changes: Change[], by: string): void {
    const ours = !OTHERS.includes(by)
    for (const change of changes) {
      const kind = entityOf(change)
      if (kind) {
        const changed = this.record(change, by)
        this.writes += ours && changed.length > 0 ? 1 : 0
        if (ours && change.before && change.after) {
          changed.forEach((field) => this.judgeWrite(change, kind, field, changes))
        }
      }
    }
    for (const change of changes) {
      if (change.table === "links") {
        this.writes += ours ? 1 : 0
        this.judgeBases(change as Change<"links">)
        const everStopped = (key: string): boolean =>
          this.erp.everHeld(key, (value) => value === false)
        if (isRetiredInError(change as Change<"links">, this.db, this.world, everStopped)) {
          this.complain("I7", `link ${change.id} is gone, and sold in the ERP`)
        }
        const overlooked = overlookedLink(change as Change<"links">, this.db, this.world)
        if (overlooked) {
          this.complain("I3", `variant ${overlooked.erp_id} is made anew instead of re-pointed`)
        }
      }
      if (change.table === "journal" && change.after && "rule" in change.after) {
        this.branches.add(`${change.after.kind}/${change.after.rule}`)
        this.conflicts += change.after.kind === "superseded" ? 1 : 0
      }
      if (change.table === "parked" && change.after && "remedy" in change.after) {
        this.branches.add(`parked/${change.after.reason}`)
      }
    }
  }

  /** Remembers what changed; returns the fields. */
  private record(
    change: Change,
    by: string,
  ): { field: string; from: FieldValue; to: FieldValue }[] {
    const before = fieldsOf(change, change.before)
    const after = fieldsOf(change, change.after)
    return [...new Set([...before.keys(), ...after.keys()])].flatMap((field) => {
      const from = before.get(field) ?? null
      const to = after.get(field) ?? null
      const first = change.before === undefined
      if (from === to && !first) {
        return []
      }
      this.medusa.record(`${change.table}/${change.id}/${field}`, to, this.clock.micros, by)
      return first ? [] : [{ field, from, to }]
    })
  }

  private judgeWrite(
    change: Change,
    entity: "product" | "variant" | "category",
    { field, from, to }: { field: string; from: FieldValue; to: FieldValue },
    changes: Change[],
  ): void {
    const named = `${entity} ${change.id} ${field} ${from} -> ${to}`
    const link = this.linkOf(entity, change.id)
    const overwritten = this.medusa.of(`${change.table}/${change.id}/${field}`).at(-2)
    if (!link) {
      return this.complain("I9", `${named} without a link`)
    }
    const name = this.linkField(field)
    if (name === null) {
      return this.complain("I9", `${named}: the category is not linked`)
    }
    if (!LIFE.includes(field) && name !== "parent" && !this.comesFromErp(link, name, to)) {
      this.complain("I9", `${named}: the ERP never held that`)
    }
    if (!LIFE.includes(field) && this.turnsBack(link, name, to)) {
      this.complain("I1", `${named}: a newer value of the ERP was known already`)
    }
    if (overwritten?.by !== "merchant") {
      return
    }
    if (!this.isJournaled(change.id, name, from, overwritten.at)) {
      this.complain("I1", `${named}: the merchant's value is in no journal`)
    }
    if (!LIFE.includes(field) && !this.mayOverwrite(link, name, overwritten.at, changes)) {
      this.complain("I1", `${named}: the merchant's edit was lost`)
    }
  }

  /** Whether a value is written that the ERP had given up before the one that was agreed on last. */
  private turnsBack(link: LinkRow, field: string, to: FieldValue): boolean {
    const rule = fieldRule(this.rules, field, ownerKey(link, field))
    const agreed = this.agreements.get(`${link.id}/${field}`)
    const entries = this.erp.of(erpKey(link, field))
    const known = agreed
      ? entries.findLastIndex(
          (entry) => entry.at <= agreed.at && rule.equalErp(entry.value, agreed.erp),
        )
      : -1
    const written = entries.findLastIndex((entry) =>
      rule.equalMedusa(rule.toMedusa(entry.value), to),
    )
    return written >= 0 && written < known
  }

  /** Whether the table lets the ERP win over an edit in Medusa. */
  private mayOverwrite(link: LinkRow, field: string, editedAt: number, changes: Change[]): boolean {
    const rule = fieldRule(this.rules, field, ownerKey(link, field))
    const agreed = this.agreements.get(`${link.id}/${field}`)
    if (rule.owner === "erp" || !agreed) {
      return true
    }
    const next = changes.find((change) => change.table === "links" && change.id === link.id)
    const source = next?.after && "base_erp" in next.after ? next.after.base_erp[field] : undefined
    const moved =
      source === undefined
        ? this.erp.everHeld(erpKey(link, field), (value) => !rule.equalErp(value, agreed.erp))
        : !rule.equalErp(source, agreed.erp)
    const replaced = link.replaced[field]
    return (
      moved ||
      (replaced !== undefined && editedAt - Date.parse(replaced.at) * 1000 < STALE_RETURN_US * 2)
    )
  }

  private isJournaled(id: string, field: string, from: FieldValue, since: number): boolean {
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

  private comesFromErp(link: LinkRow, field: string, to: FieldValue): boolean {
    const rule = fieldRule(this.rules, field, ownerKey(link, field))
    return this.erp.everHeld(erpKey(link, field), (value) =>
      rule.equalMedusa(rule.toMedusa(value), to),
    )
  }

  private judgeBases(change: Change<"links">): void {
    const link = change.after
    // While a record is being created its link says what is meant, not what was agreed.
    if (!link || !(link.entity in TABLES) || link.state === "creating") {
      return
    }
    for (const [field, erp] of Object.entries(link.base_erp)) {
      const medusa = link.base_medusa[field]
      const same =
        change.before?.base_erp[field] === erp &&
        change.before.base_medusa[field] === medusa &&
        change.before.state !== "creating"
      if (medusa === undefined || same || field.startsWith("stock:")) {
        continue
      }
      this.agreements.set(`${link.id}/${field}`, { at: this.clock.micros, erp, medusa })
      const rule = fieldRule(this.rules, field, ownerKey(link, field))
      const named = `base of ${link.entity} ${link.erp_id} ${field}: ${erp} and ${medusa}`
      if (!rule.equalMedusa(rule.toMedusa(erp), medusa) && !rule.equalErp(erp, medusa)) {
        this.complain("I1", `${named} do not say the same`)
      }
      const key = erpKey(link, field)
      // A base made under a former id of the ERP's moves on to the present one.
      const moved = change.before && change.before.erp_id !== link.erp_id
      const created = change.before?.state === "creating"
      const heldInErp = this.erp.everHeld(key, (value) => rule.equalErp(value, erp))
      if (!heldInErp && erp !== null && !moved && !created) {
        this.complain("I9", `${named}: the ERP never held that`)
      }
      const own = this.medusaKey(link, field)
      const heldThere = own && this.medusa.everHeld(own, (value) => rule.equalMedusa(value, medusa))
      // What was announced for a creation is settled by the plan that follows it.
      if (own && !heldThere && medusa !== null && change.before?.state !== "creating") {
        this.complain("I1", `${named}: Medusa never held that`)
      }
    }
  }

  linkOf(entity: string, medusaId: string): LinkRow | undefined {
    return this.db.read((view) =>
      view.all("links").find((row) => row.entity === entity && row.medusa_id === medusaId),
    )
  }

  /** Where a base's own side is remembered; null for a parent, which goes by another id there. */
  private medusaKey(link: LinkRow, field: string): string | null {
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
  private linkField(field: string): string | null {
    if (!field.startsWith("category:")) {
      return field
    }
    const link = this.linkOf("category", field.slice("category:".length))
    return link ? `category:${link.erp_id}` : null
  }
}
