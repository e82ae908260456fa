import { ConnectionOptions } from "../../src/modules/erp/options"
import { MAIN, OUTLET } from "../http/sync-seed"
import { CONNECTION, openSync, Store, Synced } from "../http/sync-stage"
import { Client } from "./client"
import { readCatalog } from "./oracle"
import type { RunningOdoo } from "./server"
import { readStore, StoreView } from "./store-view"
import { expectedView, Refused, Terms } from "./sync-expectation"

/** How one story's connection differs from the store's configuration. */
export interface Plot extends Terms {
  title: string
  protocol: "json2" | "jsonrpc" | "xmlrpc"
  /** Which secret the connector logs in with. */
  secret: "api_key" | "password"
  /** Language of names and descriptions; the bot's own, English, when absent. */
  language?: string
}

/** A store and a real Odoo, from the first sync to the last edit. */
export interface Story extends Synced {
  plot: Plot
  odoo: RunningOdoo
  merchant: Client
  /** The store when it was last compared. */
  earlier: StoreView | null
}

export const credentialsOf = (
  { url, database, login, apiKey, password }: RunningOdoo,
  secret: Plot["secret"],
): Record<string, unknown> => ({
  url,
  database,
  login,
  ...(secret === "api_key" ? { api_key: apiKey } : { password }),
})

export const openStory = async (
  store: Pick<Store, "container" | "databaseUrl">,
  configured: Map<string, ConnectionOptions>,
  odoo: RunningOdoo,
  merchant: Client,
  plot: Plot,
): Promise<Story> => {
  const { warehouses } = await readCatalog(merchant)
  const synced = await openSync(store, configured, {
    // The store has no credentials until now: its minute's job leaves the connection alone.
    problem: null,
    // As in production: what fails for a moment is asked again.
    http: { per_second: 1000 },
    credentials: credentialsOf(odoo, plot.secret),
    settings: { protocol: plot.protocol, ...(plot.language && { language: plot.language }) },
    stock: [MAIN, OUTLET].flatMap((location, index) => {
      const warehouse = warehouses[index]
      return warehouse ? [{ erp: warehouse.code, location, basis: plot.basis }] : []
    }),
    // The story takes more out of sale in a minute than a shop does in a day.
    guards: { gone_share: 1, price_share: 1, absent_share: 1 },
  })
  synced.options.create = { ...synced.options.create, archived: plot.archived }
  await synced.sync.check(CONNECTION)
  return { ...synced, plot, odoo, merchant, earlier: null }
}

/** Holds the whole store against the oracle's reading of Odoo. */
export const compare = async (story: Story): Promise<StoreView> => {
  const { plot, merchant, earlier } = story
  const oracle = await readCatalog(merchant, plot.language ? { lang: plot.language } : {})
  const held = await readStore(story)
  const refused = await refusedBy(story, held)
  expect(held).toEqual(expectedView(oracle, earlier, held, refused, plot))
  story.earlier = held
  return held
}

/** What is parked: nothing but codes and barcodes that another variant of the store has. */
const refusedBy = async (story: Story, held: StoreView): Promise<Refused[]> => {
  const { parked } = await story.sync.parked({ connection_id: CONNECTION, limit: 500, offset: 0 })
  const variants = held.products.flatMap((product) => product.variants)
  for (const { reason, field, value, message } of parked) {
    const taken = variants.some(
      ({ sku, barcode }) =>
        (reason === "duplicate_sku" && field === "sku" && sku === value) ||
        (reason === "duplicate_barcode" && field === "barcode" && barcode === value),
    )
    if (!taken) {
      throw new Error(`Parked without need: ${message}`)
    }
  }
  return parked
}
