import { IPricingModuleService, LinkDefinition } from "@medusajs/framework/types"
import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils"
import { CreateVariant, WriteOrigin } from "../engine/ports"
import { CatalogContext } from "./context"
import { readVariantStates } from "./creation-state"
import { ensureItems } from "./inventory-items"

export interface CompletedVariants {
  /** Those that are not in the store at all. */
  missing: CreateVariant[]
  /** Those that got an inventory item or prices now. */
  completed: CreateVariant[]
}

/**
 * Gives variants of a creation that was killed what they never got: the link of their inventory item,
 * and their prices.
 */
export const completeVariants = async (
  context: CatalogContext,
  variants: readonly CreateVariant[],
  origin: WriteOrigin,
): Promise<CompletedVariants> => {
  const states = await readVariantStates(
    context.db,
    variants.map((variant) => variant.id),
  )
  const withoutItem = variants.filter(({ id }) => states.get(id)?.lacks_item)
  const withoutPrices = variants.filter(({ id }) => states.get(id)?.lacks_prices)
  const links = [
    ...(await itemLinks(context, withoutItem, origin)),
    ...(await priceLinks(context, withoutPrices)),
  ]
  if (links.length > 0) {
    await context.container.resolve(ContainerRegistrationKeys.LINK).create(links)
  }
  return {
    missing: variants.filter(({ id }) => !states.has(id)),
    completed: variants.filter(
      (variant) => withoutItem.includes(variant) || withoutPrices.includes(variant),
    ),
  }
}

const itemLinks = async (
  context: CatalogContext,
  variants: readonly CreateVariant[],
  origin: WriteOrigin,
): Promise<LinkDefinition[]> => {
  // Managed in the store, whatever the ERP says by now: the next plan sees to that.
  const managed = variants.map((variant) => ({ ...variant, manage_inventory: true }))
  const items = await ensureItems(context, managed, origin)
  return [...items].map(([variantId, itemId]) => ({
    [Modules.PRODUCT]: { variant_id: variantId },
    [Modules.INVENTORY]: { inventory_item_id: itemId },
    data: { required_quantity: 1 },
  }))
}

const priceLinks = async (
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
