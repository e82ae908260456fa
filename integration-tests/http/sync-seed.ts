import { MedusaContainer } from "@medusajs/framework/types"
import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils"
import {
  createRegionsWorkflow,
  createSalesChannelsWorkflow,
  createShippingProfilesWorkflow,
  createStockLocationsWorkflow,
  createUsersWorkflow,
  linkSalesChannelsToStockLocationWorkflow,
  updateStoresWorkflow,
} from "@medusajs/medusa/core-flows"

export const ADMINISTRATOR = { email: "admin@store.test", password: "only-for-tests" }

/** Names of the simulator's warehouses, in the order of their codes `WH` and `WH2`. */
export const LOCATIONS = ["Main warehouse", "Outlet"] as const

/** What a store has before it meets an ERP: currency, channel, locations, shipping profile, a person. */
export const seedStore = async (container: MedusaContainer): Promise<void> => {
  const { result: channels } = await createSalesChannelsWorkflow(container).run({
    input: { salesChannelsData: [{ name: "Web" }] },
  })
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data: stores } = await query.graph({ entity: "store", fields: ["id"] })
  await updateStoresWorkflow(container).run({
    input: {
      selector: { id: stores.map(({ id }) => id) },
      update: {
        supported_currencies: [
          { currency_code: "usd", is_default: true },
          { currency_code: "eur", is_default: false },
        ],
        ...(channels[0] ? { default_sales_channel_id: channels[0].id } : {}),
      },
    },
  })
  await createShippingProfilesWorkflow(container).run({
    input: { data: [{ name: "Parcels", type: "default" }] },
  })
  const { result: locations } = await createStockLocationsWorkflow(container).run({
    input: { locations: LOCATIONS.map((name) => ({ name })) },
  })
  for (const { id } of locations) {
    await linkSalesChannelsToStockLocationWorkflow(container).run({
      input: { id, add: channels.map((channel) => channel.id) },
    })
  }
  await createRegionsWorkflow(container).run({
    input: {
      regions: [{ name: "States", currency_code: "usd", countries: ["us"], payment_providers: [] }],
    },
  })
  await createAdministrator(container)
}

const createAdministrator = async (container: MedusaContainer): Promise<void> => {
  const { result } = await createUsersWorkflow(container).run({
    input: { users: [{ email: ADMINISTRATOR.email }] },
  })
  const auth = container.resolve(Modules.AUTH)
  const { authIdentity, error } = await auth.register("emailpass", { body: ADMINISTRATOR })
  if (!authIdentity) {
    throw new Error(`The administrator cannot sign in: ${error}`)
  }
  await auth.updateAuthIdentities({
    id: authIdentity.id,
    app_metadata: { user_id: result[0]?.id },
  })
}
