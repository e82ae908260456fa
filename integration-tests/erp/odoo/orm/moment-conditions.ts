import { valueError } from "./errors"
import { DAY, parseMoment, SECOND, wholeSecond, type ParsedMoment } from "./moments"
import type { OdooVersion } from "./schema"
import type { Json, Value } from "./values"

type Test = (value: Value) => boolean

const NEVER: Test = () => false

function read(value: Json, version: OdooVersion, quote: string): ParsedMoment | undefined {
  if (typeof value !== "string") return undefined
  const parsed = parseMoment(value)
  if (parsed === undefined) throw valueError(`Invalid date or datetime ${quote}`)
  // Copies: 17 and 18 hand the text to PostgreSQL, which ignores the zone; 19 refuses it.
  if (version >= 19 && parsed.zone !== "") {
    throw valueError(`expecting only datetimes with no timezone: '${value}'`)
  }
  return parsed
}

/**
 * 17 and 18 compare the stored microseconds with the value as given: what shows as `10:00:00` is
 * not `= '10:00:00'` and is `> '10:00:00'`. A bare date means its end for `>` and `<=`.
 */
function testExact(operator: string, parsed: ParsedMoment): Test {
  const endOfDay = parsed.dateOnly && (operator === ">" || operator === "<=")
  const bound = endOfDay ? parsed.micros + DAY - SECOND : parsed.micros
  switch (operator) {
    case "=":
      return (value) => value === bound
    case "!=":
      return (value) => value !== bound
    case ">":
      return (value) => typeof value === "number" && value > bound
    case ">=":
      return (value) => typeof value === "number" && value >= bound
    case "<":
      return (value) => typeof value === "number" && value < bound
    default:
      return (value) => typeof value === "number" && value <= bound
  }
}

/**
 * 19 drops microseconds and rewrites to whole seconds: `> t` becomes `>= t + 1 s`, `<= t` becomes
 * `< t + 1 s`, `= t` is the whole second. So `> last seen` skips what changed later in that second.
 */
function testWholeSeconds(operator: string, parsed: ParsedMoment): Test {
  const start = wholeSecond(parsed.micros)
  const step = parsed.dateOnly ? DAY : SECOND
  switch (operator) {
    case "=":
      return (value) => typeof value === "number" && value >= start && value < start + SECOND
    case "!=":
      return (value) => !(typeof value === "number" && value >= start && value < start + SECOND)
    case ">":
      return (value) => typeof value === "number" && value >= start + step
    case ">=":
      return (value) => typeof value === "number" && value >= start
    case "<":
      return (value) => typeof value === "number" && value < start
    default:
      return (value) => typeof value === "number" && value < start + step
  }
}

/** Compiles a comparison with a moment (`=`, `!=`, `<`, `<=`, `>`, `>=`) the way a version does it. */
export function momentTest(
  operator: string,
  value: Json,
  version: OdooVersion,
  quote: string,
): Test {
  const parsed = read(value, version, quote)
  if (parsed === undefined) {
    if (operator === "=") return (stored) => stored === false
    return operator === "!=" ? (stored) => stored !== false : NEVER
  }
  return version >= 19 ? testWholeSeconds(operator, parsed) : testExact(operator, parsed)
}
