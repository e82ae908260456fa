import {
  createApiKeysWorkflow,
  createRegionsWorkflow,
  createSalesChannelsWorkflow,
  createShippingOptionsWorkflow,
  createShippingProfilesWorkflow,
  createStockLocationsWorkflow,
  linkSalesChannelsToApiKeyWorkflow,
  linkSalesChannelsToStockLocationWorkflow,
} from "@medusajs/medusa/core-flows"
import { MedusaContainer } from "@medusajs/framework/types"
import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils"
import { given } from "./catalog-fixtures"

const PROVIDER = "manual_manual"

/**
 * What every test finds in the store: a channel with its key, a shipping profile, two locations, a
 * region that pays by hand, and parcels from the first location.
 */
export const seedStore = async (container: MedusaContainer): Promise<void> => {
  const channels = await createSalesChannelsWorkflow(container).run({
    input: { salesChannelsData: [{ name: "Web" }] },
  })
  const channelId = given(channels.result[0]).id
  const keys = await createApiKeysWorkflow(container).run({
    input: { api_keys: [{ title: "Web", type: "publishable", created_by: "tests" }] },
  })
  await linkSalesChannelsToApiKeyWorkflow(container).run({
    input: { id: given(keys.result[0]).id, add: [channelId] },
  })
  const profiles = await createShippingProfilesWorkflow(container).run({
    input: { data: [{ name: "Parcels", type: "default" }] },
  })
  const locations = await createStockLocationsWorkflow(container).run({
    input: { locations: [{ name: "Main warehouse" }, { name: "Shop" }] },
  })
  const locationId = given(locations.result[0]).id
  await linkSalesChannelsToStockLocationWorkflow(container).run({
    input: { id: locationId, add: [channelId] },
  })
  const regions = await createRegionsWorkflow(container).run({
    input: {
      regions: [
        {
          name: "Europe",
          currency_code: "eur",
          countries: ["de"],
          payment_providers: ["pp_system_default"],
        },
      ],
    },
  })
  await seedShipping(container, {
    locationId,
    profileId: given(profiles.result[0]).id,
    regionId: given(regions.result[0]).id,
  })
}

const seedShipping = async (
  container: MedusaContainer,
  { locationId, profileId, regionId }: { locationId: string; profileId: string; regionId: string },
): Promise<void> => {
  const set = await container.resolve(Modules.FULFILLMENT).createFulfillmentSets({
    name: "Parcels",
    type: "shipping",
    service_zones: [{ name: "Germany", geo_zones: [{ type: "country", country_code: "de" }] }],
  })
  await container.resolve(ContainerRegistrationKeys.LINK).create([
    {
      [Modules.STOCK_LOCATION]: { stock_location_id: locationId },
      [Modules.FULFILLMENT]: { fulfillment_set_id: set.id },
    },
    {
      [Modules.STOCK_LOCATION]: { stock_location_id: locationId },
      [Modules.FULFILLMENT]: { fulfillment_provider_id: PROVIDER },
    },
  ])
  await createShippingOptionsWorkflow(container).run({
    input: [
      {
        name: "Parcel",
        price_type: "flat",
        provider_id: PROVIDER,
        service_zone_id: given(set.service_zones[0]).id,
        shipping_profile_id: profileId,
        type: { label: "Parcel", description: "Parcel", code: "parcel" },
        prices: [
          { region_id: regionId, amount: 5 },
          { currency_code: "eur", amount: 5 },
        ],
        rules: [
          { attribute: "enabled_in_store", operator: "eq", value: "true" },
          { attribute: "is_return", operator: "eq", value: "false" },
        ],
      },
    ],
  })
}
