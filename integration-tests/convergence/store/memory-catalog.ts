import { Catalog, StructureStep } from "../../../src/engine/ports"
import { SyncError } from "../../../src/sync/errors"
import { MedusaId, medusaId } from "../../../src/sync/ids"
import { completeProduct, createVariant, startProduct } from "./catalog-create"
import { readCategory, readProduct, readVariant } from "./catalog-read"
import { catalogStock } from "./catalog-stock"
import { applyStep, optionOfProduct, PHASES } from "./catalog-structure"
import { writeValues } from "./catalog-values"
import { Transaction, View } from "./memory-database"
import { Session } from "./session"

const PREFIX = { product: "prod", variant: "variant", category: "pcat" } as const

/** The engine's catalog in memory: guarded writes of values, and workflows that commit step by step. */
export const memoryCatalog = (session: Session): Catalog<Transaction> => ({
  ...catalogStock(session),
  newId: (entity) => medusaId(`${PREFIX[entity]}_${session.db.nextSeq()}`),

  readCategories: (ids, tx) =>
    session.query("readCategories", tx, (view) => byId(ids, (id) => readCategory(view, id))),
  readProducts: (ids, tx) =>
    session.query("readProducts", tx, (view) => byId(ids, (id) => readProduct(view, id))),
  readVariants: (ids, tx) =>
    session.query("readVariants", tx, (view) => byId(ids, (id) => readVariant(view, id))),

  findVariants: (by, values) =>
    session.query("findVariants", null, (view) =>
      view.all("variants").flatMap((variant) => {
        const value = variant[by]
        const live = !variant.deleted && !view.get("products", variant.product_id)?.deleted
        return live && value !== null && values.includes(value)
          ? [{ value, variant_id: variant.id, product_id: variant.product_id }]
          : []
      }),
    ),

  counts: () =>
    session.query("counts", null, (view) => ({
      products: view.all("products").filter((row) => !row.deleted).length,
      variants: view.all("variants").filter((row) => !row.deleted).length,
      prices: view
        .all("variants")
        .reduce((sum, row) => sum + (row.deleted ? 0 : (row.prices?.length ?? 0)), 0),
      levels: view.all("levels").length,
      categories: view.all("categories").filter((row) => !row.deleted).length,
    })),

  writeValues: (tx, writes) =>
    session.query("writeValues", tx, (view) => writeValues(session, view, writes)),

  async createCategories(inputs) {
    const outcomes = []
    for (const input of inputs) {
      await session.query("createCategory", null, (view) => {
        if (!view.get("categories", input.id)) {
          const { id, name, is_active, parent_id } = input
          view.put("categories", id, { id, name, is_active, parent_id, deleted: false })
        }
      })
      const created = { id: input.id, writes: 1, events: 1 }
      outcomes.push({ outcome: "created" as const, created })
    }
    return outcomes
  },

  moveCategory: (id, parentId) =>
    session.query("moveCategory", null, (view) => {
      const row = view.get("categories", id)
      if (!row || row.deleted) {
        throw failure("category_gone", `The category ${id} is gone.`)
      }
      if (parentId !== null && view.get("categories", parentId)?.deleted !== false) {
        throw failure("missing_category", `The category ${parentId} is gone.`)
      }
      assertNoCycle(view, id, parentId)
      view.put("categories", id, { ...row, parent_id: parentId })
      return { writes: 1, events: 1 }
    }),

  async createProducts(inputs) {
    const outcomes = []
    for (const input of inputs) {
      try {
        await session.query("createProduct", null, (view) => startProduct(session, view, input))
        const writes = await session.query("completeProduct", null, (view) =>
          completeProduct(session, view, input),
        )
        const options = await session.query("readOptions", null, (view) =>
          optionOfProduct(view, input.id),
        )
        const created = { id: input.id, options, writes, events: writes }
        outcomes.push({ outcome: "created" as const, created })
      } catch (error) {
        if (!(error instanceof SyncError)) {
          throw error
        }
        outcomes.push({ outcome: "failed" as const, error })
      }
    }
    return outcomes
  },

  async applyStructure(productId, steps) {
    let writes = 0
    for (const step of inOrder(steps)) {
      if (step.step === "create_variants") {
        for (const variant of step.variants) {
          writes += await session.query("createVariant", null, (view) =>
            createVariant(session, view, productId, variant),
          )
        }
        continue
      }
      writes += await session.query(step.step, null, (view) =>
        applyStep(session, view, productId, step),
      )
    }
    const options = await session.query("readOptions", null, (view) =>
      optionOfProduct(view, productId),
    )
    return { options, writes, events: writes }
  },
})

const inOrder = (steps: readonly StructureStep[]): StructureStep[] =>
  PHASES.flatMap((phase) => steps.filter((step) => phase.includes(step.step)))

const byId = <T>(ids: MedusaId[], read: (id: MedusaId) => T | null): Map<MedusaId, T> =>
  new Map(
    [...new Set(ids)].flatMap((id) => {
      const found = read(id)
      return found === null ? [] : [[id, found] as const]
    }),
  )

export const failure = (code: string, message: string, field?: string): SyncError =>
  new SyncError({
    kind: "data",
    code,
    message,
    remedy: "Correct it in the ERP.",
    ...(field ? { field } : {}),
  })

const assertNoCycle = (view: View, id: MedusaId, parentId: MedusaId | null): void => {
  for (let at = parentId; at !== null; at = view.get("categories", at)?.parent_id ?? null) {
    if (at === id) {
      throw failure("category_cycle", `The category ${id} would stand under itself.`)
    }
  }
}
