import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { Change } from "../store/memory-database"
import { FulfilmentRow, LineRow, ReservationRow } from "../store/rows"

/** Orders, reservations and fulfilments of the shop, in as few columns as Medusa's tables allow. */
export const writeOrders = async (tx: Knex.Transaction, changes: Change[]): Promise<void> => {
  for (const { table, id, after } of changes) {
    if (table === "lines" && after && "placed_at" in after) {
      await writeLine(tx, after)
    } else if (table === "reservations") {
      await tx.raw(`delete from reservation_item where id = ?`, [id])
      if (after && "quantity" in after && "created_at" in after) {
        await writeReservation(tx, after)
      }
    } else if (table === "fulfilments" && after && "cancelled" in after && "at" in after) {
      await writeFulfilment(tx, after)
    }
  }
}

const AT = `timestamptz 'epoch' + ? * interval '1 microsecond'`

const raw = (quantity: number): string => JSON.stringify({ value: String(quantity), precision: 20 })

const writeLine = async (tx: Knex.Transaction, line: LineRow): Promise<void> => {
  const order = `order_${line.id}`
  await tx.raw(
    `insert into "order" (id, version, currency_code, created_at) values (?, 1, 'eur', ${AT})
     on conflict do nothing`,
    [order, line.placed_at],
  )
  await tx.raw(
    `insert into order_line_item (id, title, unit_price, raw_unit_price)
     values (?, 'Line', 1, ?::jsonb) on conflict do nothing`,
    [line.id, raw(1)],
  )
  const none = raw(0)
  await tx.raw(
    `insert into order_item (id, order_id, version, item_id, quantity, raw_quantity,
       fulfilled_quantity, raw_fulfilled_quantity, shipped_quantity, raw_shipped_quantity,
       return_requested_quantity, raw_return_requested_quantity, return_received_quantity,
       raw_return_received_quantity, return_dismissed_quantity, raw_return_dismissed_quantity,
       written_off_quantity, raw_written_off_quantity, created_at)
     values (?, ?, 1, ?, ?, ?::jsonb, ?, ?::jsonb, 0, ?::jsonb, 0, ?::jsonb, 0, ?::jsonb, 0, ?::jsonb,
       0, ?::jsonb, ${AT})
     on conflict (id) do update set quantity = excluded.quantity,
       raw_quantity = excluded.raw_quantity, fulfilled_quantity = excluded.fulfilled_quantity,
       raw_fulfilled_quantity = excluded.raw_fulfilled_quantity`,
    [
      ...[`item_${line.id}`, order, line.id, line.ordered, raw(line.ordered)],
      ...[line.fulfilled, raw(line.fulfilled), none, none, none, none, none, line.placed_at],
    ],
  )
}

const writeReservation = async (tx: Knex.Transaction, row: ReservationRow): Promise<void> => {
  await tx.raw(
    `insert into reservation_item (id, line_item_id, inventory_item_id, location_id, quantity,
       raw_quantity, created_at)
     values (?, ?, ?, ?, ?, ?::jsonb, ${AT})`,
    [
      ...[row.id, row.line_id, row.item_id, row.location_id],
      ...[row.quantity, raw(row.quantity), row.created_at],
    ],
  )
}

const writeFulfilment = async (tx: Knex.Transaction, row: FulfilmentRow): Promise<void> => {
  await tx.raw(
    `insert into fulfillment (id, location_id, created_at) values (?, ?, ${AT})
     on conflict do nothing`,
    [row.id, row.location_id, row.at],
  )
  await tx.raw(
    `insert into fulfillment_item (id, title, sku, barcode, quantity, raw_quantity, line_item_id,
       inventory_item_id, fulfillment_id, created_at)
     values (?, 'Line', '', '', ?, ?::jsonb, ?, ?, ?, ${AT})
     on conflict do nothing`,
    [
      ...[`item_${row.id}`, row.quantity, raw(row.quantity), row.line_id, row.item_id],
      ...[row.id, row.at],
    ],
  )
  if (row.cancelled) {
    await tx.raw(`update fulfillment set canceled_at = now() where id = ?`, [row.id])
  }
}
