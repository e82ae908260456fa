import { Catalog, LevelWrite, OutgoingEvent } from "../../../src/engine/ports"
import { MedusaId, medusaId } from "../../../src/sync/ids"
import { LockedLevel } from "../../../src/sync/stock-types"
import { Transaction, View } from "./memory-database"
import { LevelRow } from "./rows"
import { Session } from "./session"

type Stock = Pick<
  Catalog<Transaction>,
  | "withInventoryLock"
  | "readLevels"
  | "lockLevels"
  | "readReservations"
  | "readFulfilled"
  | "writeLevels"
>

interface Pair {
  inventory_item_id: MedusaId
  location_id: MedusaId
}

/** Levels with the web demand on them. */
export const catalogStock = (session: Session): Stock => ({
  withInventoryLock: (items, work) => session.holdingAll(items, work),

  readLevels: (pairs) =>
    session.query("readLevels", null, (view) => pairs.map((pair) => levelAt(view, pair))),

  lockLevels: (tx, pairs) =>
    session.query("lockLevels", tx, (view) =>
      pairs
        .filter(
          (pair) =>
            view.get("items", pair.inventory_item_id) !== undefined &&
            view.tryLock("levels", levelId(pair)),
        )
        .map((pair) => levelAt(view, pair)),
    ),

  readReservations: (tx, pairs) =>
    session.query("readReservations", tx, (view) =>
      view
        .all("reservations")
        .filter((row) => pairs.some((pair) => isAt(row, pair)))
        .map((row) => {
          const line = view.get("lines", row.line_id)
          return {
            line_item_id: row.line_id,
            inventory_item_id: row.item_id,
            location_id: row.location_id,
            quantity: String(row.quantity),
            outstanding: line ? String(line.ordered - line.fulfilled) : null,
            created_at: session.clock.iso(row.created_at),
          }
        }),
    ),

  readFulfilled: (tx, pairs, since) =>
    session.query("readFulfilled", tx, (view) =>
      view
        .all("fulfilments")
        .filter(
          (row) =>
            !row.cancelled &&
            session.clock.iso(row.at) >= isoMicros(since) &&
            pairs.some((pair) => isAt(row, pair)),
        )
        .map((row) => ({
          line_item_id: row.line_id,
          fulfillment_id: row.id,
          inventory_item_id: row.item_id,
          location_id: row.location_id,
          quantity: String(row.quantity),
          fulfilled_at: session.clock.iso(row.at),
          ordered_at: placedAt(session, view, row.line_id),
        })),
    ),

  writeLevels: (tx, writes) =>
    session.query("writeLevels", tx, (view) => writeLevels(view, writes)),
})

const placedAt = (session: Session, view: View, lineId: string): string | null => {
  const line = view.get("lines", lineId)
  return line ? session.clock.iso(line.placed_at) : null
}

/** Milliseconds and microseconds side by side, so that texts sort as times. */
const isoMicros = (iso: string): string => iso.replace(/\.(\d{3})Z$/, ".$1000Z")

export const levelId = (pair: Pair): string => `${pair.inventory_item_id}/${pair.location_id}`

const isAt = (row: { item_id: MedusaId; location_id: MedusaId }, pair: Pair): boolean =>
  row.item_id === pair.inventory_item_id && row.location_id === pair.location_id

const levelAt = (view: View, pair: Pair): LockedLevel => {
  const row = view.get("levels", levelId(pair))
  return {
    id: row?.id ?? null,
    inventory_item_id: pair.inventory_item_id,
    location_id: pair.location_id,
    stocked: String(row?.stocked ?? 0),
    reserved: String(row?.reserved ?? 0),
  }
}

const writeLevels = (
  view: View,
  writes: readonly LevelWrite[],
): { events: OutgoingEvent[]; writes: number } => {
  const events: OutgoingEvent[] = []
  for (const { level, to } of writes) {
    const key = levelId(level)
    const held = view.get("levels", key)
    const row: LevelRow = held ?? {
      id: medusaId(`ilev_${key}`),
      item_id: level.inventory_item_id,
      location_id: level.location_id,
      stocked: 0,
      reserved: 0,
    }
    if (!held || held.stocked !== Number(to)) {
      view.put("levels", key, { ...row, stocked: Number(to) })
      events.push({ name: "inventory-level.updated", data: { id: row.id } })
    }
  }
  return { events, writes: events.length }
}
