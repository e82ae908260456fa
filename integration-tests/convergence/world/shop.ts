import { erpId, ErpId, isNewKey, MedusaId } from "../../../src/sync/ids"
import { Rules } from "../../../src/sync/rules"
import { Clock } from "../clock"
import { Random } from "../random"
import { levelId } from "../store/catalog-stock"
import { Blocked, MemoryDatabase, View } from "../store/memory-database"
import { LevelRow, LineRow } from "../store/rows"
import { ErpWorld } from "./erp-world"

/** What the ERP counts of one order line, in its own books. */
export interface Booked {
  /** Its variant in the ERP, by the id it had then. */
  variant: number
  reserved: number
  issued: number
}

/**
 * Web orders on Medusa's side, and their way into the ERP's books as the option `orders.counted`
 * assumes it: acknowledged ones are told back; by the clock, booking keeps its deadlines.
 */
export class Shop {
  readonly booked = new Map<string, Booked>()
  private number = 0

  constructor(
    private readonly db: MemoryDatabase,
    private readonly erp: ErpWorld,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly rules: Rules,
  ) {}

  /** One thing that happens to an order; null when there was nothing to do. */
  act(): { name: string; item: MedusaId } | null {
    const act = this.random.weighted([
      ["order", 5],
      ["fulfil", 4],
      ["cancel order", 1],
      ["cancel fulfilment", 1],
    ] as const)
    try {
      const item = this.db.run(null, "shop", (view) => this.run(view, act))
      return item && act ? { name: act, item } : null
    } catch (error) {
      if (error instanceof Blocked) {
        return null
      }
      throw error
    }
  }

  private run(view: View, act: string | undefined): MedusaId | null {
    switch (act) {
      case "order":
        return this.order(view)
      case "fulfil":
        return this.fulfil(view)
      case "cancel order":
        return this.cancelOrder(view)
      default:
        return this.cancelFulfilment(view)
    }
  }

  private order(view: View): MedusaId | null {
    const level = this.random.pick(view.all("levels").filter((row) => row.stocked > row.reserved))
    const variant = view.all("variants").find((row) => row.item_id === level?.item_id)
    const link = view
      .all("links")
      .find((row) => row.entity === "variant" && row.medusa_id === variant?.id)
    if (!level || !variant || !link || isNewKey(link.erp_id)) {
      return null
    }
    const quantity = this.random.between(1, level.stocked - level.reserved)
    const id = `line_${(this.number += 1)}`
    const at = { item_id: level.item_id, location_id: level.location_id }
    const line: LineRow = {
      ...at,
      id,
      erp_variant: Number(link.erp_id),
      ordered: quantity,
      fulfilled: 0,
      cancelled: false,
      placed_at: this.clock.micros,
    }
    view.put("lines", id, line)
    view.put("reservations", id, {
      ...at,
      id,
      line_id: id,
      quantity,
      created_at: this.clock.micros,
    })
    this.moveLevel(view, line, { reserved: quantity })
    if (this.rules.orders.counted === "placed") {
      this.later(this.rules.orders.lag_ms, () => this.book(id))
    } else if (this.rules.orders.counted === "acknowledged") {
      this.later(20 * 60_000, () => this.book(id))
    }
    return level.item_id
  }

  private fulfil(view: View): MedusaId | null {
    const open = this.random.pick(view.all("reservations"))
    const line = open && view.get("lines", open.line_id)
    if (!open || !line) {
      return null
    }
    const quantity = this.random.between(1, open.quantity)
    const id = `ful_${(this.number += 1)}`
    view.put("fulfilments", id, {
      id,
      line_id: line.id,
      item_id: line.item_id,
      location_id: line.location_id,
      quantity,
      at: this.clock.micros,
      cancelled: false,
    })
    this.setReserved(view, line, open.quantity - quantity, open.created_at)
    view.put("lines", line.id, { ...line, fulfilled: line.fulfilled + quantity })
    this.moveLevel(view, line, { stocked: -quantity, reserved: -quantity })
    if (this.rules.orders.counted !== "never") {
      this.later(this.rules.orders.settle_after_ms, () => this.issue(line.id))
    }
    return line.item_id
  }

  /** Only what the ERP has not booked is cancelled: a return is another story there. */
  private cancelOrder(view: View): MedusaId | null {
    const open = this.random.pick(view.all("reservations"))
    const line = open && view.get("lines", open.line_id)
    if (!open || !line || this.booked.has(line.id) || this.rules.orders.counted === "placed") {
      return null
    }
    view.remove("reservations", open.id)
    view.put("lines", line.id, { ...line, cancelled: true, ordered: line.fulfilled })
    this.moveLevel(view, line, { reserved: -open.quantity })
    return line.item_id
  }

  private cancelFulfilment(view: View): MedusaId | null {
    const row = this.random.pick(view.all("fulfilments").filter((entry) => !entry.cancelled))
    const line = row && view.get("lines", row.line_id)
    const open = line && view.get("reservations", line.id)
    if (!row || !line || line.cancelled || (this.booked.get(line.id)?.issued ?? 0) > 0) {
      return null
    }
    view.put("fulfilments", row.id, { ...row, cancelled: true })
    view.put("lines", line.id, { ...line, fulfilled: line.fulfilled - row.quantity })
    this.setReserved(view, line, (open?.quantity ?? 0) + row.quantity, open?.created_at)
    this.moveLevel(view, line, { stocked: row.quantity, reserved: row.quantity })
    return line.item_id
  }

  private setReserved(view: View, line: LineRow, quantity: number, since?: number): void {
    if (quantity === 0) {
      view.remove("reservations", line.id)
      return
    }
    view.put("reservations", line.id, {
      id: line.id,
      line_id: line.id,
      item_id: line.item_id,
      location_id: line.location_id,
      quantity,
      created_at: since ?? this.clock.micros,
    })
  }

  private moveLevel(view: View, line: LineRow, by: { stocked?: number; reserved?: number }): void {
    const key = levelId({ inventory_item_id: line.item_id, location_id: line.location_id })
    const level: LevelRow | undefined = view.get("levels", key)
    if (level) {
      view.put("levels", key, {
        ...level,
        stocked: level.stocked + (by.stocked ?? 0),
        reserved: level.reserved + (by.reserved ?? 0),
      })
    }
  }

  /** Some time before the deadline. */
  private later(deadlineMs: number, work: () => void): void {
    this.clock.after(this.random.between(1, Math.floor(deadlineMs * 0.9)), work)
  }

  /** The ERP books what it sold of a variant and is told back of, and it is acknowledged at once. */
  bookNow(variant: ErpId): void {
    if (this.rules.orders.counted !== "acknowledged") {
      return
    }
    const lines = this.db.read((view) => view.all("lines"))
    for (const line of lines.filter((row) => row.erp_variant === Number(variant))) {
      this.book(line.id, 1)
      this.issue(line.id, 1)
    }
  }

  /** The ERP reserves the whole line. */
  private book(lineId: string, toldAfterMs?: number): void {
    const line = this.db.read((view) => view.get("lines", lineId))
    const held = line && this.heldFor(line)
    const quantity = held && !line.cancelled ? line.ordered - held.issued - held.reserved : 0
    if (held && quantity > 0 && this.moveQuant(held.variant, { reserved: quantity })) {
      this.booked.set(lineId, { ...held, reserved: held.reserved + quantity })
      this.acknowledge(line, "reserved", line.ordered, toldAfterMs)
    }
  }

  /** The ERP issues what was fulfilled by now. */
  private issue(lineId: string, toldAfterMs?: number): void {
    const line = this.db.read((view) => view.get("lines", lineId))
    const held = line && this.heldFor(line)
    const quantity = held ? line.fulfilled - held.issued : 0
    if (!held || quantity <= 0) {
      return
    }
    const reserved = Math.min(held.reserved, quantity)
    if (this.moveQuant(held.variant, { quantity: -quantity, reserved: -reserved })) {
      this.booked.set(lineId, {
        ...held,
        reserved: held.reserved - reserved,
        issued: held.issued + quantity,
      })
      this.acknowledge(line, "issued", held.issued + quantity, toldAfterMs)
    }
  }

  private heldFor(line: LineRow): Booked {
    const booked = this.booked.get(line.id)
    return booked ?? { variant: line.erp_variant, reserved: 0, issued: 0 }
  }

  private moveQuant(variant: number, by: { quantity?: number; reserved?: number }): boolean {
    const id = this.erp.present(variant)
    return this.erp.transaction((tx) => {
      const quant = tx.get("quants", id)
      if (quant) {
        tx.update("quants", id, {
          quantity: quant.quantity + (by.quantity ?? 0),
          reserved: quant.reserved + (by.reserved ?? 0),
        })
      }
    })
  }

  /** Told by the exported workflow, after the ERP has booked it. */
  private acknowledge(
    line: LineRow,
    kind: "reserved" | "issued",
    quantity: number,
    toldAfterMs?: number,
  ): void {
    if (this.rules.orders.counted !== "acknowledged") {
      return
    }
    this.clock.after(toldAfterMs ?? this.random.between(1, 60_000), () => {
      this.db.run(null, "acknowledgement", (view) =>
        view.put("demand", `${line.id}/${kind}`, {
          line_item_id: line.id,
          inventory_item_id: line.item_id,
          location_id: line.location_id,
          kind,
          quantity: String(quantity),
          known_at: this.clock.iso(),
        }),
      )
    })
  }

  /** ERP ids of the variants whose stock an item is. */
  erpVariantOf(item: MedusaId): string | null {
    return this.db.read((view) => {
      const owner = view.all("variants").find((row) => row.item_id === item)
      const link = view
        .all("links")
        .find((row) => row.entity === "variant" && row.medusa_id === owner?.id)
      return link ? erpId(link.erp_id) : null
    })
  }
}
