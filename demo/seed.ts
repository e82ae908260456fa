import type { ExecArgs, MedusaContainer } from "@medusajs/framework/types"
import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils"
import {
  createRegionsWorkflow,
  createShippingProfilesWorkflow,
  createStockLocationsWorkflow,
  createUsersWorkflow,
  linkSalesChannelsToStockLocationWorkflow,
  updateStoresWorkflow,
} from "@medusajs/medusa/core-flows"
import { LOGIN } from "./login"

const LOCATIONS = ["Main warehouse", "Outlet"]
const SHIPPING_PROFILE = "Default Shipping Profile"

/**
 * What a store has before it meets an ERP: an administrator, currencies, a stock location for each
 * warehouse, a shipping profile. Run by `medusa exec`; what is there already stays as it is.
 */
export default async function seed({ container }: ExecArgs): Promise<void> {
  await createAdministrator(container)
  await setCurrencies(container)
  await createShippingProfile(container)
  await createLocations(container)
}

async function createAdministrator(container: MedusaContainer): Promise<void> {
  const users = await container.resolve(Modules.USER).listUsers({ email: LOGIN.email })
  if (users.length > 0) return
  const { result } = await createUsersWorkflow(container).run({
    input: { users: [{ email: LOGIN.email }] },
  })
  const auth = container.resolve(Modules.AUTH)
  const { authIdentity, error } = await auth.register("emailpass", { body: LOGIN })
  if (!authIdentity) throw new Error(`The administrator cannot sign in: ${error}`)
  await auth.updateAuthIdentities({
    id: authIdentity.id,
    app_metadata: { user_id: result[0]?.id },
  })
}

async function setCurrencies(container: MedusaContainer): Promise<void> {
  const [store] = await container.resolve(Modules.STORE).listStores({})
  await updateStoresWorkflow(container).run({
    input: {
      selector: { id: store?.id },
      update: {
        supported_currencies: [
          { currency_code: "eur", is_default: true },
          { currency_code: "usd", is_default: false },
        ],
      },
    },
  })
  const regions = await container.resolve(Modules.REGION).listRegions({ name: "Europe" })
  if (regions.length > 0) return
  await createRegionsWorkflow(container).run({
    input: { regions: [{ name: "Europe", currency_code: "eur", countries: ["de", "fr", "es"] }] },
  })
}

async function createShippingProfile(container: MedusaContainer): Promise<void> {
  const fulfillment = container.resolve(Modules.FULFILLMENT)
  const profiles = await fulfillment.listShippingProfiles({ type: "default" })
  if (profiles.length > 0) return
  await createShippingProfilesWorkflow(container).run({
    input: { data: [{ name: SHIPPING_PROFILE, type: "default" }] },
  })
}

async function createLocations(container: MedusaContainer): Promise<void> {
  const present = await container
    .resolve(Modules.STOCK_LOCATION)
    .listStockLocations({ name: LOCATIONS })
  const missing = LOCATIONS.filter((name) => !present.some((location) => location.name === name))
  if (missing.length === 0) return
  const { result } = await createStockLocationsWorkflow(container).run({
    input: { locations: missing.map((name) => ({ name })) },
  })
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data: channels } = await query.graph({ entity: "sales_channel", fields: ["id"] })
  for (const location of result) {
    await linkSalesChannelsToStockLocationWorkflow(container).run({
      input: { id: location.id, add: channels.map((channel) => channel.id) },
    })
  }
}
