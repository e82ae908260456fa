import { MedusaContainer } from "@medusajs/framework/types"
import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils"
import {
  createStockLocationsWorkflow,
  createUsersWorkflow,
  linkSalesChannelsToStockLocationWorkflow,
  updateRegionsWorkflow,
  updateStoresWorkflow,
} from "@medusajs/medusa/core-flows"
import { given } from "./catalog-fixtures"
import { seedStore as seedShop } from "./catalog-seed"

export const ADMINISTRATOR = { email: "admin@store.test", password: "only-for-tests" }

/** Where the simulator's warehouses `WH` and `WH2` go, by name. */
export const MAIN = "Main warehouse"
export const OUTLET = "Outlet"

/** A store that sells in the ERP's currency and has a stock location for each of its warehouses. */
export const seedStore = async (container: MedusaContainer): Promise<void> => {
  await seedShop(container)
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const idsOf = async (entity: string): Promise<string[]> =>
    (await query.graph({ entity, fields: ["id"] })).data.map(({ id }) => String(id))
  const [channel] = (
    await query.graph({ entity: "sales_channel", fields: ["id"], filters: { name: "Web" } })
  ).data
  await updateStoresWorkflow(container).run({
    input: {
      selector: { id: await idsOf("store") },
      update: {
        supported_currencies: [
          { currency_code: "usd", is_default: true },
          { currency_code: "eur", is_default: false },
        ],
        default_sales_channel_id: given(channel).id,
      },
    },
  })
  const { result: locations } = await createStockLocationsWorkflow(container).run({
    input: { locations: [{ name: OUTLET }] },
  })
  await linkSalesChannelsToStockLocationWorkflow(container).run({
    input: { id: given(locations[0]).id, add: [given(channel).id] },
  })
  await updateRegionsWorkflow(container).run({
    input: { selector: { id: await idsOf("region") }, update: { currency_code: "usd" } },
  })
  await container
    .resolve(ContainerRegistrationKeys.PG_CONNECTION)
    .raw("update price set currency_code = 'usd'")
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

/** The locales of a store that has Medusa's module for translations. */
export const seedLocales = async (container: MedusaContainer): Promise<void> => {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data: stores } = await query.graph({ entity: "store", fields: ["id"] })
  await updateStoresWorkflow(container).run({
    input: {
      selector: { id: stores.map(({ id }) => id) },
      update: {
        supported_locales: ["en-US", "fr-FR", "de-DE", "es-ES"].map((locale_code) => ({
          locale_code,
        })),
      },
    },
  })
}
