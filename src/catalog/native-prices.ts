import { IPricingModuleService, MedusaContainer } from "@medusajs/framework/types"
import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils"
import { canonicalDecimal } from "../sync/decimal"
import { MedusaVariant } from "../sync/snapshot"
import { CatalogContext } from "./context"
import { keyOf, OpenWrite, ValueBatch } from "./value-batch"

/** Medusa makes this method for every model of a module, without declaring it. */
interface PriceRows {
  updatePrices(prices: { id: string; amount: string }[]): Promise<unknown>
}

/** Base prices of one variant through the pricing module, a row at a time. */
export const writeNativePrices = async (
  { container }: CatalogContext,
  batch: ValueBatch,
  variant: MedusaVariant,
  writes: readonly OpenWrite[],
): Promise<void> => {
  const pricing = container.resolve<IPricingModuleService & PriceRows>(Modules.PRICING)
  let setId: string | null = variant.price_set_id
  for (const write of writes) {
    const currency = keyOf(write.field)
    const present = variant.prices.find((price) => price.currency === currency)
    if (!batch.isDue(write, present?.amount ?? null)) {
      continue
    }
    if (typeof write.to !== "string") {
      batch.refuseLastPrice(write)
      continue
    }
    const amount = canonicalDecimal(write.to)
    if (present) {
      await pricing.updatePrices([{ id: present.id, amount }])
    } else if (setId) {
      await pricing.addPrices({
        priceSetId: setId,
        prices: [{ currency_code: currency, amount, rules: {} }],
      })
    } else {
      setId = await createNativeSet(container, variant.id, [{ currency_code: currency, amount }])
    }
    batch.settle(write, { outcome: "written" })
    batch.events.add("variant_updated", [variant.id])
    batch.rows += 1
  }
}

/** A price set for a variant that has none; returns its id. */
export const createNativeSet = async (
  container: MedusaContainer,
  variantId: string,
  prices: { currency_code: string; amount: string }[],
): Promise<string> => {
  const pricing: IPricingModuleService = container.resolve(Modules.PRICING)
  const set = await pricing.createPriceSets({ prices })
  await container.resolve(ContainerRegistrationKeys.LINK).create({
    [Modules.PRODUCT]: { variant_id: variantId },
    [Modules.PRICING]: { price_set_id: set.id },
  })
  return set.id
}
