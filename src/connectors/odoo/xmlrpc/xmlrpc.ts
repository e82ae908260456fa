import { SyncError } from "../../../sync/errors"
import { hasFormat, HttpAnswer, incompleteAnswer, requireFormat, statusError } from "../../http"
import { odooError } from "../errors"
import { createExecuteKw, RpcAccess } from "../execute-kw"
import type { OdooAnswer, OdooProtocol } from "../protocol"
import { isSendable } from "../sendable"
import { stampOfHttpDate } from "../windows"
import { Decoded, decodeResponse, encodeCall } from "./codec"
import { exceptionOf, isNone } from "./faults"

/**
 * `/xmlrpc/2/common` and `/xmlrpc/2/object`, Odoo 17 to 21: errors are faults under a good status,
 * and so is Python's None after the work was done. Only texts of characters that XML has can be sent.
 */
export const createXmlRpc = (access: RpcAccess): OdooProtocol => {
  requireWritable(access)
  return {
    name: "xmlrpc",
    charset: "xml",
    ...createExecuteKw(access, ({ service, method, args }, tried, request) =>
      access.http.call(
        {
          method: "POST",
          url: `/xmlrpc/2/${service}`,
          headers: { "Content-Type": "text/xml" },
          body: encodeCall(method, args),
          tried,
          ...request,
        },
        (answer) => interpret(answer, tried),
      ),
    ),
  }
}

/** Credentials go with every call, past the check of its values. */
const requireWritable = ({ database, login, secret }: RpcAccess): void => {
  const named = Object.entries({ database, login, "password or API key": secret })
  const unfit = named.find(([, text]) => !isSendable(text, "xml"))
  if (unfit === undefined) return
  throw new SyncError({
    kind: "config",
    code: "options_invalid",
    message: `The ${unfit[0]} holds control characters, which XML-RPC has no place for.`,
    remedy: "Correct the connection's credentials, or leave `protocol` at `auto`.",
    scope: "connection",
  })
}

const interpret = async (answer: HttpAnswer, tried: string): Promise<OdooAnswer> => {
  const isPage = answer.status >= 400 && !hasFormat(answer, "XML")
  if (isPage || (answer.status >= 300 && answer.status < 400)) throw statusError(answer, tried)
  requireFormat(answer, tried, "XML")
  const decoded = await decodedOf(answer, tried)
  const served_at = stampOfHttpDate(answer.headers["date"])
  if ("fault" in decoded) {
    if (isNone(decoded.fault)) return { value: null, served_at }
    throw odooError(exceptionOf(decoded.fault), tried, answer.retry_after_ms)
  }
  if (answer.status !== 200) throw statusError(answer, tried)
  return { value: decoded.value, served_at }
}

const decodedOf = async (answer: HttpAnswer, tried: string): Promise<Decoded> => {
  try {
    return await decodeResponse(answer.text)
  } catch {
    throw incompleteAnswer(answer, tried, "XML")
  }
}
