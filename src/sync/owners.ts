import { Rules } from "./rules"
import { FieldName, Owner } from "./values"

/** Who owns a field unless the options say otherwise. */
const DEFAULT_OWNERS: Readonly<Record<string, Owner>> = {
  title: "both",
  description: "both",
  category: "both",
  name: "both",
  parent: "both",
  variant_title: "both",
  option_title: "both",
  sku: "erp",
  barcode: "erp",
  weight: "erp",
  price: "erp",
  price_list: "erp",
  stock: "erp",
  images: "erp",
  tag: "erp",
  tracked: "erp",
  attribute: "erp",
}

/** Families without an owner of their own go by that of another one. */
const SAME_OWNER: Readonly<Record<string, string>> = { tracked: "stock", price_list: "price" }

/** Field of which family a name is: `price:eur` is `price`. */
export const familyOf = (field: FieldName): string => field.split(":", 1)[0] ?? field

/** The owner of a field of an entity; an unknown field belongs to Medusa: it is never written. */
export const ownerOf = (rules: Pick<Rules, "owners">, ownerKey: string): Owner => {
  const family = familyOf(ownerKey)
  const owner = rules.owners[ownerKey] ?? rules.owners[family]
  // Whose the stock is, decides whether any is kept; price lists are whose the prices are.
  const decider = SAME_OWNER[family]
  const byDefault = decider === undefined ? undefined : rules.owners[decider]
  return owner ?? byDefault ?? DEFAULT_OWNERS[family] ?? "medusa"
}
