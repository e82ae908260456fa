import { MedusaId } from "../sync/ids"
import { Database, query, queryByIds } from "./database"

/** Where an order line takes its stock from. */
export interface LineStock {
  line_item_id: string
  inventory_item_id: MedusaId
  location_id: MedusaId
}

/** Items and locations of order lines, from their reservations and their fulfilments. */
export const readLineStock = (db: Database, lineItemIds: readonly string[]): Promise<LineStock[]> =>
  queryByIds(lineItemIds, (ids) =>
    query<LineStock>(
      db,
      `select line_item_id, inventory_item_id, location_id
         from reservation_item where line_item_id = any(?)
       union
       select item.line_item_id, item.inventory_item_id, fulfillment.location_id
         from fulfillment_item item
         join fulfillment on fulfillment.id = item.fulfillment_id
        where item.line_item_id = any(?) and item.inventory_item_id is not null
          and fulfillment.canceled_at is null`,
      [ids, ids],
    ),
  )
