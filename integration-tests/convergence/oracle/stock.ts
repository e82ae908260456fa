import { Rules } from "../../../src/sync/rules"
import { Clock } from "../clock"
import { Change } from "../store/memory-database"
import { LevelRow, LinkRow } from "../store/rows"
import { Booked, Shop } from "../world/shop"
import { Oracle } from "./oracle"

interface Reading {
  at: number
  on_hand: number
  available: number
  booked: ReadonlyMap<string, Booked>
}

/**
 * Watches over I8: what the shop may sell is never more than an ERP figure less the web demand which
 * that figure, at the moment it was given out, did not count.
 */
export class StockOracle {
  private readonly readings = new Map<string, Reading[]>()

  constructor(
    private readonly oracle: Oracle,
    private readonly shop: Shop,
    private readonly clock: Clock,
    private readonly rules: Rules,
  ) {
    oracle.db.onCommit((changes, by) => this.judge(changes, by))
  }

  /** A figure leaves the ERP. */
  witness(variant: string): void {
    const readings = this.readings.get(variant) ?? []
    this.readings.set(variant, readings)
    readings.push(this.present(variant))
  }

  /** The sellable quantity that the present books allow. */
  allowedNow(link: LinkRow, itemId: string): number {
    return this.allowed(this.present(link.erp_id), link.erp_id, itemId)
  }

  private present(variant: string): Reading {
    const quant = this.oracle.world.store.quants.get(Number(variant))
    const on_hand = quant?.quantity ?? 0
    const booked = new Map([...this.shop.booked].map(([line, held]) => [line, { ...held }]))
    return { at: this.clock.micros, on_hand, available: on_hand - (quant?.reserved ?? 0), booked }
  }

  private judge(changes: Change[], by: string): void {
    for (const change of changes) {
      const level = change.table === "levels" ? (change.after as LevelRow | undefined) : undefined
      if (!level || this.rules.push.stock || by === "merchant" || by === "shop") {
        continue
      }
      if (level.stocked < 0) {
        this.oracle.complain("I8", `level ${change.id} holds ${level.stocked}`)
      }
      this.judgeLevel(level, changes)
    }
  }

  private judgeLevel(level: LevelRow, changes: Change[]): void {
    const owner = this.oracle.db.read((view) =>
      view.all("variants").find((row) => row.item_id === level.item_id),
    )
    const link = owner && this.oracle.linkOf("variant", owner.id)
    if (!link || link.state !== "linked") {
      return
    }
    const patched = changes.find((change) => change.table === "links" && change.id === link.id)
    const after = patched?.after as LinkRow | undefined
    const since = Date.parse(after?.stock_read_at ?? "") * 1000
    const readings = (this.readings.get(link.erp_id) ?? []).filter((entry) => !(entry.at < since))
    const sellable = level.stocked - level.reserved
    const best = Math.max(
      ...readings.map((entry) => this.allowed(entry, link.erp_id, level.item_id)),
    )
    if (sellable > Math.max(0, best)) {
      this.oracle.complain(
        "I8",
        `variant ${link.erp_id}: ${sellable} sellable, at most ${best} are left`,
      )
    }
  }

  /** What was sold of a variant that the ERP has dropped since, it books nowhere: the clock settles that. */
  private isBooked({ erp_variant }: { erp_variant: number }, variant: string): boolean {
    return this.oracle.world.present(erp_variant) === Number(variant)
  }

  private allowed(reading: Reading, variant: string, itemId: string): number {
    const basis = this.rules.stock[0]?.basis ?? "available"
    const uncounted = this.oracle.db.read((view) =>
      view
        .all("lines")
        .filter((line) => line.item_id === itemId && this.isBooked(line, variant))
        .reduce((sum, line) => {
          const open = view.get("reservations", line.id)?.quantity ?? 0
          const { reserved, issued } = reading.booked.get(line.id) ?? { reserved: 0, issued: 0 }
          return (
            sum +
            (basis === "available"
              ? Math.max(0, open + line.fulfilled - reserved - issued)
              : open + Math.max(0, line.fulfilled - issued))
          )
        }, 0),
    )
    return reading[basis] - uncounted
  }
}
