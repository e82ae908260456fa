import { Change } from "../store/memory-database"
import { LinkRow } from "../store/rows"
import { Committer, ErpWorld, ErpWrite } from "../world/erp-world"
import { Entry } from "./history"
import { Oracle } from "./oracle"

/** Who may change levels that belong to the store. */
const STORE: readonly string[] = ["merchant", "shop", "set up"]

/**
 * Watches over stock that the store owns: no level is written by the plugin; what a count overwrites in
 * the ERP stands in the journal by then, unless it came between comparison and write where the ERP cannot
 * do both at once (I1); and what is counted is what the store held (I9).
 */
export class CountOracle {
  count = 0
  windows = 0

  constructor(
    private readonly oracle: Oracle,
    world: ErpWorld,
  ) {
    world.onCommit((by) => this.judge(by))
    oracle.db.onCommit((changes, by) => this.judgeLevels(changes, by))
  }

  private get isOn(): boolean {
    return this.oracle.rules.push.stock
  }

  private judge(by: Committer): void {
    for (const [key, value] of by.who === "us" ? by.write.fields : []) {
      if (by.who === "us" && key.startsWith("stock/")) {
        this.judgeCount(key, String(value), by.write)
      }
    }
  }

  private judgeCount(key: string, to: string, write: ErpWrite): void {
    this.count += 1
    const [, id = ""] = key.split("/")
    const link = this.oracle.linkByErp("variant", id)
    if (!this.isOn || this.oracle.rules.push.held !== null || !link) {
      return this.complain("I9", `${key} was counted, which nobody asked for`)
    }
    const before = this.beforeNow(key, to)
    if (before?.by === "erp" && before.value !== to) {
      this.judgeOverwritten(link, key, before, write)
    }
    if (!this.wasHeld(link, Number(to))) {
      this.complain("I9", `${key} was counted as ${to}, which the store never held`)
    }
  }

  /** What the ERP held before this commit, which its history knows already where it changed something. */
  private beforeNow(key: string, to: string): Entry | undefined {
    const entries = this.oracle.erp.of(key)
    const last = entries.at(-1)
    const isThis = last?.by === "us" && last.at === this.oracle.now && last.value === to
    return isThis ? entries.at(-2) : last
  }

  private judgeOverwritten(link: LinkRow, key: string, before: Entry, write: ErpWrite): void {
    if (write.compared_at !== null && before.at >= write.compared_at) {
      this.windows += 1
      return
    }
    const isJournaled = this.oracle.db.read((view) =>
      view
        .all("journal")
        .some(
          (entry) =>
            entry.side === "erp" &&
            entry.medusa_id === link.medusa_id &&
            entry.field.startsWith("stock:") &&
            entry.at >= before.at &&
            Number(entry.from) === Number(before.value),
        ),
    )
    if (!isJournaled) {
      this.complain("I1", `${key}: ${before.value} was in no journal before it was counted over`)
    }
  }

  /** Orders move figures on both sides: without any, what is counted is a level's own. */
  private wasHeld(link: LinkRow, quantity: number): boolean {
    return this.oracle.db.read((view) => {
      const item = view.get("variants", link.medusa_id)?.item_id
      const ordered = view.all("lines").some((line) => line.item_id === item)
      return (
        !item ||
        ordered ||
        this.oracle.medusa.everHeld(`levels/${item}`, (held) => Number(held) === quantity)
      )
    })
  }

  private judgeLevels(changes: Change[], by: string): void {
    for (const { table, after } of changes) {
      if (table !== "levels" || !after || !("stocked" in after)) {
        continue
      }
      const stocked = String(after.stocked)
      this.oracle.medusa.record(`levels/${after.item_id}`, stocked, this.oracle.now, by)
      if (this.isOn && !STORE.includes(by)) {
        this.oracle.complain("I9", `level ${after.id} was set to ${stocked} by the plugin`)
      }
    }
  }

  private complain(invariant: string, text: string): void {
    this.oracle.complain(invariant, `in the ERP: ${text}`)
  }
}
