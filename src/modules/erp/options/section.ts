import { z } from "@medusajs/framework/zod"
import { parseDuration } from "./duration"

/**
 * The pieces of the options' schema. The message of every issue is what was expected; for an unknown
 * key it is the list of the known ones.
 */

/** An object that takes no unknown keys. */
export const section = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: ({ code }) =>
      code === "unrecognized_keys" ? Object.keys(shape).join(" ") : "an object",
  })

export const oneOf = <const Choices extends readonly [string, ...string[]]>(...choices: Choices) =>
  z.enum(choices, {
    error: `${choices.length > 1 ? "one of " : ""}${choices.map((one) => `"${one}"`).join(", ")}`,
  })

export const text = (expected: string) =>
  z.string({ error: expected }).trim().min(1, { error: expected })

export const flag = () => z.boolean({ error: "true or false" })

export const listOf = <Item extends z.ZodType>(item: Item, of: string) =>
  z.array(item, { error: `a list of ${of}` })

/** An object with keys that only the ERP knows. */
export const bag = () => z.record(z.string(), z.unknown(), { error: "an object" })

export const wholeNumber = () =>
  z.int({ error: "a whole number above 0" }).min(1, { error: "a whole number above 0" })

/** Milliseconds of a time span. */
export const duration = (least = "0s") => {
  const expected =
    least === "0s"
      ? 'a time span such as "90s", "5m", "1h" or "7d"'
      : `a time span of at least "${least}", such as "5m", "1h" or "7d"`
  return z.string({ error: expected }).transform((value, context) => {
    const ms = parseDuration(value)
    if (ms !== null && ms >= (parseDuration(least) ?? 0)) return ms
    context.issues.push({ code: "custom", message: expected, input: value })
    return z.NEVER
  })
}
