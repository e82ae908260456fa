import {
  createRegionsWorkflow,
  createSalesChannelsWorkflow,
  createShippingProfilesWorkflow,
  createStockLocationsWorkflow,
} from "@medusajs/medusa/core-flows"
import { MedusaContainer } from "@medusajs/framework/types"

/** What every test finds in the store: channels, a shipping profile, two locations, a region. */
export const seedStore = async (container: MedusaContainer): Promise<void> => {
  await createSalesChannelsWorkflow(container).run({
    input: { salesChannelsData: [{ name: "Web" }] },
  })
  await createShippingProfilesWorkflow(container).run({
    input: { data: [{ name: "Parcels", type: "default" }] },
  })
  await createStockLocationsWorkflow(container).run({
    input: { locations: [{ name: "Main warehouse" }, { name: "Shop" }] },
  })
  await createRegionsWorkflow(container).run({
    input: {
      regions: [{ name: "Europe", currency_code: "eur", countries: ["de"], payment_providers: [] }],
    },
  })
}
