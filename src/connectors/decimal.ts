import Big from "big.js"

/** A double holds 15 significant decimal digits for certain; what follows is noise. */
const CERTAIN_DIGITS = 15

/** The most decimals that the canonical model carries. */
const MOST_DECIMALS = 12

/**
 * The plain decimal that a JSON number stands for, without float noise: `0.1 + 0.2` is `"0.3"`,
 * 1.005 at two digits is `"1.01"` (half up, as ERPs round). No exponent, no trailing zeros, no `-0`.
 *
 * @param value finite
 * @param digits decimals that the ERP's field keeps; null when it keeps all
 */
export const decimalOf = (value: number, digits: number | null = null): string =>
  plain(bigOf(value).round(Math.min(digits ?? MOST_DECIMALS, MOST_DECIMALS), Big.roundHalfUp))

/** Sum of JSON numbers, rounded half up to a multiple of `step` (0.01, 1, 0.5); exact inside. */
export const decimalSum = (values: readonly number[], step: number | null = null): string => {
  const sum = values.reduce((total, value) => total.plus(bigOf(value)), new Big(0))
  if (step === null || !(step > 0)) return plain(sum.round(MOST_DECIMALS, Big.roundHalfUp))
  const unit = bigOf(step)
  return plain(sum.div(unit).round(0, Big.roundHalfUp).times(unit))
}

const bigOf = (value: number): Big => new Big(value.toPrecision(CERTAIN_DIGITS))

const plain = (value: Big): string => (value.eq(0) ? "0" : value.toFixed())
