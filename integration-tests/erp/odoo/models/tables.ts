import type { Schema } from "../orm/schema"
import type { Database } from "../orm/transaction"

/** Columns that are looked up often, as PostgreSQL has indexes on them. */
const INDEXES: Readonly<Record<string, readonly string[]>> = {
  "product.template": ["categ_id", "product_tag_ids"],
  "product.product": [
    ...["product_tmpl_id", "barcode", "additional_product_tag_ids"],
    "product_template_attribute_value_ids",
  ],
  "product.category": ["parent_id"],
  "product.attribute.value": ["attribute_id"],
  "product.template.attribute.line": ["product_tmpl_id", "attribute_id", "value_ids"],
  "product.template.attribute.value": ["product_tmpl_id", "attribute_line_id", "attribute_id"],
  "product.pricelist.item": ["pricelist_id", "product_tmpl_id", "product_id"],
  "uom.uom": ["relative_uom_id"],
  "stock.quant": ["product_id", "location_id"],
  "stock.move.line": ["product_id"],
  "stock.location": ["location_id"],
  "res.lang": ["code"],
  "ir.attachment": ["image_key", "res_id"],
  "ir.model.data": ["key", "target"],
}

export function addTables(db: Database, schema: Schema): void {
  for (const name of schema.keys()) db.addTable(name, INDEXES[name] ?? [])
}
