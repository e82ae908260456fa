import { FieldValue } from "../../../src/sync/values"
import { LinkRow } from "../store/rows"
import { ErpWrite } from "../world/erp-world"
import { Entry } from "./history"
import type { Oracle } from "./oracle"
import { Table } from "./table"

/** A field of the ERP that a commit of the plugin's changed. */
export interface PushedField {
  key: string
  before: Entry | undefined
  to: FieldValue
}

/** What went to the ERP of one field. */
interface Written {
  link: LinkRow
  field: string
  /** What the merchant had edited by then. */
  edits: number
  /** Writes of which nobody learned before the next one: no answer, or a crash before it was stored. */
  unlearned: number
  writes: { write: ErpWrite; at: number }[]
}

/**
 * Judges every commit of the plugin's in the ERP: what it overwrites must be allowed by the table and
 * stand in the journal by then (I1), what it writes must be what a merchant entered (I9), and an edit
 * is carried over once (I4). Where the ERP cannot compare and set, an edit between comparison and write
 * is the one loss that is allowed.
 */
export class PushOracle {
  count = 0
  windows = 0
  /** What the ERP held already, and had told so. */
  private readonly repeats: { key: string; write: ErpWrite }[] = []
  private readonly written = new Map<string, Written>()

  constructor(
    private readonly oracle: Oracle,
    private readonly table: Table,
  ) {}

  judge(changed: readonly PushedField[], write: ErpWrite): void {
    this.count += 1
    if (write.made) {
      // What is made is judged as a whole.
      return
    }
    const keys = new Set(changed.map((field) => field.key))
    for (const key of write.fields.keys()) {
      this.remember(key, keys.has(key), write)
    }
    for (const field of changed) {
      if (!write.fields.has(field.key) && this.gaveWay(field, write)) {
        this.windows += 1
        continue
      }
      if (!write.fields.has(field.key)) {
        this.complain("I9", `${field.key} became ${field.to} beside what was asked for`)
        continue
      }
      if (!isCount(field.key)) {
        this.judgeField(field, write)
      }
    }
  }

  /** The one category that a product can have, given between comparison and write, where another came. */
  private gaveWay({ key, before, to }: PushedField, write: ErpWrite): boolean {
    const family = key.slice(0, key.indexOf(":") + 1)
    return (
      this.oracle.rules.push.single_category &&
      /^product\/[^/]+\/category:$/.test(family) &&
      to === null &&
      [...write.fields].some(([other, value]) => other.startsWith(family) && value === true) &&
      write.compared_at !== null &&
      before !== undefined &&
      before.at >= write.compared_at
    )
  }

  /** At most one write per edit, besides those whose answer was lost. */
  judgeCounts(): void {
    for (const { key } of this.repeats.filter(({ write }) => write.answered)) {
      this.complain("I4", `${key} was written although the ERP held it already`)
    }
    for (const { link, field, edits, unlearned, writes } of this.written.values()) {
      const decided = this.oracle.decisionsOf(link, field).length
      if (field !== "active" && writes.length > edits + unlearned + decided) {
        this.complain(
          "I4",
          `${link.entity} ${link.erp_id} ${field} was written ${writes.length} times for ${edits} edits, ${unlearned} of them unlearned`,
        )
      }
    }
  }

  /** The same value again is only for a request whose answer was lost. */
  private remember(key: string, changed: boolean, write: ErpWrite): void {
    const subject = this.subject(key)
    if (!subject) {
      return
    }
    const { link, field } = subject
    const id = `${link.id}/${link.medusa_id}/${field}`
    const known = this.written.get(id) ?? { ...subject, edits: 0, unlearned: 0, writes: [] }
    const last = known.writes.at(-1)
    const touched = this.oracle.erp.last(key)?.at ?? 0
    const agreed = this.oracle.agreementOf(link, field)?.at ?? 0
    const learned = last === undefined || agreed >= last.at
    if (!changed && last && learned && touched <= last.at) {
      this.repeats.push({ key, write })
    }
    const edits = this.oracle.medusaHistory(link, field).filter(byMerchant).length
    this.written.set(id, {
      ...known,
      edits: Math.max(edits, known.edits),
      unlearned: known.unlearned + (learned ? 0 : 1),
      writes: [...known.writes, { write, at: this.oracle.now }],
    })
  }

  private judgeField({ key, before, to }: PushedField, write: ErpWrite): void {
    const subject = this.subject(key)
    const named = `${key} ${before?.value} -> ${to}`
    if (!subject) {
      return this.complain("I9", `${named}: no link`)
    }
    const { link, field } = subject
    if (field === "active") {
      return this.judgeArchived(link, named, to)
    }
    const rule = this.table.rule(link, field)
    const resolved = this.oracle.isDecided(link, field, "medusa")
    const agreed = this.oracle.agreementOf(link, field)
    const says = (value: FieldValue): boolean =>
      rule.equalErp(this.table.stored(link, field, value), to)
    const history = this.oracle
      .medusaHistory(link, field)
      .map((entry) => ({ ...entry, value: this.oracle.erpName(field, entry.value) }))
    const sources = history.filter((entry) => says(entry.value))
    if (sources.length === 0) {
      return this.complain("I9", `${named}: Medusa never held that`)
    }
    const edited = sources.some(
      (entry) =>
        byMerchant(entry) &&
        (!agreed || entry.at >= agreed.at || !rule.equalMedusa(entry.value, agreed.medusa)),
    )
    if (!resolved && !edited) {
      this.complain("I1", `${named}: no merchant entered that`)
    }
    const known = agreed
      ? history.findLastIndex(
          (entry) => entry.at <= agreed.at && rule.equalMedusa(entry.value, agreed.medusa),
        )
      : -1
    if (!resolved && history.findLastIndex((entry) => says(entry.value)) < known) {
      this.complain("I1", `${named}: a newer value of Medusa's was known already`)
    }
    if (before?.by === "erp") {
      this.judgeOverwritten(link, field, before, write, named)
    }
  }

  private judgeOverwritten(
    link: LinkRow,
    field: string,
    before: Entry,
    write: ErpWrite,
    named: string,
  ): void {
    if (write.compared_at !== null && before.at >= write.compared_at) {
      this.windows += 1
      return
    }
    if (!this.isJournaled(link, field, before)) {
      this.complain("I1", `${named}: the ERP's value was in no journal before it was overwritten`)
    }
    if (!this.mayOverwrite(link, field, before.value)) {
      this.complain("I1", `${named}: the edit of the ERP's user was lost`)
    }
  }

  private mayOverwrite(link: LinkRow, field: string, erp: FieldValue): boolean {
    if (this.oracle.isDecided(link, field, "medusa")) {
      return true
    }
    const { owner, conflicts, first_link } = this.table.rule(link, field)
    const agreed = this.oracle.agreementOf(link, field)
    const policy = agreed ? conflicts : first_link
    switch (owner) {
      case "erp":
        return false
      case "medusa":
        return true
      case "both":
        return (
          policy === "medusa" ||
          (!agreed && this.table.rule(link, field).isBlank(erp)) ||
          this.table.isRefused(link, field, erp) ||
          !this.table.erpMoved(link, field, agreed, erp)
        )
    }
  }

  private isJournaled(link: LinkRow, field: string, before: Entry): boolean {
    const rule = this.table.rule(link, field)
    return this.oracle.db.read((view) =>
      view
        .all("journal")
        .some(
          (entry) =>
            entry.side === "erp" &&
            entry.entity === link.entity &&
            entry.medusa_id === link.medusa_id &&
            entry.field === field &&
            entry.at >= before.at &&
            rule.equalErp(entry.from, before.value),
        ),
    )
  }

  /** Only what the merchant deleted is archived, and only where that is the policy. */
  private judgeArchived(link: LinkRow, named: string, to: FieldValue): void {
    const row = this.oracle.db.read((view) => view.get("products", link.medusa_id))
    const allowed =
      this.table.rules.deleted === "archive_erp" && to === false && row?.deleted !== false
    if (!allowed) {
      this.complain("I7", `${named}: nobody deleted it in the store`)
    }
  }

  private subject(key: string): { link: LinkRow; field: string } | null {
    const [entity = "", id = "", ...rest] = key.split("/")
    const link = this.oracle.linkByErp(entity, id)
    return link ? { link, field: rest.join("/") } : null
  }

  private complain(invariant: string, text: string): void {
    this.oracle.complain(invariant, `in the ERP: ${text}`)
  }
}

/** Counts of stock are judged by themselves. */
const isCount = (key: string): boolean => key.startsWith("stock/")

const byMerchant = (entry: Entry): boolean => entry.by === "merchant"
