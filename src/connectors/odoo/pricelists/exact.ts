import Big from "big.js"

/**
 * Decimals of the price rules. Divisions, which only conversions between currencies need, keep 40
 * digits: more than any chain of rules could use up.
 */
export const Exact = Big()
Exact.DP = 40

export type Exact = Big

export const ZERO: Exact = new Exact(0)
export const ONE: Exact = new Exact(1)

/** A double holds 15 significant decimal digits for certain; what follows is noise. */
const CERTAIN_DIGITS = 15

/** A number of Odoo's, its float noise taken off; null where it is none (a NaN, an empty field). */
export const exactOf = (value: unknown): Exact | null => {
  // Most fields of a rule are 0, and a page has thousands of rules.
  if (value === 0) return ZERO
  return typeof value === "number" && Number.isFinite(value)
    ? new Exact(value.toPrecision(CERTAIN_DIGITS))
    : null
}

/**
 * Rounds to a multiple of `step`, halves away from zero. Odoo takes what lies closer to a half than
 * its floats can tell for a half; so does this.
 */
export const roundTo = (value: Exact, step: Exact): Exact =>
  value.eq(0)
    ? ZERO
    : value.div(step).prec(CERTAIN_DIGITS, Big.roundHalfUp).round(0, Big.roundHalfUp).times(step)

/** Plain decimal text with at most the twelve decimals that the canonical model carries. */
export const plainOf = (value: Exact): string => {
  const rounded = value.round(12, Big.roundHalfUp)
  return rounded.eq(0) ? "0" : rounded.toFixed()
}
