import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { ATTRIBUTE_COLUMNS, isNumberColumn } from "../sync/attributes"
import { canonicalDecimal } from "../sync/decimal"
import { MedusaAttributes } from "../sync/snapshot"
import { FieldValue, Values } from "../sync/values"
import { CatalogEvent } from "./catalog-events"
import { query } from "./database"
import { familyOf, keyOf, OpenWrite, ValueBatch } from "./value-batch"

export type AttributeEntity = keyof typeof ATTRIBUTE_COLUMNS

export const attributeColumns = (entity: AttributeEntity): string[] =>
  Object.keys(ATTRIBUTE_COLUMNS[entity])

/** What a `select` names to read them; real numbers as their shortest exact text. */
export const attributeSelection = (entity: AttributeEntity): string =>
  [
    ...attributeColumns(entity).map((column) =>
      isNumberColumn(column) ? `${column}::text as ${column}` : column,
    ),
    "metadata",
  ].join(", ")

/** A row that was read with `attributeSelection`. */
export interface AttributeRow {
  [column: string]: unknown
}

/** What is set of them; the rest is null. */
export const attributesOf = (entity: AttributeEntity, row: AttributeRow): MedusaAttributes => {
  const columns = attributeColumns(entity).map((column) => [
    column,
    columnValue(column, row[column]),
  ])
  const metadata = metadataOf(row["metadata"])
  return {
    ...Object.fromEntries(columns.filter(([, value]) => value !== null)),
    ...Object.fromEntries(
      Object.keys(metadata).map((key) => [`metadata:${key}`, metadataValue(metadata, key)]),
    ),
  }
}

const columnValue = (column: string, value: unknown): FieldValue => {
  if (typeof value !== "string") {
    return null
  }
  return isNumberColumn(column) && Number.isFinite(Number(value)) ? canonicalDecimal(value) : value
}

const metadataOf = (value: unknown): { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null ? { ...value } : {}

/** What a merchant keeps there besides plain values is told apart from them, and from nothing. */
const metadataValue = (metadata: { readonly [key: string]: unknown }, key: string): FieldValue => {
  const value = metadata[key]
  if (value === null || value === undefined) {
    return null
  }
  return typeof value === "string" || typeof value === "boolean" ? value : JSON.stringify(value)
}

/** Writes the due keys of locked rows' metadata, each by itself: every other key stays as it is. */
export const writeMetadata = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  table: "product" | "product_variant",
  event: CatalogEvent,
  rows: ReadonlyMap<string, AttributeRow>,
  writes: readonly OpenWrite[],
): Promise<void> => {
  const patches = new Map<string, { adds: Record<string, FieldValue>; removes: string[] }>()
  for (const write of writes) {
    const row = rows.get(write.id)
    const key = keyOf(write.field)
    if (!row || !batch.isDue(write, metadataValue(metadataOf(row["metadata"]), key))) {
      continue
    }
    const patch = patches.get(write.id) ?? { adds: {}, removes: [] }
    if (write.to === null) {
      patch.removes.push(key)
    } else {
      patch.adds[key] = write.to
    }
    patches.set(write.id, patch)
    batch.settle(write, { outcome: "written" })
  }
  if (patches.size === 0) {
    return
  }
  await query(
    tx,
    `update ${table} t set metadata = (coalesce(t.metadata, '{}') || v.adds) - v.removes,
       updated_at = now()
     from jsonb_to_recordset(?::jsonb) as v(id text, adds jsonb, removes text[])
     where t.id = v.id`,
    [JSON.stringify([...patches].map(([id, patch]) => ({ id, ...patch })))],
  )
  batch.rows += patches.size
  batch.events.add(event, patches.keys())
}

/** What Medusa's workflows and services take for a record's characteristics. */
export const attributeInput = (attributes: Values = {}): Record<string, unknown> => {
  const metadata = Object.entries(attributes).filter(([name]) => familyOf(name) === "metadata")
  const columns = Object.entries(attributes).filter(([name]) => familyOf(name) !== "metadata")
  return {
    ...Object.fromEntries(
      columns.flatMap(([name, value]) => (value === null ? [] : [[name, asColumn(name, value)]])),
    ),
    ...(metadata.some(([, value]) => value !== null) && {
      metadata: Object.fromEntries(
        metadata.flatMap(([name, value]) => (value === null ? [] : [[keyOf(name), value]])),
      ),
    }),
  }
}

/** A column's value as the services take it: dimensions are numbers there. */
export const asColumn = (column: string, value: FieldValue): FieldValue | number =>
  isNumberColumn(column) && typeof value === "string" ? Number(value) : value
