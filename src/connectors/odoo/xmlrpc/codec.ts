// The store that runs from source compiles file by file, and would not see the declarations.
/// <reference path="./npm.d.ts" />

import { setImmediate as nextTurn } from "node:timers/promises"

import CustomType from "xmlrpc/lib/customtype"
import Deserializer from "xmlrpc/lib/deserializer"
import { serializeMethodCall } from "xmlrpc/lib/serializer"

/** An exception on the other side, as XML-RPC reports it. */
export interface Fault {
  code: unknown
  text: string
}

export type Decoded = { value: unknown } | { fault: Fault }

/**
 * A call as XML. Its values are already fit to be sent: finite, without `undefined`, of characters
 * that XML has.
 */
export const encodeCall = (method: string, params: readonly unknown[]): string =>
  serializeMethodCall(method, params.map(wired))

/** The library puts such text into CDATA, where it fails at `]]>` and loses carriage returns. */
class EscapedText extends CustomType {
  override tagName = "string"
}

/** The library calls everything without decimals an int, `1e+21` too, which Python does not read. */
class Double extends CustomType {
  override tagName = "double"
}

const wired = (value: unknown): unknown => {
  if (typeof value === "string") return /[<&]|\]\]>/.test(value) ? new EscapedText(value) : value
  if (typeof value === "number") {
    return Number.isInteger(value) && !Number.isSafeInteger(value)
      ? new Double(String(value))
      : value
  }
  if (Array.isArray(value)) return value.map(wired)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, wired(item)]))
}

/**
 * An answer's value or fault. The library's parser takes 200 ms for a megabyte and a half: it gets
 * the text in pieces, and others have their turn in between.
 * @throws Error when it is not a complete answer
 */
export const decodeResponse = (xml: string): Promise<Decoded> =>
  new Promise((resolve, reject) => {
    let isDone = false
    const settle = (error: unknown, value?: unknown) => {
      isDone = true
      if (isFault(error)) {
        resolve({ fault: { code: error.faultCode, text: error.faultString } })
      } else if (error || value === undefined) {
        reject(new Error("not an XML-RPC answer", { cause: error }))
      } else {
        resolve({ value })
      }
    }
    const feed = async (sink: { write(text: string): boolean; end(): void }) => {
      const text = simplified(xml)
      for (let at = 0; at < text.length && !isDone; at += PIECE) {
        sink.write(text.slice(at, at + PIECE))
        await nextTurn()
      }
      sink.end()
      if (!isDone) settle(new Error("no end"))
    }
    // Fed by hand and not by a stream: what the library throws in a stream's events ends the process.
    const source = {
      setEncoding: () => {},
      on: () => {},
      pipe: (sink: Parameters<typeof feed>[0]) =>
        void feed(sink).catch((error: unknown) => settle(error)),
    }
    new Deserializer().deserializeMethodResponse(source, settle)
  })

/** Characters: some 8 ms of parsing. */
const PIECE = 65_536

const isFault = (error: unknown): error is { faultCode: unknown; faultString: string } =>
  typeof (error as { faultString?: unknown } | null)?.faultString === "string"

const TYPED =
  /<(i8|base64|dateTime\.iso8601)>([^<]*)<\/\1>|<double>\s*([-+]?)(nan|inf)\w*\s*<\/double>/gi

/**
 * Elements that the library makes something of which JSON has no counterpart for, as what JSON would
 * hold: long integers become numbers, moments and bytes texts. `nan` would fail the whole page; as a
 * text it is refused at the door with its record alone.
 */
const simplified = (xml: string): string =>
  xml.replace(TYPED, (_all, type: string | undefined, text = "", sign = "", word = "") => {
    switch (type?.toLowerCase()) {
      case "i8":
        return Number.isSafeInteger(Number(text)) ? `<int>${text}</int>` : asText(text)
      case "datetime.iso8601":
        return asText(stampOf(text))
      case "base64":
        return asText(text.replace(/\s+/g, ""))
      default:
        return asText(word.toLowerCase() === "nan" ? "NaN" : `${sign === "-" ? "-" : ""}Infinity`)
    }
  })

const asText = (text: string): string => `<string>${text}</string>`

/** `20261123T02:50:53` as Odoo writes moments elsewhere. */
const stampOf = (text: string): string =>
  text.trim().replace(/^(\d{4})-?(\d\d)-?(\d\d)T(\d\d:\d\d:\d\d).*$/, "$1-$2-$3 $4")
