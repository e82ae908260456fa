import { SyncError } from "../../sync/errors"
import type { RequestOptions } from "../contract"
import { HttpAnswer, HttpClient, isJson, readJson, statusError } from "../http"
import { exceptionIn, odooError } from "./errors"
import { CallOptions, OdooAnswer, OdooCall, OdooProtocol, repetition, triedOf } from "./protocol"
import { stampOfHttpDate } from "./windows"

export interface Json2Options {
  http: HttpClient
  database: string
  api_key: string
}

/**
 * `/json/2/<model>/<method>`, from Odoo 19 on: named arguments, an API key as bearer, errors with a
 * real status. Older versions answer with HTML.
 */
export const createJson2 = ({ http, database, api_key }: Json2Options): OdooProtocol => {
  let user: Promise<number> | null = null

  const call = (odooCall: OdooCall, request: CallOptions = {}): Promise<OdooAnswer> => {
    const { model, method, ids, args } = odooCall
    const tried = triedOf(odooCall)
    return http.call(
      {
        method: "POST",
        url: `/json/2/${model}/${method}`,
        headers: {
          "Content-Type": "application/json",
          Authorization: `bearer ${api_key}`,
          "X-Odoo-Database": database,
        },
        body: JSON.stringify({ ...(ids && { ids }), ...args }),
        tried,
        ...repetition(request),
      },
      (answer) => interpret(answer, tried, database),
    )
  }

  const askUid = async (request: RequestOptions): Promise<number> => {
    const { value } = await call({ model: "res.users", method: "context_get" }, request)
    const uid = (value as Record<string, unknown> | null)?.["uid"]
    if (typeof uid === "number") return uid
    throw odooError({ name: "odoo.exceptions.AccessDenied", message: "" }, "Odoo login")
  }

  return {
    name: "json2",
    charset: "json",
    call,
    uid(request: RequestOptions = {}): Promise<number> {
      user ??= askUid(request).catch((error: unknown) => {
        user = null
        throw error
      })
      return user
    },
  }
}

const interpret = (answer: HttpAnswer, tried: string, database: string): OdooAnswer => {
  if (answer.status === 404 && !isJson(answer)) {
    // Odoo answers so for a database that does not exist, and for the protocol before version 19.
    throw new SyncError({
      kind: "config",
      code: "database_unknown",
      message: `${tried}: Odoo has no database "${database}" at this address, or no JSON-2.`,
      remedy: "Correct `url` and `database`, or set `protocol` to `jsonrpc`.",
      scope: "connection",
    })
  }
  if (answer.status >= 300 && answer.status < 400) throw statusError(answer, tried)
  if (answer.status >= 400 && !isJson(answer)) throw statusError(answer, tried)
  const body = readJson(answer, tried)
  if (answer.status !== 200) {
    const exception = exceptionIn(body)
    if (exception) throw odooError(exception, tried, answer.retry_after_ms)
    throw statusError(answer, tried)
  }
  return { value: body, served_at: stampOfHttpDate(answer.headers["date"]) }
}
