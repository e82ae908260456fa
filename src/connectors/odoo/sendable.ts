import { SyncError } from "../../sync/errors"
import { shown } from "../door"
import { Charset, OdooCall, triedOf } from "./protocol"

/**
 * What no request can carry: half a surrogate pair is no character anywhere, and XML 1.0 has no
 * control characters but tab, line feed and carriage return. PostgreSQL keeps no NUL besides.
 */
const UNFIT: Readonly<Record<Charset, RegExp>> = {
  json: /\p{Surrogate}/u,
  xml: /(?![\t\n\r\u007f-\u009f])\p{Cc}|[\ufffe\uffff]|\p{Surrogate}/u,
}

export const isSendable = (text: string, charset: Charset): boolean =>
  !text.includes("\0") && !UNFIT[charset].test(text)

/**
 * The call without what is `undefined`, which XML-RPC would send as an empty text. A number that is
 * none, which JSON would send as nothing and Odoo keep, is refused before anything is sent; so is a
 * text with characters that the protocol has no place for.
 * @throws SyncError `unsendable`, of kind data
 */
export const sendable = (call: OdooCall, charset: Charset): OdooCall => {
  const clean = (value: unknown, name: string): unknown => {
    if (typeof value === "string" && !isSendable(value, charset)) {
      throw unsendable(call, name, value, UNFIT_TEXT)
    }
    if (typeof value === "number" && !Number.isFinite(value)) {
      throw unsendable(call, name, value, { is: "is not a number", remedy: "Enter a number." })
    }
    if (Array.isArray(value)) return value.map((item) => clean(item ?? null, name))
    if (typeof value !== "object" || value === null) return value
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]) =>
        item === undefined ? [] : [[key, clean(item, key)]],
      ),
    )
  }
  return { ...call, args: clean(call.args ?? {}, "") as Record<string, unknown> }
}

export const UNFIT_TEXT = {
  is: "holds control characters, which Odoo cannot be sent",
  remedy: "Enter the text anew without them; they often come along when text is pasted.",
}

const unsendable = (
  call: OdooCall,
  name: string,
  value: unknown,
  { is, remedy }: typeof UNFIT_TEXT,
): SyncError =>
  new SyncError({
    kind: "data",
    code: "unsendable",
    message: `${triedOf(call)}: "${name}" ${is}; nothing was sent.`,
    remedy,
    field: name,
    value: shown(value),
  })
