import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { MedusaContainer } from "@medusajs/framework/types"
import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils"
import { setTimeout as sleep } from "node:timers/promises"
import { Client } from "pg"
import { createCatalog } from "../../src/catalog"
import {
  Catalog,
  CreateProduct,
  CreateVariant,
  OutgoingEvent,
  ValueOutcome,
  ValueWrite,
  WriteOrigin,
} from "../../src/engine/ports"
import { erpId, MedusaId } from "../../src/sync/ids"

export const ORIGIN: WriteOrigin = { group_id: "erp-sync:test" }

export interface TestStore {
  container: MedusaContainer
  catalog: Catalog<Knex.Transaction>
  knex: Knex
  /** URL of the store's database, for a session of one's own. */
  databaseUrl: string
}

export const openStore = (container: MedusaContainer, databaseUrl: string): TestStore => ({
  container,
  databaseUrl,
  knex: container.resolve(ContainerRegistrationKeys.PG_CONNECTION),
  catalog: createCatalog({
    container,
    logger: container.resolve(ContainerRegistrationKeys.LOGGER),
  }),
})

/** The same store, written through Medusa's services. */
export const nativeStore = (store: TestStore): TestStore => ({
  ...store,
  catalog: createCatalog({
    container: store.container,
    logger: store.container.resolve(ContainerRegistrationKeys.LOGGER),
    writer: "native",
  }),
})

let counter = 0

/** A product with one variant, or with a variant per value of the option `Size`. */
export const productOf = (
  { catalog }: TestStore,
  overrides: Partial<CreateProduct> & { sizes?: string[] } = {},
): CreateProduct => {
  const { sizes = [], ...fields } = overrides
  counter += 1
  const number = counter
  const variants =
    sizes.length === 0
      ? [variantOf(catalog, { sku: `SKU-${number}` })]
      : sizes.map((size) =>
          variantOf(catalog, {
            title: size,
            sku: `SKU-${number}-${size}`,
            options: { Size: size },
          }),
        )
  return {
    id: catalog.newId("product"),
    erp_id: erpId(1_000 + number),
    title: `Chair ${number}`,
    handle_stem: `Chair ${number}`,
    description: null,
    status: "published",
    category_ids: [],
    sales_channel_ids: [],
    shipping_profile_id: null,
    external_id: String(1_000 + number),
    options: sizes.length === 0 ? [] : [{ title: "Size", values: sizes }],
    variants,
    ...fields,
  }
}

export const variantOf = (
  catalog: Catalog<Knex.Transaction>,
  fields: Partial<CreateVariant> = {},
): CreateVariant => {
  counter += 1
  return {
    id: catalog.newId("variant"),
    erp_id: erpId(5_000 + counter),
    title: "Default variant",
    sku: null,
    barcode: null,
    weight: null,
    manage_inventory: true,
    allow_backorder: false,
    options: {},
    prices: [{ currency: "eur", amount: "10" }],
    ...fields,
  }
}

/** Creates products and fails the test when one could not be created. */
export const create = async (
  store: TestStore,
  ...products: CreateProduct[]
): Promise<CreateProduct[]> => {
  const outcomes = await store.catalog.createProducts(products, ORIGIN)
  for (const outcome of outcomes) {
    if (outcome.outcome === "failed") {
      throw outcome.error
    }
  }
  return products
}

export const createOne = async (
  store: TestStore,
  overrides: Parameters<typeof productOf>[1] = {},
): Promise<{ product: CreateProduct; variant: CreateVariant }> => {
  const [product] = await create(store, productOf(store, overrides))
  return { product: given(product), variant: given(product?.variants[0]) }
}

/** One call of `writeValues` in a transaction of its own. */
export const write = (
  { catalog, knex }: TestStore,
  ...writes: ValueWrite[]
): Promise<{ outcomes: ValueOutcome[]; events: OutgoingEvent[]; writes: number }> =>
  knex.transaction((tx) => catalog.writeValues(tx, writes))

export const change = (
  entity: ValueWrite["entity"],
  id: string,
  field: string,
  from: ValueWrite["from"],
  to: ValueWrite["to"],
): ValueWrite => ({ entity, id: id as MedusaId, field, from, to })

/** The value, or a failure of the test. */
export const given = <T>(value: T | null | undefined): T => {
  if (value === null || value === undefined) {
    throw new Error("The fixture is missing.")
  }
  return value
}

export const rows = async <T = Record<string, unknown>>(
  { knex }: TestStore,
  sql: string,
  bindings: (string | string[])[] = [],
): Promise<T[]> => (await knex.raw<{ rows: T[] }>(sql, bindings)).rows

/** Runs `work` while another session's transaction holds what the statement locked. */
export const whileLocked = async <T>(
  { databaseUrl }: TestStore,
  sql: string,
  values: string[],
  work: (other: Client) => Promise<T>,
): Promise<T> => {
  const other = new Client({ connectionString: databaseUrl })
  await other.connect()
  try {
    await other.query("begin")
    await other.query(sql, values)
    const result = await work(other)
    await other.query("rollback")
    return result
  } finally {
    await other.end()
  }
}

export interface SeenEvent {
  name: string
  data: Record<string, unknown>
  group: unknown
}

/** The events that subscribers see while `work` runs. */
export const eventsOf = async (
  { container }: TestStore,
  work: () => Promise<unknown>,
): Promise<SeenEvent[]> => {
  const bus = container.resolve(Modules.EVENT_BUS)
  const seen: SeenEvent[] = []
  const subscriberId = "catalog-tests"
  const subscriber = async (event: {
    name: string
    data: unknown
    metadata?: Record<string, unknown>
  }): Promise<void> => {
    seen.push({
      name: event.name,
      data: event.data as Record<string, unknown>,
      group: event.metadata?.eventGroupId,
    })
  }
  bus.subscribe("*", subscriber, { subscriberId })
  try {
    await work()
    await sleep(50)
  } finally {
    bus.unsubscribe("*", subscriber, { subscriberId })
  }
  return seen
}

/** Names and ids, in a stable order, to compare what was emitted with what would be. */
export const summary = (events: readonly { name: string; data: Record<string, unknown> }[]) =>
  events.map(({ name, data }) => `${name} ${JSON.stringify([data.id].flat().sort())}`).sort()

/** Events of workflows; those of modules (`product.product.updated`) and links are internal. */
export const isPublic = ({ name }: { name: string }): boolean =>
  name.split(".").length === 2 && !name.startsWith("Link")
