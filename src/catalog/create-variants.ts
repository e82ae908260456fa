import { createProductVariantsWorkflow } from "@medusajs/medusa/core-flows"
import { CreateVariant, WriteOrigin } from "../engine/ports"
import { SyncError } from "../sync/errors"
import { MedusaId } from "../sync/ids"
import { bisect } from "./bisect"
import { completeVariants } from "./complete-variants"
import { CatalogContext } from "./context"
import { creationError } from "./creation-errors"
import { chunksOf } from "./database"
import { emitEvents } from "./emit-events"
import { dropUnusedItems, ensureItems } from "./inventory-items"
import { variantInput } from "./product-input"
import { screenVariants } from "./screen-products"

const VARIANTS_PER_RUN = 100

/**
 * Adds variants with the given ids to a product; those that exist already are completed where a run was
 * killed. Returns the variants made or completed.
 *
 * @throws SyncError of the first variant that Medusa refuses, after the others were made.
 */
export const createVariants = async (
  context: CatalogContext,
  productId: MedusaId,
  variants: readonly CreateVariant[],
  origin: WriteOrigin,
): Promise<CreateVariant[]> => {
  const { missing, completed } = await completeVariants(context, variants, origin)
  await emitEvents(
    context.container,
    origin.group_id,
    completed.map(({ id }) => ({ name: "product-variant.created", data: { id } })),
  )
  const results: (CreateVariant | SyncError)[] = []
  for (const chunk of chunksOf(missing, VARIANTS_PER_RUN)) {
    results.push(
      ...(await bisect<CreateVariant, CreateVariant | SyncError>(
        chunk,
        (part) => createBatch(context, productId, part, origin),
        (cause, variant) =>
          creationError(cause, { record: variant.erp_id, task: "create the variant" }),
        async (variant, error) => {
          await dropUnusedItems(context, [variant])
          return error
        },
      )),
    )
  }
  const error = results.find((result) => result instanceof SyncError)
  if (error instanceof SyncError) {
    throw error
  }
  return [...completed, ...missing]
}

const createBatch = async (
  context: CatalogContext,
  productId: MedusaId,
  variants: readonly CreateVariant[],
  origin: WriteOrigin,
): Promise<CreateVariant[]> => {
  const fault = await screenVariants(context.db, variants)
  if (fault) {
    throw fault
  }
  const items = await ensureItems(context, variants, origin)
  await createProductVariantsWorkflow(context.container).run({
    input: { product_variants: variants.map((variant) => variantInput(productId, variant, items)) },
    context: { eventGroupId: origin.group_id },
  })
  return [...variants]
}
