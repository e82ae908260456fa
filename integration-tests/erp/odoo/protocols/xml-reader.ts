import { OdooError } from "../orm/errors"
import type { Json } from "../orm/values"

/** An element with what stands in it. */
export interface Element {
  readonly name: string
  readonly children: Element[]
  text: string
}

/** Copies: a text that is no XML is an error of the parser, whatever was meant. */
export class ExpatError extends OdooError {
  constructor(problem: string, text: string, at: number) {
    const before = text.slice(0, at).split("\n")
    const place = `line ${before.length}, column ${before.at(-1)?.length ?? 0}`
    super("xml.parsers.expat.ExpatError", `${problem}: ${place}`, 500)
  }
}

const INVALID = "not well-formed (invalid token)"
const ILLEGAL = /(?![\t\n\r\u007f-\u009f])\p{Cc}|[\ufffe\uffff]|\p{Surrogate}/u
const TOKEN =
  /<!\[CDATA\[([^]*?)\]\]>|<\?[^]*?\?>|<!--[^]*?-->|<(\/?)([A-Za-z][\w.:-]*)\s*(\/?)>|[^<]+/y

/**
 * Reads XML as strictly as Python's expat does, as far as XML-RPC goes: no attributes.
 *
 * @throws {ExpatError} for what is not well-formed, illegal characters included.
 */
export function readXml(text: string): Element {
  const illegal = ILLEGAL.exec(text)
  if (illegal !== null) throw new ExpatError(INVALID, text, illegal.index)
  const root: Element = { name: "", children: [], text: "" }
  const open: Element[] = [root]
  let at = 0
  while (at < text.length) {
    TOKEN.lastIndex = at
    const token = TOKEN.exec(text)
    if (token === null)
      throw new ExpatError(text.includes(">", at) ? INVALID : "unclosed token", text, at)
    const [whole, cdata, slash, name, empty] = token
    const top = open.at(-1) ?? root
    if (cdata !== undefined) top.text += normalised(cdata)
    else if (name === undefined) addText(top, whole, text, at)
    else if (slash === "/") close(open, name, text, at)
    else {
      const element: Element = { name, children: [], text: "" }
      top.children.push(element)
      if (empty !== "/") open.push(element)
    }
    at += whole.length
  }
  const [first, ...others] = root.children
  if (first === undefined || open.length > 1)
    throw new ExpatError("no element found", text, text.length)
  if (others.length > 0) throw new ExpatError("junk after document element", text, text.length)
  return first
}

function close(open: Element[], name: string, text: string, at: number): void {
  if (open.length < 2 || open.pop()?.name !== name) throw new ExpatError("mismatched tag", text, at)
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
}

function addText(element: Element, raw: string, text: string, at: number): void {
  // Markup such as `<?xml ...?>` and comments is no text.
  if (raw.startsWith("<")) return
  element.text += normalised(raw).replace(/&([^;\s]*)(;?)/g, (_all, name: string, end: string) => {
    if (end === "") throw new ExpatError(INVALID, text, at)
    const number = /^#(?:x([\da-f]+)|(\d+))$/i.exec(name)
    if (number === null) {
      const known = ENTITIES[name]
      if (known === undefined) throw new ExpatError("undefined entity", text, at)
      return known
    }
    const character = String.fromCodePoint(
      parseInt(number[1] ?? number[2] ?? "", number[1] ? 16 : 10),
    )
    if (ILLEGAL.test(character)) {
      throw new ExpatError("reference to invalid character number", text, at)
    }
    return character
  })
}

/** Copies: a parser of XML sees line feeds alone; a carriage return must be written as `&#13;`. */
const normalised = (text: string): string => text.replace(/\r\n?/g, "\n")

const error = (name: string, message: string): OdooError =>
  new OdooError(`builtins.${name}`, message, 500)

/** The value that a `<value>` holds, as Python's `xmlrpc.client` reads it. */
export function valueOf({ children, text }: Element): Json {
  const [typed] = children
  const read = typed && READERS[typed.name]
  return typed && read ? read(typed) : text
}

const READERS: Readonly<Record<string, (element: Element) => Json>> = {
  nil: () => null,
  int: integer,
  i4: integer,
  i8: integer,
  boolean: ({ text }) => {
    if (text !== "0" && text !== "1") throw error("TypeError", "bad boolean value")
    return text === "1"
  },
  double: ({ text }) => {
    const value = SPECIAL[text.trim().toLowerCase()] ?? Number(text)
    if (Number.isNaN(value) && !/^[-+]?nan$/i.test(text.trim())) {
      throw error("ValueError", `could not convert string to float: '${text}'`)
    }
    return value
  },
  string: ({ text }) => text,
  base64: ({ text }) => text.replace(/\s+/g, ""),
  "dateTime.iso8601": ({ text }) =>
    text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d:\d\d:\d\d)$/, "$1-$2-$3 $4"),
  array: ({ children }) => (children[0]?.children ?? []).map(valueOf),
  struct: ({ children }) =>
    Object.fromEntries(
      children.map(({ children: [name, value] }) => [
        name?.text ?? "",
        value === undefined ? null : valueOf(value),
      ]),
    ),
}

const SPECIAL: Readonly<Record<string, number>> = { inf: Infinity, "-inf": -Infinity, nan: NaN }

function integer({ text }: Element): Json {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) {
    throw error("ValueError", `invalid literal for int() with base 10: '${text}'`)
  }
  return Number(text)
}

export interface MethodCall {
  readonly method: string
  readonly params: readonly Json[]
}

/** @throws {OdooError} `ExpatError`, or what Python says of a value that is none. */
export function readCall(text: string): MethodCall {
  const root = readXml(text)
  const method = root.children.find(({ name }) => name === "methodName")?.text ?? ""
  const params = root.children.find(({ name }) => name === "params")?.children ?? []
  return { method, params: params.flatMap(({ children }) => children.map(valueOf)) }
}
