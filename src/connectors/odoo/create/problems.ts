import Big from "big.js"

import type { CreatedVariant, Creation } from "../../contract"
import { LIST } from "../map-prices"
import { Unsupported, unsupported } from "../write/outcomes"

/** Options that tell variants apart: those with a choice. */
export const choicesOf = ({ options }: Creation): Creation["options"] =>
  options.filter(({ values }) => values.length > 1)

/** Name of an option or value as Odoo's are looked for: ignoring case and outer white space. */
export const plainName = (name: string): string => name.trim().toLowerCase()

/** What identifies a variant among its siblings: its values, in the order of the options. */
export const combinationOf = (creation: Creation, variant: CreatedVariant): string =>
  JSON.stringify(choicesOf(creation).map(({ title }) => plainName(variant.options[title] ?? "")))

/** Why Odoo could not hold this product as it is, or null. `currency` is the company's. */
export const creationProblem = (creation: Creation, currency: string): Unsupported | null =>
  nameProblem(creation) ??
  categoryProblem(creation) ??
  matrixProblem(creation) ??
  priceProblem(creation, currency)

const nameProblem = ({ title }: Creation): Unsupported | null =>
  title.trim() === ""
    ? unsupported("title", "Nothing in Odoo goes without a name.", "Give the product a title.")
    : null

const categoryProblem = ({ category_ids: ids }: Creation): Unsupported | null =>
  ids.length > 1
    ? unsupported(
        "category",
        "A product stands in one category in Odoo.",
        "Leave it in one linked category.",
      )
    : null

/** Odoo makes a variant of every combination; it has no place for fewer. */
const matrixProblem = (creation: Creation): Unsupported | null => {
  const { variants, options } = creation
  const names = options.map(({ title }) => plainName(title))
  const doubled = options.find(
    ({ title, values }, at) =>
      names.indexOf(plainName(title)) !== at ||
      new Set(values.map(plainName)).size !== values.length,
  )
  if (doubled) {
    return unsupported(
      "options",
      `Odoo does not tell names of "${doubled.title}" apart that differ in case alone.`,
      "Rename the option or its values.",
    )
  }
  const full = choicesOf(creation).reduce((count, { values }) => count * values.length, 1)
  const known = new Set(variants.map((variant) => combinationOf(creation, variant)))
  const named = variants.every((variant) =>
    choicesOf(creation).every(({ title, values }) =>
      values.map(plainName).includes(plainName(variant.options[title] ?? "")),
    ),
  )
  return variants.length > 0 && named && known.size === variants.length && full === variants.length
    ? null
    : unsupported(
        "options",
        `Odoo makes a variant of every combination, ${full} in all; the product has ${variants.length}.`,
        "Add the missing variants, or create the product in Odoo.",
      )
}

const priceProblem = ({ variants }: Creation, currency: string): Unsupported | null => {
  for (const variant of variants) {
    const other = variant.prices.find((price) => price.list !== LIST || price.currency !== currency)
    if (other) {
      return unsupported(
        `price:${other.list}:${other.currency}`,
        `Odoo keeps a product's sales price in ${currency.toUpperCase()} alone.`,
        "Keep such prices in Odoo's price lists.",
      )
    }
    if (variant.prices.length === 0) {
      return unsupported(
        `price:${LIST}:${currency}`,
        "A product in Odoo always has a price.",
        `Give every variant a price in ${currency.toUpperCase()}.`,
      )
    }
  }
  return null
}

/**
 * The one price that Odoo keeps for the product, when the variants' prices differ by nothing but what
 * their attribute values add (`extraOf`); null otherwise.
 */
export const commonPrice = (
  { variants }: Creation,
  extraOf: (variant: CreatedVariant) => Big,
): string | null => {
  const [price, ...others] = new Set(
    variants.map((variant) =>
      new Big(variant.prices[0]?.amount ?? 0).minus(extraOf(variant)).toFixed(),
    ),
  )
  return price !== undefined && others.length === 0 ? price : null
}
