import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { OutgoingEvent, ValueOutcome, ValueWrite } from "../engine/ports"
import { isTranslation } from "../sync/translations"
import { attributeColumns, attributeSelection, writeMetadata } from "./attributes"
import { query, withLockTimeout } from "./database"
import { lockRows } from "./lock-rows"
import { writeTranslations } from "./translations"
import { ValueBatch } from "./value-batch"
import { writeListPrices } from "./write-list-prices"
import { writeMemberships } from "./write-memberships"
import { writeParents } from "./write-parents"
import { writePrices } from "./write-prices"
import { ScalarRow, writeScalars } from "./write-scalars"
import { writeTags } from "./write-tags"
import { UniqueRow, writeUnique } from "./write-unique"

/** How long a statement may wait for another session, in milliseconds. */
export const LOCK_TIMEOUT_MS = 1_000

export interface WrittenValues {
  outcomes: ValueOutcome[]
  events: OutgoingEvent[]
  writes: number
}

/**
 * The guarded writer: takes the rows without waiting, compares every field with what the plan read,
 * and writes those that still hold it, in set-based statements of the given transaction. Nothing
 * else of a record is touched.
 */
export const writeValues = async (
  tx: Knex.Transaction,
  writes: readonly ValueWrite[],
): Promise<WrittenValues> => {
  const batch = new ValueBatch(writes)
  if (writes.length > 0) {
    await withLockTimeout(tx, LOCK_TIMEOUT_MS, async () => {
      await writeProducts(tx, batch)
      await writeVariants(tx, batch)
      await writeCategories(tx, batch)
    })
  }
  return { outcomes: batch.outcomes, events: batch.events.toEvents(), writes: batch.rows }
}

const writeProducts = async (tx: Knex.Transaction, batch: ValueBatch): Promise<void> => {
  const rows = await lockRows<ScalarRow>(
    tx,
    batch,
    "product",
    `id, title, description, status, ${attributeSelection("product")}`,
    batch.open("product"),
  )
  const columns = ["title", "description", "status", ...attributeColumns("product")]
  const scalars = batch.open("product", columns).filter(({ field }) => !isTranslation(field))
  await writeScalars(tx, batch, "product", "product_updated", rows, scalars)
  const metadata = batch.open("product", ["metadata"])
  await writeMetadata(tx, batch, "product", "product_updated", rows, metadata)
  await writeMemberships(tx, batch, batch.open("product", ["category"]))
  await writeTags(tx, batch, batch.open("product", ["tag"]))
  const texts = batch.open("product").filter(({ field }) => isTranslation(field))
  await writeTranslations(tx, batch, "product", texts)
}

const writeVariants = async (tx: Knex.Transaction, batch: ValueBatch): Promise<void> => {
  const rows = await lockRows<ScalarRow & UniqueRow>(
    tx,
    batch,
    "product_variant",
    `id, title, sku, barcode, weight::text as weight, allow_backorder, product_id, ${attributeSelection("variant")}`,
    batch.open("variant"),
  )
  const columns = ["title", "weight", "allow_backorder", ...attributeColumns("variant")]
  const scalars = batch.open("variant", columns)
  await writeScalars(tx, batch, "product_variant", "variant_updated", rows, scalars)
  const metadata = batch.open("variant", ["metadata"])
  await writeMetadata(tx, batch, "product_variant", "variant_updated", rows, metadata)
  await writeUnique(tx, batch, "sku", rows, batch.open("variant", ["sku"]))
  await writeUnique(tx, batch, "barcode", rows, batch.open("variant", ["barcode"]))
  await writePrices(tx, batch, batch.open("variant", ["price"]))
  await writeListPrices(tx, batch, batch.open("variant", ["price_list"]))
  await writeParents(tx, batch, rows, batch.open("variant", ["product_id"]))
  await touchVariants(tx, [...batch.repriced])
}

/** Medusa moves a variant's `updated_at` when its prices change; feeds go by it. */
const touchVariants = async (tx: Knex.Transaction, ids: string[]): Promise<void> => {
  if (ids.length > 0) {
    await query(tx, "update product_variant set updated_at = now() where id = any(?)", [ids])
  }
}

const writeCategories = async (tx: Knex.Transaction, batch: ValueBatch): Promise<void> => {
  const rows = await lockRows<ScalarRow>(
    tx,
    batch,
    "product_category",
    "id, name, is_active",
    batch.open("category"),
  )
  const scalars = batch.open("category", ["name", "is_active"])
  await writeScalars(tx, batch, "product_category", "category_updated", rows, scalars)
}
