import {
  updateProductsWorkflow,
  updateProductVariantsWorkflow,
  deleteProductsWorkflow,
} from "@medusajs/medusa/core-flows"
import { ProductStatus } from "../../src/sync/snapshot"
import { productOf, variantOf } from "./sync-readings"
import { Stage } from "./sync-stage"

/** What the admin's form of a product saves. */
export const editProduct = async (
  stage: Stage,
  template: number,
  update: { title?: string; description?: string; status?: ProductStatus },
): Promise<void> => {
  const { id } = await productOf(stage, template)
  await updateProductsWorkflow(stage.container).run({ input: { selector: { id }, update } })
}

export const editVariant = async (
  stage: Stage,
  variant: number,
  update: { sku?: string; title?: string; prices?: { currency_code: string; amount: number }[] },
): Promise<void> => {
  const { id } = await variantOf(stage, variant)
  await updateProductVariantsWorkflow(stage.container).run({
    input: { product_variants: [{ id, ...update }] },
  })
}

export const deleteProduct = async (stage: Stage, template: number): Promise<void> => {
  const { id } = await productOf(stage, template)
  await deleteProductsWorkflow(stage.container).run({ input: { ids: [id] } })
}

/** Does something in the moment between the sync's read and its next write of values. */
export const beforeNextWrite = (stage: Stage, work: () => Promise<void>): (() => boolean) => {
  const { catalog } = stage.runtime.context
  const original = catalog.writeValues
  let done = false
  catalog.writeValues = async (tx, writes) => {
    if (writes.length > 0 && !done) {
      done = true
      catalog.writeValues = original
      await work()
    }
    return original.call(catalog, tx, writes)
  }
  return () => done
}
