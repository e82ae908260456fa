import { Rules } from "../../../src/sync/rules"
import { erpId, isNewKey } from "../../../src/sync/ids"
import { FieldValue } from "../../../src/sync/values"
import { Clock } from "../clock"
import { Change, MemoryDatabase } from "../store/memory-database"
import { LinkRow } from "../store/rows"
import { ErpWorld } from "../world/erp-world"
import { Entry } from "./history"
import { entityOf, erpKey, fieldsOf, isDerived, OTHERS, TABLES } from "./records"
import { deletedTwin, isDeletedInError, isIdle, isRetiredInError, overlookedLink } from "./life"
import { Memory } from "./memory"
import { PushOracle } from "./push-oracle"
import { Table } from "./table"
import { watchErp } from "./watch-erp"

const STALE_RETURN_US = 15 * 60 * 1_000_000

/** When a base that a patch moves came to be held by both: what was sent got there before it was known. */
const madeAt = ({ before, after }: Change<"links">, field: string, at: number): number => {
  const sent = before?.intents[field]
  const learned = sent && !after?.intents[field] && after?.base_medusa[field] === sent.source_value
  return sent && learned ? Date.parse(sent.at) * 1000 : at
}

/** Fields that a life cycle write may change without a word from the ERP's own fields. */
const LIFE: readonly string[] = ["status", "is_active", "allow_backorder"]

/**
 * Keeps every edit of both sides with its cause, and judges each commit of the plugin: nobody's value
 * is overwritten without a word in the journal and a reason in the table (I1), a base is only moved to
 * values that both sides really held and that say the same, and nothing appears that nobody set (I9).
 */
export class Oracle extends Memory {
  readonly violations: string[] = []
  readonly branches = new Set<string>()
  conflicts = 0
  /** Rows changed by the plugin in Medusa's tables or among its links. */
  writes = 0
  readonly table: Table
  readonly pushes: PushOracle
  /** What the ERP ever stopped to sell, shown in its records or not. */
  private readonly unsold = new Set<string>()

  constructor(
    db: MemoryDatabase,
    readonly world: ErpWorld,
    clock: Clock,
    readonly rules: Rules,
  ) {
    super(db, clock)
    this.table = new Table(rules, world.dialect)
    this.pushes = new PushOracle(this, this.table)
    watchErp(this.erp, world, rules, clock, (changed, write) => this.pushes.judge(changed, write))
    world.onCommit(() =>
      world
        .all("variants")
        .filter((row) => !row.active)
        .forEach((row) => this.unsold.add(`variant/${row.id}/active`)),
    )
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
    const everStopped = (key: string): boolean =>
      this.unsold.has(key) || this.erp.everHeld(key, (value) => value === false)
    for (const change of changes) {
      if (ours && isDeletedInError(change, this.db, this.world, everStopped)) {
        this.complain("I7", `variant ${change.id} is deleted, and sold in the ERP`)
      }
      const twin = ours ? deletedTwin(change, this.db) : undefined
      if (twin && this.rules.deleted !== "recreate") {
        this.complain(
          "I3",
          `product ${twin.external_id} is made again after the merchant deleted it`,
        )
      }
      if (change.table === "links") {
        this.writes += ours && !isIdle(change as Change<"links">, this.db) ? 1 : 0
        this.rememberLink(change as Change<"links">, by)
        this.judgeBases(change as Change<"links">)
        if (
          isRetiredInError(change as Change<"links">, this.db, this.world, everStopped, changes)
        ) {
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
    if (!LIFE.includes(field) && name !== "parent" && this.sourceOf(link, name, to) < 0) {
      this.complain("I9", `${named}: the ERP never held that`)
    }
    if (!LIFE.includes(field) && this.turnsBack(link, name, to)) {
      this.complain("I1", `${named}: a newer value of the ERP was known already`)
    }
    if (overwritten?.by !== "merchant" || this.isInWindow(link, name, overwritten.at)) {
      return
    }
    if (!LIFE.includes(field) && name !== "parent" && this.isEcho(link, name, to)) {
      this.complain("I1", `${named}: the ERP only holds what we wrote there`)
    }
    const isSettled = name === "tracked" && this.agreementOf(link, name)?.medusa === from
    if (!isSettled && !this.isJournaled(change.id, name, from, overwritten.at)) {
      this.complain("I1", `${named}: the merchant's value is in no journal`)
    }
    if (!LIFE.includes(field) && !this.mayOverwrite(link, name, overwritten, changes)) {
      this.complain("I1", `${named}: the merchant's edit was lost`)
    }
  }

  /** Whether a value is written that the ERP had given up before the one that was agreed on last. */
  private turnsBack(link: LinkRow, field: string, to: FieldValue): boolean {
    const rule = this.table.rule(link, field)
    const agreed = this.agreementOf(link, field)
    const entries = this.erp.of(erpKey(link, field))
    const until = agreed ? this.knownUntil(link, agreed.at) : 0
    const known = agreed
      ? entries.findLastIndex(
          (entry) => entry.at <= until && rule.equalErp(entry.value, agreed.erp),
        )
      : -1
    const written = this.sourceOf(link, field, to)
    return written >= 0 && written < known
  }

  /** The place of the ERP's last value, in its history, that a value of Medusa's can come from. */
  private sourceOf(link: LinkRow, field: string, to: FieldValue): number {
    const rule = this.table.rule(link, field)
    return this.erp
      .of(erpKey(link, field))
      .findLastIndex((entry) => rule.equalMedusa(rule.toMedusa(entry.value), to))
  }

  /** Whether only our own write is carried back; where the ERP owns the field it holds what we made. */
  private isEcho(link: LinkRow, field: string, to: FieldValue): boolean {
    return (
      !isDerived(link, field) &&
      this.table.rule(link, field).owner !== "erp" &&
      this.erp.of(erpKey(link, field))[this.sourceOf(link, field, to)]?.by === "us" &&
      !this.isDecided(link, field, "erp")
    )
  }

  /** Whether the table lets the ERP win over an edit in Medusa. */
  private mayOverwrite(
    link: LinkRow,
    field: string,
    overwritten: Entry,
    changes: Change[],
  ): boolean {
    const rule = this.table.rule(link, field)
    const agreed = this.agreementOf(link, field)
    if (this.isDecided(link, field, "erp")) {
      return true
    }
    if (!agreed) {
      const fills = rule.isBlank(overwritten.value)
      return rule.owner === "erp" || (rule.owner === "both" && (fills || rule.first_link === "erp"))
    }
    const edited =
      this.table.medusaMoved(link, field, agreed, this.erpName(field, overwritten.value)) &&
      !(rule.owner !== "erp" && this.table.isRefused(link, field, overwritten.value))
    const next = changes.find((change) => change.table === "links" && change.id === link.id)
    const source = next?.after && "base_erp" in next.after ? next.after.base_erp[field] : undefined
    const moved =
      source === undefined
        ? this.erp.everHeld(erpKey(link, field), (value) => !rule.equalErp(value, agreed.erp))
        : !rule.equalErp(source, agreed.erp)
    switch (rule.owner) {
      case "erp":
        return moved || rule.foreign_edits === "enforce"
      case "medusa":
        return false
      case "both":
        return (
          !edited ||
          (rule.conflicts === "erp" && (moved || this.isStaleReturn(link, field, overwritten.at)))
        )
    }
  }

  private isStaleReturn(link: LinkRow, field: string, editedAt: number): boolean {
    const replaced = link.replaced[field]
    return (
      replaced?.side === "medusa" && editedAt - Date.parse(replaced.at) * 1000 < STALE_RETURN_US * 2
    )
  }

  /**
   * A category's move goes by Medusa's workflow, which cannot compare: a merchant's move that comes after
   * the plan was made may be overwritten.
   */
  private isInWindow(link: LinkRow, field: string, editedAt: number): boolean {
    const intent = link.intents[field]
    return field === "parent" && intent !== undefined && editedAt >= Date.parse(intent.at) * 1000
  }

  private judgeBases(change: Change<"links">): void {
    const link = change.after
    if (!link || !(link.entity in TABLES)) {
      return
    }
    for (const field of Object.keys(change.before?.base_erp ?? {})) {
      if (link.base_erp[field] === undefined) {
        this.agreements.delete(`${link.id}/${field}`)
      }
    }
    for (const [field, erp] of Object.entries(link.base_erp)) {
      const medusa = link.base_medusa[field]
      const same =
        change.before?.base_erp[field] === erp &&
        change.before.base_medusa[field] === medusa &&
        change.before.state !== "creating"
      if (medusa === undefined || same || field.startsWith("stock:") || field === "active") {
        continue
      }
      const known = this.agreementOf(link, field)
      if (change.before?.state !== "creating" || known?.erp !== erp || known.medusa !== medusa) {
        const at = this.clock.micros
        this.agreements.set(`${link.id}/${field}`, {
          at,
          made: madeAt(change, field, at),
          erp,
          medusa,
        })
      }
      // While a record is being created its link says what is meant, not what was agreed.
      if (link.state === "creating") {
        continue
      }
      const rule = this.table.rule(link, field)
      const named = `base of ${link.entity} ${link.erp_id} ${field}: ${erp} and ${medusa}`
      const arrived = change.before && isNewKey(change.before.erp_id)
      if (!this.table.same(link, field, erp, medusa) && !(arrived && isDerived(link, field))) {
        this.complain("I1", `${named} do not say the same`)
      }
      // A base made under a former id of the ERP's moves on to the present one.
      const moved = change.before && !arrived && change.before.erp_id !== link.erp_id
      const created = !arrived && change.before?.state === "creating"
      const formerIds = this.world.formerIds(Number(link.erp_id)).map((id) => erpId(String(id)))
      const heldInErp = [link.erp_id, ...formerIds].some((erp_id) =>
        this.erp.everHeld(erpKey({ ...link, erp_id }, field), (value) => rule.equalErp(value, erp)),
      )
      if (!heldInErp && erp !== null && !moved && !created) {
        this.complain("I9", `${named}: the ERP never held that`)
      }
      const own = this.medusaKey(link, field)
      const history = this.medusaHistory(link, field)
      const heldThere = history.some(({ value }) => rule.equalMedusa(value, medusa))
      // What was announced for a creation is settled by the plan that follows it.
      if (own && !heldThere && medusa !== null && !created && !this.isDeleted(link)) {
        this.complain("I1", `${named}: Medusa never held that`)
      }
    }
  }
}
