import Big from "big.js"

/** Exact decimals as text. Money and quantities never become floats. */

export type Rounding = "half-up" | "half-even" | "down" | "up"

const MODES: Record<Rounding, 0 | 1 | 2 | 3> = { down: 0, "half-up": 1, "half-even": 2, up: 3 }

/** Canonical text of a decimal: no exponent, no trailing zeros, no `-0`. */
export const canonicalDecimal = (value: string | Big): string => new Big(value).toFixed()

/** Rounds to the given digits after the point. */
export const roundDecimal = (value: string, digits: number, rounding: Rounding): string =>
  canonicalDecimal(new Big(value).round(digits, MODES[rounding]))

export const equalDecimals = (a: string, b: string): boolean => new Big(a).eq(b)

export const addDecimals = (...values: string[]): string =>
  canonicalDecimal(values.reduce((sum, value) => sum.plus(value), new Big(0)))

export const subtractDecimals = (a: string, b: string): string =>
  canonicalDecimal(new Big(a).minus(b))

export const minDecimal = (first: string, ...rest: string[]): string =>
  rest.reduce((least, value) => (new Big(value).lt(least) ? value : least), first)

export const maxDecimal = (first: string, ...rest: string[]): string =>
  rest.reduce((most, value) => (new Big(value).gt(most) ? value : most), first)

export const isZero = (value: string): boolean => new Big(value).eq(0)

export const isNegative = (value: string): boolean => new Big(value).lt(0)

/** Grams per unit, exact by definition of the international pound. */
const GRAMS = { g: "1", kg: "1000", lb: "453.59237", oz: "28.349523125" } as const
export type WeightUnit = keyof typeof GRAMS

/**
 * Converts a weight. Medusa keeps weights in a four-byte float, so that no more than six significant
 * digits survive: they are cut here, once, and both sides compare equal afterwards.
 */
export const convertWeight = (value: string, from: WeightUnit, to: WeightUnit): string =>
  canonicalDecimal(new Big(value).times(GRAMS[from]).div(GRAMS[to]).prec(6, 1))
