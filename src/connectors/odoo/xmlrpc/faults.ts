import type { OdooException } from "../errors"
import type { Fault } from "./codec"

const NONE = "cannot marshal None unless allow_none is enabled"

/**
 * Whether the call succeeded, and was committed, with nothing to say: Odoo fails to write None only
 * when all is done. The same words from inside the call, whose transaction is undone, come with the
 * frame that dispatched it.
 */
export const isNone = ({ code, text }: Fault): boolean => {
  if (code !== 1) return false
  const { name, message } = raisedIn(text)
  return name === "builtins.TypeError" && message === NONE && !/\bdispatch_rpc\b/.test(text)
}

/**
 * The exception behind a fault, named as the JSON protocols name it. Codes 2 to 4 say the kind and
 * carry the message alone; 1 is a traceback. The old endpoint's codes are texts.
 */
export const exceptionOf = ({ code, text }: Fault): OdooException => {
  switch (code) {
    case 1:
      return raisedIn(text)
    case 2:
      return { name: `odoo.exceptions.${warningIn(text)}`, message: text }
    case 3:
      return { name: "odoo.exceptions.AccessDenied", message: text }
    case 4:
      return { name: "odoo.exceptions.AccessError", message: text }
    default:
      return typeof code === "string"
        ? oldException(code, text)
        : { name: "unnamed", message: text }
  }
}

/**
 * Its last line names the record and the user, in whatever language: `(Record: product.template(9,),
 * User: 2)`.
 */
const MISSING = /\n[^\n]*\b[a-z_]\w*(?:\.\w+)*\((?:\d+, ?)+(?:\d+)?\)[^\n]*\d+\S?\s*$/

const warningIn = (text: string): string => {
  if (MISSING.test(text)) return "MissingError"
  return text.startsWith("Cannot grab a lock on records") ? "LockError" : "UserError"
}

const TRACEBACK = "Traceback (most recent call last):\n"

/**
 * What a traceback ends with: the first line that is no frame, and what follows it. Messages of
 * PostgreSQL go on over several lines. Built-in exceptions stand there without their module.
 */
const raisedIn = (text: string): OdooException => {
  const start = text.lastIndexOf(TRACEBACK)
  const lines = text.slice(start < 0 ? 0 : start + TRACEBACK.length).split("\n")
  const at = start < 0 ? lastFilled(lines) : lines.findIndex((line) => /^\S/.test(line))
  const told = lines.slice(Math.max(at, 0)).join("\n").trimEnd()
  const { name = "", message = "" } =
    /^(?<name>[\w.]+)(?:: (?<message>[^]*))?$/.exec(told)?.groups ?? {}
  if (name === "") return { name: "unnamed", message: told }
  return { name: name.includes(".") ? name : `builtins.${name}`, message }
}

const lastFilled = (lines: readonly string[]): number =>
  lines.findLastIndex((line) => line.trim() !== "")

/** `AccessDenied`, `warning -- MissingError` and a blank line, or the message of any other. */
const oldException = (code: string, text: string): OdooException => {
  if (code === "AccessDenied") return { name: "odoo.exceptions.AccessDenied", message: text }
  const { name, message = "" } =
    /^warning -- (?<name>\w+)\s*(?<message>[^]*)$/.exec(code)?.groups ?? {}
  if (name === undefined) return raisedIn(text)
  // Odoo calls a warning that leads elsewhere just a warning.
  return { name: `odoo.exceptions.${name === "Warning" ? "UserError" : name}`, message }
}
