import { ErpOption, ErpProduct, ErpVariant } from "./canonical"
import { erpId } from "./ids"

/** Medusa has no product without options; the admin's own names for the option that says nothing. */
export const DEFAULT_OPTION_ID = erpId("default")
export const DEFAULT_OPTION: ErpOption = {
  id: DEFAULT_OPTION_ID,
  title: "Default option",
  values: [{ id: DEFAULT_OPTION_ID, title: "Default option value" }],
}

/** A product without options gets the default one, so that one code path serves both. */
export const withDefaultOption = (product: ErpProduct): ErpProduct =>
  product.options.length > 0
    ? product
    : {
        ...product,
        options: [DEFAULT_OPTION],
        variants: product.variants.map((variant) => ({
          ...variant,
          option_values: [{ option_id: DEFAULT_OPTION_ID, value_id: DEFAULT_OPTION_ID }],
        })),
      }

/** Identity of a variant across renumbering: its pairs of dictionary ids, sorted. */
export const matchKeyOf = (variant: ErpVariant): string =>
  variant.option_values
    .map((pair) => `${pair.option_id}:${pair.value_id}`)
    .sort()
    .join(",")

/** A match key cut down to the given options; the default option says nothing and drops out. */
export const projectKey = (matchKey: string, optionIds: ReadonlySet<string>): string =>
  matchKey
    .split(",")
    .filter((pair) => optionIds.has(pair.split(":", 1)[0] ?? ""))
    .join(",")

/** Names made unique in their order: "Red", "Red (2)". Comparison ignores case, as shoppers do. */
export const uniqueNames = <T extends { title: string }>(items: readonly T[]): string[] => {
  const seen = new Map<string, number>()
  const taken = new Set<string>()
  return items.map((item) => {
    const title = item.title.trim()
    const count = (seen.get(title.toLowerCase()) ?? 0) + 1
    seen.set(title.toLowerCase(), count)
    let name = title
    while (taken.has(name.toLowerCase())) {
      name = `${name} (${count})`
    }
    taken.add(name.toLowerCase())
    return name
  })
}

/** Titles of a product's options and values as Medusa gets them, unique within their list. */
export interface OptionNames {
  option(optionId: string): string | undefined
  value(optionId: string, valueId: string): string | undefined
}

export const optionNames = (product: ErpProduct): OptionNames => {
  const titles = uniqueNames(product.options)
  const options = new Map(
    product.options.map((option, index) => [String(option.id), titles[index]]),
  )
  const values = new Map<string, string | undefined>(
    product.options.flatMap((option) => {
      const names = uniqueNames(option.values)
      return option.values.map(
        (value, index) => [`${option.id}:${value.id}`, names[index]] as const,
      )
    }),
  )
  return {
    option: (id) => options.get(id),
    value: (optionId, valueId) => values.get(`${optionId}:${valueId}`),
  }
}

/** Option title to value of a variant; null when the variant lacks a value for one of the options. */
export const assignmentOf = (
  product: ErpProduct,
  variant: ErpVariant,
  names: OptionNames,
): Record<string, string> | null => {
  const assignment: Record<string, string> = {}
  for (const option of product.options) {
    const pair = variant.option_values.find((entry) => entry.option_id === option.id)
    const title = names.option(option.id)
    const value = pair && names.value(option.id, pair.value_id)
    if (!title || !value) {
      return null
    }
    assignment[title] = value
  }
  return assignment
}

/** A variant's title: its values in the order of the options. */
export const variantTitle = (
  product: ErpProduct,
  variant: ErpVariant,
  names: OptionNames,
): string => {
  if (product.options[0]?.id === DEFAULT_OPTION_ID) {
    return "Default variant"
  }
  const values = product.options.flatMap((option) => {
    const pair = variant.option_values.find((entry) => entry.option_id === option.id)
    const name = pair && names.value(option.id, pair.value_id)
    return name ? [name] : []
  })
  return values.length > 0 ? values.join(" / ") : "Default variant"
}
