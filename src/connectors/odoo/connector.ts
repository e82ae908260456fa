import type { Stream } from "../../sync/canonical"
import type { ErpId } from "../../sync/ids"
import type {
  Connector,
  ConnectorContext,
  Creation,
  Cursor,
  MatchKey,
  RequestCounter,
  RequestOptions,
  VariantCreation,
} from "../contract"
import { odooCapabilities } from "./capabilities"
import { checkConnection } from "./check"
import { createProducts } from "./create/create"
import { findCreated } from "./create/keys"
import { createVariants } from "./create/variants"
import { findHolders } from "./holders"
import { odooHooks } from "./hooks"
import { readImage } from "./images/read-image"
import { keyPages } from "./keys"
import { pullPages } from "./pull"
import { readRecords } from "./read"
import { createSession } from "./session"
import { createWriter } from "./write/write"

/**
 * Connector to Odoo 17, 18 and 19 over JSON-2, JSON-RPC or XML-RPC. Reads categories, products with
 * variants and prices, and stock per warehouse; writes their fields back, counts stock, creates
 * products and variants. Nothing is sent before the first call.
 *
 * @throws SyncError `config` when credentials or settings are not valid
 */
export const createOdooConnector = (context: ConnectorContext): Connector & RequestCounter => {
  const session = createSession(context)
  const capabilities = odooCapabilities(session.settings, session)
  return {
    erp: "odoo",
    capabilities,
    get requests() {
      return session.http.requests
    },
    check: (options: RequestOptions = {}) => checkConnection(session, options),
    pull: <S extends Stream>(stream: S, cursor: Cursor | null, options: RequestOptions = {}) =>
      pullPages(session, stream, cursor, options),
    keys: (stream: Stream, cursor: Cursor | null, options: RequestOptions = {}) =>
      keyPages(session, stream, cursor, options),
    read: <S extends Stream>(stream: S, ids: ErpId[], options: RequestOptions = {}) =>
      readRecords(session, stream, ids, options),
    write: createWriter(session),
    create: (creations: Creation[], options: RequestOptions = {}) =>
      createProducts(session, creations, options),
    createVariants: (creations: VariantCreation[], options: RequestOptions = {}) =>
      createVariants(session, creations, options),
    findCreated: (keys: string[], options: RequestOptions = {}) =>
      findCreated(session, keys, options),
    findHolders: (by: MatchKey, values: string[], options: RequestOptions = {}) =>
      findHolders(session, by, values, options),
    image: (productId: ErpId, key: string, options: RequestOptions = {}) =>
      readImage(session, productId, key, options),
    hooks: odooHooks(capabilities),
    close: () => {
      session.http.close()
      return Promise.resolve()
    },
  }
}
