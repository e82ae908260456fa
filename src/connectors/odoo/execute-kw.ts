import { SyncError } from "../../sync/errors"
import type { RequestOptions } from "../contract"
import type { HttpClient } from "../http"
import { LOGIN_PAUSE_MS } from "./defaults"
import { odooError } from "./errors"
import {
  CallOptions,
  OdooAnswer,
  OdooCall,
  OdooProtocol,
  Repetition,
  repetition,
  triedOf,
} from "./protocol"

export interface RpcAccess {
  http: HttpClient
  database: string
  login: string
  /** Password or API key; both work here. */
  secret: string
  now: () => number
}

export interface RpcCall {
  service: "common" | "object"
  method: string
  args: unknown[]
}

export type SendRpc = (call: RpcCall, tried: string, request: Repetition) => Promise<OdooAnswer>

/**
 * Odoo's older services, which JSON-RPC and XML-RPC spell differently: every call carries database,
 * user id and secret. The user's id is asked for once; a refused login is not repeated for a minute.
 */
export const createExecuteKw = (
  { database, login, secret, now }: RpcAccess,
  send: SendRpc,
): Pick<OdooProtocol, "uid" | "call"> => {
  let user: Promise<number> | null = null
  let refused: { error: SyncError; until: number } | null = null

  const authenticate = async (request: RequestOptions): Promise<number> => {
    if (refused && now() < refused.until) throw refused.error
    try {
      const args = [database, login, secret, {}]
      const call: RpcCall = { service: "common", method: "authenticate", args }
      const { value } = await send(call, "Odoo login", repetition(request))
      if (typeof value === "number") return value
      // A wrong password is no fault in Odoo: it answers false.
      const name = "odoo.exceptions.AccessDenied"
      throw odooError({ name, message: "" }, `Odoo login of "${login}" in "${database}"`)
    } catch (error) {
      if (error instanceof SyncError && error.kind === "config") {
        refused = { error, until: now() + LOGIN_PAUSE_MS }
      }
      throw error
    }
  }

  const uid = (request: RequestOptions = {}): Promise<number> => {
    user ??= authenticate(request).catch((error: unknown) => {
      user = null
      throw error
    })
    return user
  }

  return {
    uid,
    async call(call: OdooCall, request: CallOptions = {}): Promise<OdooAnswer> {
      const { positional, named } = argumentsOf(call)
      const args = [database, await uid(request), secret, call.model, call.method, positional]
      try {
        return await send(
          { service: "object", method: "execute_kw", args: [...args, named] },
          triedOf(call),
          repetition(request),
        )
      } catch (error) {
        // The key was revoked meanwhile: the next call logs in anew, and says so.
        if (error instanceof SyncError && error.code === "unauthorised") user = null
        throw error
      }
    },
  }
}

/** Record ids come first, and so do `create`'s values: by name, Odoo does not find them. */
const argumentsOf = ({ method, ids, args = {} }: OdooCall) => {
  if (method !== "create") return { positional: ids === undefined ? [] : [ids], named: args }
  const { vals_list: list, ...named } = args
  return { positional: [list], named }
}
