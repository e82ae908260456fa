import { IPricingModuleService } from "@medusajs/framework/types"
import { Modules } from "@medusajs/framework/utils"
import { medusaId } from "../sync/ids"
import { listOfField, tierRows, tiersText } from "../sync/price-tiers"
import { MedusaVariant } from "../sync/snapshot"
import { CatalogContext } from "./context"
import { readListPrices } from "./list-prices"
import { liveIds } from "./lock-rows"
import { createNativeSet } from "./native-prices"
import { OpenWrite, ValueBatch } from "./value-batch"

/** A variant's tiers in price lists through the pricing module: the new rows first, then the old ones go. */
export const writeNativeListPrices = async (
  { container, db }: CatalogContext,
  batch: ValueBatch,
  variant: MedusaVariant,
  writes: readonly OpenWrite[],
): Promise<void> => {
  const pricing: IPricingModuleService = container.resolve(Modules.PRICING)
  for (const write of writes) {
    const { price_list_id, currency } = listOfField(write.field)
    const live = await liveIds(db, "price_list", [price_list_id])
    if (live.size === 0) {
      batch.refuseMissingList(write, price_list_id)
      continue
    }
    const sets = variant.price_set_id === null ? [] : [variant.price_set_id]
    const rows = (await readListPrices(db, sets, [medusaId(price_list_id)])).filter(
      (row) => row.currency === currency,
    )
    if (!batch.isDue(write, tiersText(rows))) {
      continue
    }
    const setId = variant.price_set_id ?? (await createNativeSet(container, variant.id, []))
    const tiers = tierRows(write.to)
    // A row of the same quantities is taken again by the service.
    const kept = await pricing.addPriceListPrices([
      {
        price_list_id,
        prices: tiers.map((tier) => ({
          price_set_id: setId,
          currency_code: currency,
          amount: tier.amount,
          min_quantity: tier.min_quantity === null ? null : Number(tier.min_quantity),
          max_quantity: tier.max_quantity === null ? null : Number(tier.max_quantity),
          rules: {},
        })),
      },
    ])
    const ids = new Set(kept.map(({ id }) => id))
    await pricing.removePrices(rows.flatMap(({ id }) => (ids.has(id) ? [] : [id])))
    batch.settle(write, { outcome: "written" })
    batch.events.add("variant_updated", [variant.id])
    batch.rows += tiers.length + rows.length
  }
}
