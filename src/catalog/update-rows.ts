import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { ATTRIBUTE_COLUMNS } from "../sync/attributes"
import { FieldValue } from "../sync/values"
import { query } from "./database"

/** Columns that guarded writes may set, with the type in which they are compared and written. */
export const WRITABLE = {
  product: { title: "text", description: "text", status: "text", ...ATTRIBUTE_COLUMNS.product },
  product_variant: {
    title: "text",
    sku: "text",
    barcode: "text",
    weight: "real",
    allow_backorder: "boolean",
    product_id: "text",
    ...ATTRIBUTE_COLUMNS.variant,
  },
  product_category: { name: "text", is_active: "boolean" },
  inventory_item: { sku: "text" },
} as const

export type WritableTable = keyof typeof WRITABLE

export interface RowPatch {
  id: string
  set: { [column: string]: FieldValue }
}

/**
 * Updates many rows in one statement, each in its own columns only, and moves `updated_at`. The rows
 * are locked already.
 */
export const updateRows = async (
  tx: Knex.Transaction,
  table: WritableTable,
  patches: readonly RowPatch[],
): Promise<void> => {
  const columns = Object.entries(WRITABLE[table]).filter(([column]) =>
    patches.some((patch) => column in patch.set),
  )
  if (columns.length === 0) {
    return
  }
  const assignments = columns.map(
    ([column]) => `${column} = case when v.set_${column} then v.${column} else t.${column} end`,
  )
  const fields = columns.map(([column, type]) => `set_${column} boolean, ${column} ${type}`)
  await query(
    tx,
    `update ${table} t set ${assignments.join(", ")}, updated_at = now()
       from jsonb_to_recordset(?::jsonb) as v(id text, ${fields.join(", ")})
      where t.id = v.id`,
    [JSON.stringify(patches.map(({ id, set }) => ({ id, ...set, ...marks(set) })))],
  )
}

const marks = (set: RowPatch["set"]): Record<string, true> =>
  Object.fromEntries(Object.keys(set).map((column) => [`set_${column}`, true] as const))
