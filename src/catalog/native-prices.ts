import { IPricingModuleService } from "@medusajs/framework/types"
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
      const set = await pricing.createPriceSets({ prices: [{ currency_code: currency, amount }] })
      await container.resolve(ContainerRegistrationKeys.LINK).create({
        [Modules.PRODUCT]: { variant_id: variant.id },
        [Modules.PRICING]: { price_set_id: set.id },
      })
      setId = set.id
    }
    batch.settle(write, { outcome: "written" })
    batch.events.add("variant_updated", [variant.id])
    batch.rows += 1
  }
}
