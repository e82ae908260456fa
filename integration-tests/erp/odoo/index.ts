import { Accounts } from "./accounts"
import { Backend } from "./backend"
import { createCatalog } from "./catalog/catalog"
import { createSideDoor } from "./control/side-door"
import type { Addon } from "./models/schema"
import { FaultPlan } from "./faults"
import type { OdooVersion } from "./orm/schema"
import { RequestLog } from "./request-log"
import { listen } from "./server"
import { World } from "./world"

export interface SimulatorOptions {
  readonly version: OdooVersion
  /** Default `127.0.0.1`. */
  readonly host?: string
  /** Default: any free port. */
  readonly port?: number
  /** Number of products, default 500. */
  readonly products?: number
  /** A plain, regular catalog with exactly this many variants per product. */
  readonly variants?: number
  /** The same seed makes the same catalog and the same random faults. Default 1. */
  readonly seed?: number
  /** No products at all; company, units, warehouses and so on are there. */
  readonly empty?: boolean
  /** `false` leaves out the records no sync can take as they are. Default true. */
  readonly odd?: boolean
  /** Apps that are installed besides. */
  readonly addons?: readonly Addon[]
  /** Serves the demo page at `/`. Default true. */
  readonly page?: boolean
  /** Name of the database, default `odoo17`, `odoo18` or `odoo19`. */
  readonly database?: string
}

export interface OdooSimulator {
  readonly version: OdooVersion
  readonly url: string
  readonly database: string
  readonly login: string
  readonly password: string
  readonly apiKey: string
  readonly uid: number
  /** Accounts and keys: expire or revoke a key, find the read-only account. */
  readonly accounts: Accounts
  /** Direct, synchronous edits with the rules of the ORM. */
  readonly world: World
  readonly requests: RequestLog
  readonly faults: FaultPlan
  close(): Promise<void>
}

/**
 * Starts an Odoo that is none: a real HTTP server that answers as strictly as Odoo 17, 18 or 19 does
 * to a catalog connector.
 */
export async function startOdooSimulator(options: SimulatorOptions): Promise<OdooSimulator> {
  const { version, seed = 1 } = options
  const accounts = new Accounts()
  const account = accounts.bot
  const backend = new Backend(
    version,
    options.database ?? `odoo${version}`,
    account,
    options.addons,
  )
  createCatalog(backend, accounts, {
    products: options.empty === true ? 0 : (options.products ?? 500),
    seed,
    odd: options.odd ?? true,
    ...(options.variants === undefined ? {} : { variantsPerProduct: options.variants }),
  })
  const world = new World(backend, account)
  const requests = new RequestLog()
  const faults = new FaultPlan(seed)
  const sideDoor = createSideDoor({ backend, world, requests, faults, page: options.page ?? true })
  const { server, url } = await listen(
    { backend, accounts, faults, log: requests, sideDoor },
    options.host ?? "127.0.0.1",
    options.port ?? 0,
  )
  return {
    version,
    url,
    database: backend.database,
    login: account.login,
    password: account.password,
    apiKey: account.apiKey,
    uid: account.uid,
    accounts,
    world,
    requests,
    faults,
    close: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections()
        server.close((error) => (error === undefined ? resolve() : reject(error)))
      }),
  }
}

export type { OdooVersion } from "./orm/schema"
export type { Context, Json, JsonObject, Row, Value } from "./orm/values"
export type { FaultKind, FaultRule } from "./faults"
export { FaultPlan } from "./faults"
export { RequestLog, type RequestEntry } from "./request-log"
export { World, WorldTransaction, type Edits } from "./world"
export { colouredPng } from "./catalog/images"
export { ODD } from "./catalog/odd"
