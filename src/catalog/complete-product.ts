import { createProductVariantsWorkflow } from "@medusajs/medusa/core-flows"
import { IPricingModuleService, LinkDefinition } from "@medusajs/framework/types"
import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils"
import { CreatedProduct, CreateProduct, CreateVariant, WriteOrigin } from "../engine/ports"
import { CatalogContext } from "./context"
import { CreationState, readCreationStates } from "./creation-state"
import { emitEvents } from "./emit-events"
import { ensureItems } from "./inventory-items"
import { optionInputs, variantInput } from "./product-input"
import { addMissingValues } from "./option-values"
import { readOptions } from "./read-products"

/**
 * Finishes a product whose creation was killed after its variants were written, and tells of it: the
 * events of the killed run are lost. One that is complete, or was deleted since, is left as it is.
 */
export const completeProduct = async (
  context: CatalogContext,
  input: CreateProduct,
  origin: WriteOrigin,
): Promise<CreatedProduct> => {
  const state = (await readCreationStates(context.db, [input.id])).get(input.id)
  const due = state && !state.deleted ? dueOf(input, state) : undefined
  let events = 0
  if (due) {
    await completeLinks(context, input, due, origin)
    await createMissingVariants(context, input, due.variants, origin)
    const told = eventsOf(input, due)
    await emitEvents(context.container, origin.group_id, told)
    events = told.length
  }
  const options = await readOptions(context.db, [input.id])
  return {
    id: input.id,
    options: options.get(input.id) ?? [],
    writes: due ? due.variants.length + due.prices.length + due.items.length : 0,
    events,
  }
}

/** What an existing product still lacks. */
interface Due {
  variants: CreateVariant[]
  items: CreateVariant[]
  prices: CreateVariant[]
  sales_channels: boolean
  shipping_profile: boolean
}

const dueOf = (input: CreateProduct, state: CreationState): Due => {
  const variantIds = new Set(state.variant_ids)
  const withoutItem = new Set(state.without_item)
  const withoutPrices = new Set(state.without_prices)
  return {
    variants: input.variants.filter((variant) => !variantIds.has(variant.id)),
    items: input.variants.filter((variant) => withoutItem.has(variant.id)),
    prices: input.variants.filter((variant) => withoutPrices.has(variant.id)),
    sales_channels: !state.sales_channels && input.sales_channel_ids.length > 0,
    shipping_profile: !state.shipping_profile && input.shipping_profile_id !== null,
  }
}

const completeLinks = async (
  context: CatalogContext,
  input: CreateProduct,
  due: Due,
  origin: WriteOrigin,
): Promise<void> => {
  const product = { product_id: input.id }
  const items = await ensureItems(
    context,
    due.items.map((variant) => ({ ...variant, manage_inventory: true })),
    origin,
  )
  const links: LinkDefinition[] = [
    ...(due.sales_channels ? input.sales_channel_ids : []).map((id) => ({
      [Modules.PRODUCT]: product,
      [Modules.SALES_CHANNEL]: { sales_channel_id: id },
    })),
    ...(due.shipping_profile
      ? [
          {
            [Modules.PRODUCT]: product,
            [Modules.FULFILLMENT]: { shipping_profile_id: input.shipping_profile_id },
          },
        ]
      : []),
    ...[...items].map(([variantId, itemId]) => ({
      [Modules.PRODUCT]: { variant_id: variantId },
      [Modules.INVENTORY]: { inventory_item_id: itemId },
      data: { required_quantity: 1 },
    })),
    ...(await createPriceSets(context, due.prices)),
  ]
  if (links.length > 0) {
    await context.container.resolve(ContainerRegistrationKeys.LINK).create(links)
  }
}

const createPriceSets = async (
  { container }: CatalogContext,
  variants: readonly CreateVariant[],
): Promise<LinkDefinition[]> => {
  if (variants.length === 0) {
    return []
  }
  const pricing: IPricingModuleService = container.resolve(Modules.PRICING)
  const sets = await pricing.createPriceSets(
    variants.map(({ prices }) => ({
      prices: prices.map(({ currency, amount }) => ({ currency_code: currency, amount })),
    })),
  )
  return variants.map((variant, index) => ({
    [Modules.PRODUCT]: { variant_id: variant.id },
    [Modules.PRICING]: { price_set_id: sets[index]?.id },
  }))
}

/** Variants that the ERP got between the killed run and this one. */
const createMissingVariants = async (
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

const eventsOf = (input: CreateProduct, due: Due): { name: string; data: { id: string } }[] => {
  const complete =
    due.variants.length + due.items.length + due.prices.length === 0 &&
    !due.sales_channels &&
    !due.shipping_profile
  // Whether the events of a complete product were let go nobody knows; a change told twice is harmless.
  const verb = complete ? "updated" : "created"
  const made = new Set(due.variants.map((variant) => variant.id))
  return [
    ...input.variants
      .filter((variant) => !made.has(variant.id))
      .map(({ id }) => ({ name: `product-variant.${verb}`, data: { id } })),
    { name: `product.${verb}`, data: { id: input.id } },
  ]
}
