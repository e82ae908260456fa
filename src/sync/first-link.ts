import { ErpProduct, ErpVariant } from "./canonical"
import { optionNames, withDefaultOption } from "./default-option"
import { ErpId, MedusaId } from "./ids"
import { optionKey, valueKey } from "./plan-structure"
import { MedusaProduct } from "./snapshot"

/** A live variant of the store found under a match key. */
export interface FoundVariant {
  value: string
  variant_id: MedusaId
  product_id: MedusaId
}

export type FirstLink =
  | { kind: "create" }
  | { kind: "adopt"; product_id: MedusaId; pairs: { erp: ErpVariant; variant_id: MedusaId }[] }
  /** Not clear enough for a machine: it is proposed, for a person. */
  | { kind: "ambiguous"; key: string; message: string }

/** The value by which a variant is matched, null when it has none. */
export const matchValue = (variant: ErpVariant, by: "sku" | "barcode"): string | null => {
  const value = by === "sku" ? variant.sku : variant.barcode
  return value === null || value.trim() === "" ? null : value
}

/**
 * Decides whether an unlinked ERP product is one that the store already has. It is, only if all its
 * matched variants belong to one unlinked product and no key repeats on either side.
 * @param found live variants of the store with one of this product's keys
 * @param taken products and variants of the store that are linked already
 * @param repeated keys that occur more than once among the ERP records at hand
 */
export const planFirstLink = (
  erp: ErpProduct,
  by: "sku" | "barcode",
  found: FoundVariant[],
  taken: ReadonlySet<MedusaId>,
  repeated: ReadonlySet<string>,
): FirstLink => {
  const byValue = new Map<string, FoundVariant[]>()
  for (const entry of found) {
    byValue.set(entry.value, [...(byValue.get(entry.value) ?? []), entry])
  }
  const pairs: { erp: ErpVariant; variant_id: MedusaId; product_id: MedusaId; key: string }[] = []
  for (const variant of erp.variants.filter((entry) => entry.active)) {
    const key = matchValue(variant, by)
    if (key === null) {
      continue
    }
    const [match, ...more] = byValue.get(key) ?? []
    if (!match) {
      continue
    }
    if (more.length > 0) {
      return ambiguous(key, `${by} "${key}" occurs more than once in the store`)
    }
    if (repeated.has(key)) {
      return ambiguous(key, `${by} "${key}" occurs more than once in the ERP`)
    }
    if (taken.has(match.variant_id) || taken.has(match.product_id)) {
      return ambiguous(key, `${by} "${key}" belongs to a product that is linked to another record`)
    }
    pairs.push({ erp: variant, key, ...match })
  }
  const [first] = pairs
  if (!first) {
    return { kind: "create" }
  }
  const other = pairs.find((pair) => pair.product_id !== first.product_id)
  if (other) {
    return ambiguous(
      other.key,
      `its variants match several products of the store (${by} "${first.key}" and "${other.key}")`,
    )
  }
  return { kind: "adopt", product_id: first.product_id, pairs }
}

const ambiguous = (key: string, message: string): FirstLink => ({ kind: "ambiguous", key, message })

export interface AdoptedOptions {
  /** Option and value links found by title. */
  links: { entity: "option" | "option_value"; erp_id: ErpId; medusa_id: MedusaId }[]
  /** True when the store's options are not the ERP's: structure is then left alone. */
  foreign: boolean
}

/** Pairs the options of an adopted product with the ERP's by title, ignoring case. */
export const adoptOptions = (product: ErpProduct, medusa: MedusaProduct): AdoptedOptions => {
  const erp = withDefaultOption(product)
  const names = optionNames(erp)
  const links: AdoptedOptions["links"] = []
  const same = (a: string | undefined, b: string): boolean =>
    a?.toLowerCase() === b.trim().toLowerCase()
  let foreign = medusa.options.length !== erp.options.length
  const simple =
    erp !== product && medusa.options.length === 1 && medusa.options[0]?.values.length === 1
  for (const option of erp.options) {
    const held = simple
      ? medusa.options[0]
      : medusa.options.find((entry) => same(names.option(option.id), entry.title))
    if (!held) {
      foreign = true
      continue
    }
    links.push({
      entity: "option",
      erp_id: optionKey(product.id, option.id) as ErpId,
      medusa_id: held.id,
    })
    for (const value of option.values) {
      const heldValue = simple
        ? held.values[0]
        : held.values.find((entry) => same(names.value(option.id, value.id), entry.value))
      if (heldValue) {
        links.push({
          entity: "option_value",
          erp_id: valueKey(product.id, option.id, value.id) as ErpId,
          medusa_id: heldValue.id,
        })
      }
    }
  }
  return { links, foreign }
}
