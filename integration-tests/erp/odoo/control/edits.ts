import { isObject, type Json, type JsonObject } from "../orm/values"
import type { Edits } from "../world"

/** A control request that makes no sense; answered with 400 and this text. */
export class BadControl extends Error {}

function text(body: JsonObject, key: string): string {
  const value = body[key]
  if (typeof value !== "string") throw new BadControl(`"${key}" must be a text`)
  return value
}

function number(body: JsonObject, key: string): number {
  const value = body[key]
  if (typeof value !== "number") throw new BadControl(`"${key}" must be a number`)
  return value
}

function ids(body: JsonObject): number | readonly number[] {
  const value = body["ids"] ?? body["id"]
  if (typeof value === "number") return value
  if (Array.isArray(value)) return value.filter((id): id is number => typeof id === "number")
  throw new BadControl('"ids" must be a number or a list of numbers')
}

function object(body: JsonObject, key: string): JsonObject {
  const value = body[key]
  if (value === undefined) return {}
  if (!isObject(value)) throw new BadControl(`"${key}" must be an object`)
  return value
}

/**
 * One edit as JSON: `{op: "write", model, ids, vals}`, `{op: "stock", variant, location, quantity}`,
 * `{op: "call", model, method, args}` and so on.
 */
export function applyEdit(edits: Edits, body: JsonObject): Json {
  const op = text(body, "op")
  switch (op) {
    case "create":
      return edits.create(text(body, "model"), object(body, "vals"), object(body, "context"))
    case "write":
      edits.write(text(body, "model"), ids(body), object(body, "vals"), object(body, "context"))
      return true
    case "unlink":
      edits.unlink(text(body, "model"), ids(body))
      return true
    case "archive":
      edits.archive(text(body, "model"), ids(body))
      return true
    case "unarchive":
      edits.unarchive(text(body, "model"), ids(body))
      return true
    case "call":
      return edits.call(text(body, "model"), text(body, "method"), object(body, "args"))
    case "stock":
      edits.setStock(number(body, "variant"), number(body, "location"), number(body, "quantity"))
      return true
    case "reserve":
      return edits.reserve(
        number(body, "variant"),
        number(body, "location"),
        number(body, "quantity"),
      )
    case "ship":
      edits.ship(number(body, "move_line"))
      return true
    default:
      throw new BadControl(`Unknown op "${op}"`)
  }
}
