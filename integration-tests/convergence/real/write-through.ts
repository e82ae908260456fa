import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import {
  deleteProductCategoriesWorkflow,
  deleteProductsWorkflow,
  deleteProductVariantsWorkflow,
  updateProductCategoriesWorkflow,
} from "@medusajs/medusa/core-flows"
import { CONNECTION } from "../stage"
import { Change } from "../store/memory-database"
import { CategoryRow, LevelRow, ProductRow, TableName, Tables, VariantRow } from "../store/rows"
import { RealStore } from "./real-store"
import { writeOrders } from "./write-orders"

/**
 * Does to the tables what somebody did to the mirror: values by SQL, as core's own modules store them;
 * deletions and moves by core's workflows, which take with them what hangs on a record.
 */
export const writeThrough = async (store: RealStore, changes: Change[]): Promise<void> => {
  try {
    await store.world.pool.transaction(async (tx) => {
      for (const change of changes) {
        await write(tx, change)
      }
      await writeOrders(tx, changes)
    })
    await byWorkflow(store, changes)
  } catch (error) {
    // A row was taken after all: the mirror finds out that the edit did not happen.
    store.refused(error)
  }
}

const write = async (tx: Knex.Transaction, change: Change): Promise<void> => {
  switch (change.table) {
    case "products":
      return writeProduct(tx, pairOf(change, "products"))
    case "variants":
      return writeVariant(tx, pairOf(change, "variants"))
    case "categories":
      return writeCategory(tx, pairOf(change, "categories"))
    case "levels":
      return writeLevel(tx, pairOf(change, "levels"))
    default:
      return
  }
}

/** Before and after, of a row that is there and stays. */
interface Pair<T> {
  before: T
  after: T
}

const pairOf = <T extends TableName>(
  { before, after }: Change,
  _table: T,
): Pair<Tables[T]> | null =>
  before && after ? { before: before as Tables[T], after: after as Tables[T] } : null

const update = async (
  tx: Knex.Transaction,
  table: string,
  id: string,
  before: object,
  after: object,
  columns: readonly string[],
): Promise<void> => {
  const held = new Map<string, unknown>(Object.entries(before))
  const changed = Object.entries(after).filter(
    ([name, value]) => columns.includes(name) && held.get(name) !== value,
  )
  if (changed.length > 0) {
    const sets = changed.map(([name]) => `"${name}" = ?`).join(", ")
    await tx.raw(`update "${table}" set ${sets}, updated_at = now() where id = ?`, [
      ...changed.map(([, value]) => value),
      id,
    ])
  }
}

const writeProduct = async (tx: Knex.Transaction, pair: Pair<ProductRow> | null): Promise<void> => {
  if (!pair || pair.after.deleted) {
    return
  }
  const { before, after } = pair
  await update(tx, "product", after.id, before, after, ["title", "description", "status"])
  for (const id of before.category_ids.filter((held) => !after.category_ids.includes(held))) {
    await tx.raw(
      `delete from product_category_product where product_id = ? and product_category_id = ?`,
      [after.id, id],
    )
  }
  for (const id of after.category_ids.filter((held) => !before.category_ids.includes(held))) {
    await tx.raw(
      `insert into product_category_product (product_id, product_category_id) values (?, ?)
       on conflict do nothing`,
      [after.id, id],
    )
  }
}

const writeVariant = async (tx: Knex.Transaction, pair: Pair<VariantRow> | null): Promise<void> => {
  if (!pair || pair.after.deleted) {
    return
  }
  const { before, after } = pair
  await update(tx, "product_variant", after.id, before, after, [
    ...["title", "sku", "barcode", "weight", "allow_backorder"],
  ])
  for (const price of after.prices ?? []) {
    const held = before.prices?.find((entry) => entry.id === price.id)
    const raw = JSON.stringify({ value: price.amount, precision: 20 })
    if (held && held.amount !== price.amount) {
      await tx.raw(
        `update price set amount = ?, raw_amount = ?::jsonb, updated_at = now() where id = ?`,
        [price.amount, raw, price.id],
      )
    } else if (!held) {
      await tx.raw(
        `insert into price (id, price_set_id, currency_code, amount, raw_amount, rules_count)
         select ?, price_set_id, ?, ?, ?::jsonb, 0 from product_variant_price_set
         where variant_id = ? and deleted_at is null`,
        [price.id, price.currency, price.amount, raw, after.id],
      )
    }
  }
}

const writeCategory = async (
  tx: Knex.Transaction,
  pair: Pair<CategoryRow> | null,
): Promise<void> => {
  if (pair && !pair.after.deleted) {
    const { before, after } = pair
    await update(tx, "product_category", after.id, before, after, ["name", "is_active"])
  }
}

const writeLevel = async (tx: Knex.Transaction, pair: Pair<LevelRow> | null): Promise<void> => {
  if (pair) {
    const { id, stocked, reserved } = pair.after
    await tx.raw(
      `update inventory_level set stocked_quantity = ?, reserved_quantity = ?, updated_at = now(),
         raw_stocked_quantity = ?::jsonb, raw_reserved_quantity = ?::jsonb
       where id = ?`,
      [stocked, reserved, rawOf(stocked), rawOf(reserved), id],
    )
  }
}

const rawOf = (quantity: number): string =>
  JSON.stringify({ value: String(quantity), precision: 20 })

/** What commits in transactions of its own. */
const byWorkflow = async (store: RealStore, changes: Change[]): Promise<void> => {
  const products = deletedIn(changes, "products")
  const { container } = store
  if (products.length > 0) {
    await deleteProductsWorkflow(container).run({ input: { ids: products } })
  }
  // A product takes its variants along.
  const variants = products.length > 0 ? [] : deletedIn(changes, "variants")
  if (variants.length > 0) {
    await deleteProductVariantsWorkflow(container).run({ input: { ids: variants } })
  }
  const categories = deletedIn(changes, "categories")
  if (categories.length > 0) {
    await deleteProductCategoriesWorkflow(container).run({ input: categories })
  }
  for (const change of changes) {
    const category = change.table === "categories" ? pairOf(change, "categories") : null
    if (category && category.before.parent_id !== category.after.parent_id) {
      const { id, parent_id } = category.after
      await updateProductCategoriesWorkflow(container).run({
        input: { selector: { id }, update: { parent_category_id: parent_id } },
      })
    }
    await inLedger(store, change)
  }
}

const deletedIn = (changes: Change[], table: "products" | "variants" | "categories"): string[] =>
  changes.flatMap((change) => {
    const pair = change.table === table ? pairOf(change, table) : null
    return pair && pair.after.deleted && !pair.before.deleted ? [change.id] : []
  })

/** What persons and events do by way of the ledger. */
const inLedger = async ({ world }: RealStore, change: Change): Promise<void> => {
  const { ledger } = world
  const { after } = change
  if (!after) {
    return
  }
  if (change.table === "connections" && !change.before) {
    await ledger.syncConnections([{ id: CONNECTION, erp: "double", problem: null, push: true }])
  } else if (change.table === "dirty" && "generation" in after) {
    const { stream, erp_id, reason } = after
    await ledger.markDirty(CONNECTION, [{ stream, erp_id, reason }])
  } else if (change.table === "journal" && "rule" in after) {
    await ledger.transaction((tx) => ledger.journal(tx, CONNECTION, [after]))
  } else if (change.table === "runs") {
    await ledger.cancelRun(change.id)
  } else if (change.table === "links" && "resolutions" in after) {
    for (const [field, side] of Object.entries(after.resolutions)) {
      await ledger.resolve([{ link_id: after.id, field }], side)
    }
  } else if (change.table === "demand" && "known_at" in after) {
    await ledger.acknowledge(CONNECTION, [after])
  }
}
