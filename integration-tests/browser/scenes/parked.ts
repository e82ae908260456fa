import type { ParkedView } from "../../../src/runtime/views"
import { ago } from "./runs"

const parked = (of: Partial<ParkedView> & { id: string; erp_id: string }): ParkedView => ({
  connection_id: "odoo-main",
  stream: "products",
  entity: "product",
  medusa_id: null,
  field: "sku",
  reason: "duplicate_sku",
  message: "",
  value: null,
  remedy: "",
  first_at: ago(190),
  last_at: ago(4),
  ignored_at: null,
  ...of,
})

const duplicate = (id: number, sku: string, other: string): ParkedView =>
  parked({
    id: `erppark_sku_${id}`,
    erp_id: String(id),
    entity: "variant",
    value: sku,
    message: `The SKU ${sku} already belongs to “${other}” in this store.`,
    remedy: "Give one of the two another internal reference in Odoo, or archive the one not sold.",
    first_at: ago(190 + id),
  })

/** What waits for a person, by reason. */
export const parkedOf = (productId: string): ParkedView[] => [
  duplicate(4411, "DESK-OAK-160", "Oak desk 160 cm"),
  duplicate(4412, "DESK-OAK-180", "Oak desk 180 cm"),
  duplicate(5120, "LAMP-07", "Reading lamp"),
  parked({
    id: "erppark_price_1",
    erp_id: "812",
    medusa_id: productId,
    stream: "prices",
    field: "price:eur",
    reason: "invalid",
    value: "-12.50",
    message: "The sales price is negative.",
    remedy: "Correct the sales price of the product in Odoo.",
    first_at: ago(52),
  }),
  parked({
    id: "erppark_title_1",
    erp_id: "977",
    field: "title",
    reason: "invalid",
    value: null,
    message: "The name is empty.",
    remedy: "Give the product a name in Odoo.",
    first_at: ago(4_000),
  }),
  parked({
    id: "erppark_stock_1",
    erp_id: "6003",
    entity: "variant",
    stream: "stock",
    field: "stock:WH2",
    reason: "unmapped_warehouse",
    value: "WH2",
    message: "The warehouse WH2 is not mapped to a stock location.",
    remedy: "Map it in the option stock of the connection, or leave it out on purpose with null.",
    first_at: ago(1_440),
  }),
]
