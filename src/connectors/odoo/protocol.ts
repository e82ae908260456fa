import type { RequestOptions } from "../contract"
import type { HttpRequest } from "../http"
import { Stamp } from "./windows"

/** One call of a model's method, with named arguments; each protocol spells it its own way. */
export interface OdooCall {
  model: string
  method: string
  /** The records that a record method is called on. */
  ids?: readonly number[]
  args?: Readonly<Record<string, unknown>>
}

export interface OdooAnswer {
  /** What the method returned; Python's None is null. */
  value: unknown
  /** The server's clock when it answered. */
  served_at: Stamp | null
}

export interface CallOptions extends RequestOptions {
  /** Codes of transient errors that are not tried again, but left to the caller. */
  leave?: ReadonlySet<string>
  /**
   * It changes something, and is sent once: even where Odoo rolled it back because of somebody's
   * competing edit, that edit has to be read before anything is written over it.
   */
  write?: boolean
}

export type Repetition = Pick<HttpRequest, "idempotent" | "leave" | "lane" | "signal">

/** How a call may be repeated, for the HTTP client. */
export const repetition = ({ write, ...options }: CallOptions): Repetition => ({
  ...options,
  idempotent: write !== true,
})

/** What texts are sent in. */
export type Charset = "json" | "xml"

/** How calls reach Odoo: the rest of the connector does not know which protocol it is. */
export interface OdooProtocol {
  readonly name: "json2" | "jsonrpc" | "xmlrpc"
  readonly charset: Charset
  /** Id of the user that the credentials belong to. @throws SyncError `unauthorised` */
  uid(options?: RequestOptions): Promise<number>
  /** Carries out a call; a read may be sent more than once. @throws SyncError */
  call(call: OdooCall, options?: CallOptions): Promise<OdooAnswer>
}

export const triedOf = ({ model, method }: OdooCall): string => `Odoo ${model}.${method}`
