import { createProductVariantsWorkflow } from "@medusajs/medusa/core-flows"
import { LinkDefinition } from "@medusajs/framework/types"
import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils"
import {
  CreatedProduct,
  CreateProduct,
  CreateVariant,
  OutgoingEvent,
  WriteOrigin,
} from "../engine/ports"
import { completeVariants } from "./complete-variants"
import { CatalogContext } from "./context"
import { ProductState } from "./creation-state"
import { emitEvents } from "./emit-events"
import { ensureItems } from "./inventory-items"
import { addMissingValues, optionsOf } from "./option-values"
import { optionInputs, variantInput } from "./product-input"

/**
 * Finishes a product whose creation was killed after its variants were written, and tells of it: the
 * events of the killed run are lost. One that is complete, or was deleted since, is left as it is.
 */
export const completeProduct = async (
  context: CatalogContext,
  input: CreateProduct,
  state: ProductState,
  origin: WriteOrigin,
): Promise<CreatedProduct> => {
  const done = state.deleted ? NOTHING : await complete(context, input, state, origin)
  await emitEvents(context.container, origin.group_id, done.events)
  const options = await optionsOf(context, input.id)
  return { id: input.id, options, writes: done.writes, events: done.events.length }
}

interface Completion {
  writes: number
  events: OutgoingEvent[]
}

const NOTHING: Completion = { writes: 0, events: [] }

const complete = async (
  context: CatalogContext,
  input: CreateProduct,
  state: ProductState,
  origin: WriteOrigin,
): Promise<Completion> => {
  const links = productLinks(input, state)
  if (links.length > 0) {
    await context.container.resolve(ContainerRegistrationKeys.LINK).create(links)
  }
  const { missing, completed } = await completeVariants(context, input.variants, origin)
  await createMissing(context, input, missing, origin)
  const writes = missing.length + completed.length
  // Whether the events of a complete product were let go nobody knows; a change told twice is harmless.
  const verb = writes + links.length > 0 ? "created" : "updated"
  return {
    writes,
    events: [
      ...input.variants
        .filter((variant) => !missing.includes(variant))
        .map(({ id }) => ({ name: `product-variant.${verb}`, data: { id } })),
      { name: `product.${verb}`, data: { id: input.id } },
    ],
  }
}

const productLinks = (input: CreateProduct, state: ProductState): LinkDefinition[] => {
  const product = { product_id: input.id }
  const channels = state.sales_channels ? [] : input.sales_channel_ids
  const profile = state.shipping_profile ? null : input.shipping_profile_id
  return [
    ...channels.map((id) => ({
      [Modules.PRODUCT]: product,
      [Modules.SALES_CHANNEL]: { sales_channel_id: id },
    })),
    ...(profile === null
      ? []
      : [
          {
            [Modules.PRODUCT]: product,
            [Modules.FULFILLMENT]: { shipping_profile_id: profile },
          },
        ]),
  ]
}

/** Variants that the ERP got between the killed run and this one. */
const createMissing = async (
  context: CatalogContext,
  input: CreateProduct,
  variants: readonly CreateVariant[],
  origin: WriteOrigin,
): Promise<void> => {
  if (variants.length === 0) {
    return
  }
  await addMissingValues(context, input.id, optionInputs(input), origin)
  const items = await ensureItems(context, variants, origin)
  await createProductVariantsWorkflow(context.container).run({
    input: { product_variants: variants.map((variant) => variantInput(input.id, variant, items)) },
    context: { eventGroupId: origin.group_id },
  })
}
