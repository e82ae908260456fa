import { MedusaId } from "../../src/sync/ids"
import { given, rows, TestStore } from "./catalog-fixtures"

/** The part of the test runner's HTTP client that is used here. */
export interface StoreApi {
  get(url: string, config: { headers: Record<string, string> }): Promise<{ data: unknown }>
  post(
    url: string,
    body: unknown,
    config: { headers: Record<string, string> },
  ): Promise<{ data: unknown }>
}

export interface PlacedOrder {
  id: string
  items: { id: string; variant_id: string; unit_price: number }[]
}

/** Ids of what `seedStore` made. */
export const seeds = async (store: TestStore) => {
  const first = async (sql: string): Promise<MedusaId> =>
    given((await rows<{ id: MedusaId }>(store, sql))[0]).id
  return {
    channel: await first("select id from sales_channel where name = 'Web'"),
    profile: await first("select id from shipping_profile where name = 'Parcels'"),
    location: await first("select id from stock_location where name = 'Main warehouse'"),
    shop: await first("select id from stock_location where name = 'Shop'"),
    region: await first("select id from region"),
    option: await first("select id from shipping_option"),
    key: await first("select token as id from api_key where title = 'Web'"),
  }
}

/** Buys through the store's own API: cart, address, shipping, payment, order. */
export const buy = async (
  store: TestStore,
  api: StoreApi,
  lines: { variant_id: string; quantity: number }[],
): Promise<PlacedOrder> => {
  const { region, option, key } = await seeds(store)
  const headers = { "x-publishable-api-key": key }
  const post = async <T>(path: string, body: object): Promise<T> => {
    try {
      return (await api.post(path, body, { headers })).data as T
    } catch (error) {
      throw new Error(`${path}: ${answerOf(error)}`)
    }
  }
  const address = {
    first_name: "A",
    last_name: "B",
    address_1: "Street 1",
    city: "Berlin",
    postal_code: "10115",
    country_code: "de",
  }
  const { cart } = await post<{ cart: { id: string } }>("/store/carts", {
    region_id: region,
    email: "a@example.com",
    shipping_address: address,
    billing_address: address,
    items: lines,
  })
  await post(`/store/carts/${cart.id}/shipping-methods`, { option_id: option })
  const { payment_collection } = await post<{ payment_collection: { id: string } }>(
    "/store/payment-collections",
    { cart_id: cart.id },
  )
  await post(`/store/payment-collections/${payment_collection.id}/payment-sessions`, {
    provider_id: "pp_system_default",
  })
  const { order } = await post<{ order: PlacedOrder }>(`/store/carts/${cart.id}/complete`, {})
  return order
}

/** What the store said; the error itself cannot cross to the test runner. */
const answerOf = (error: unknown): string =>
  JSON.stringify((error as { response?: { data?: unknown } }).response?.data ?? String(error))
