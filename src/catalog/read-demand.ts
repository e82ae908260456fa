import { canonicalDecimal } from "../sync/decimal"
import { Fulfilled, OpenReservation } from "../sync/stock-types"
import { Database, query } from "./database"
import { pairColumns, PAIRS, StockPair } from "./stock-pairs"

/** An instant as ISO text with microseconds, whatever the session's time zone. */
const iso = (column: string): string =>
  `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/** The line as the order has it now: orders keep a row per version and line. */
const PRESENT_LINE = `order_item line
  join "order" o on o.id = line.order_id and o.version = line.version and o.deleted_at is null
  where line.deleted_at is null`

/** The open reservations of these pairs, with what their order lines still have to deliver. */
export const readReservations = async (
  db: Database,
  pairs: readonly StockPair[],
): Promise<OpenReservation[]> => {
  if (pairs.length === 0) {
    return []
  }
  const rows = await query<OpenReservation>(
    db,
    `select reservation.line_item_id, reservation.inventory_item_id, reservation.location_id,
            coalesce(reservation.raw_quantity->>'value', reservation.quantity::text) as quantity,
            ((line.quantity - line.fulfilled_quantity) * coalesce(kit.required_quantity, 1))::text
              as outstanding,
            ${iso("reservation.created_at")} as created_at
       from reservation_item reservation
       left join lateral (
              select line.quantity, line.fulfilled_quantity, line.item_id
                from ${PRESENT_LINE} and line.item_id = reservation.line_item_id
               order by line.created_at desc limit 1
            ) line on true
       left join order_line_item detail on detail.id = line.item_id
       left join product_variant_inventory_item kit
              on kit.variant_id = detail.variant_id and kit.deleted_at is null
             and kit.inventory_item_id = reservation.inventory_item_id
      where (reservation.inventory_item_id, reservation.location_id) in (select * from ${PAIRS})
        and reservation.deleted_at is null
      order by reservation.created_at, reservation.id`,
    pairColumns(pairs),
  )
  return rows.map((row) => ({
    ...row,
    quantity: canonicalDecimal(row.quantity),
    outstanding: row.outstanding === null ? null : canonicalDecimal(row.outstanding),
  }))
}

/**
 * What left the shelves for orders at these pairs since the given database time: fulfilments that are
 * not cancelled. A parcel that comes back with a return is a fulfilment too, but of the return. The
 * order's own link is not asked for: core makes it after it has taken the stock. Quantities are in
 * inventory units: core multiplies by the required quantity.
 */
export const readFulfilled = async (
  db: Database,
  pairs: readonly StockPair[],
  since: string,
): Promise<Fulfilled[]> => {
  if (pairs.length === 0) {
    return []
  }
  const rows = await query<Fulfilled>(
    db,
    `select item.line_item_id, fulfillment.id as fulfillment_id, item.inventory_item_id,
            fulfillment.location_id,
            coalesce(item.raw_quantity->>'value', item.quantity::text) as quantity,
            ${iso("fulfillment.created_at")} as fulfilled_at,
            ${iso("line.created_at")} as ordered_at
       from fulfillment_item item
       join fulfillment on fulfillment.id = item.fulfillment_id
       left join order_line_item line on line.id = item.line_item_id
      where (item.inventory_item_id, fulfillment.location_id) in (select * from ${PAIRS})
        and fulfillment.created_at >= ?::timestamptz
        and fulfillment.canceled_at is null and fulfillment.deleted_at is null
        and item.deleted_at is null and item.line_item_id is not null
        and not exists (select from return_fulfillment link
                         where link.fulfillment_id = fulfillment.id and link.deleted_at is null)
      order by fulfillment.created_at, item.id`,
    [...pairColumns(pairs), since],
  )
  return rows.map((row) => ({ ...row, quantity: canonicalDecimal(row.quantity) }))
}
