import Big from "big.js"

import { familyOf } from "../../../sync/owners"
import type { FieldName } from "../../../sync/values"
import { decimalOf } from "../../decimal"
import { LIST } from "../map-prices"
import type { Row } from "../rows"
import { Outcomes, refused, unsupported } from "./outcomes"
import { Rows, templateOf } from "./present"
import type { Subject } from "./vals"
import { keyOf } from "./values"

/**
 * Odoo keeps one price for a product, to which its variants' attribute values add: a variant's price
 * can only be changed together with those of all its siblings, by the same amount. Says what
 * `list_price` becomes per change; what cannot be is entered in `outcomes`.
 */
export const planPrices = (
  subjects: readonly Subject[],
  variants: Rows,
  outcomes: Outcomes,
): ReadonlyMap<Subject, string> => {
  const planned = new Map<Subject, string>()
  const priced = subjects.filter((subject) => priceField(subject) !== undefined)
  for (const group of groupBy(priced, ({ row }) => templateOf(row)).values()) {
    planGroup(group, [...variants.values()], outcomes, planned)
  }
  return planned
}

export const priceField = ({ due }: Subject): FieldName | undefined =>
  due.find((field) => familyOf(field) === "price")

const planGroup = (
  all: readonly Subject[],
  variants: readonly Row[],
  outcomes: Outcomes,
  planned: Map<Subject, string>,
): void => {
  for (const subject of all) {
    const problem = outcomes.has(subject.change) ? null : ownProblem(subject)
    if (problem) outcomes.set(subject.change, problem)
  }
  const group = all.filter(({ change }) => !outcomes.has(change))
  const [first] = group
  if (!first) return
  const [list, ...others] = new Set(group.map(listPriceOf))
  const siblings = siblingsOf(first, variants)
  const left = siblings.filter(({ id }) => !group.some((subject) => subject.id === id))
  if (list !== undefined && others.length === 0 && left.length === 0) {
    for (const subject of group) planned.set(subject, list)
    return
  }
  const stale = left.some(({ id }) =>
    all.some(
      ({ id: other, change }) => other === id && outcomes.get(change)?.outcome === "refused",
    ),
  )
  for (const subject of group) {
    outcomes.set(subject.change, stale ? refused("newer_version") : notAlone(subject, left.length))
  }
}

/** Variants whose price moves with this one's; archived ones only where all of them are. */
const siblingsOf = ({ row }: Subject, variants: readonly Row[]): Row[] => {
  const own = variants.filter((variant) => templateOf(variant) === templateOf(row))
  const sold = own.filter((variant) => variant["active"] === true)
  return sold.length > 0 ? sold : own
}

/** The product's price that gives this variant the wanted one: less what its values add. */
const listPriceOf = (subject: Subject): string => {
  const { change, row } = subject
  const wanted = change.patch[priceField(subject) ?? ""]
  const added = decimal(row["lst_price"]).minus(decimal(row["list_price"]))
  return new Big(typeof wanted === "string" ? wanted : 0).minus(added).toFixed()
}

const decimal = (value: unknown): Big => new Big(decimalOf(Number(value)))

const ownProblem = (subject: Subject) => {
  const field = priceField(subject) ?? "price"
  const [list, currency] = keyOf(field).split(":")
  const { change, held } = subject
  if (list !== LIST || held[field] === null) {
    return unsupported(
      field,
      `Odoo keeps this product's sales price in its own currency alone, not in ${String(list)} ${String(currency)}.`,
      "Keep such prices in Odoo's price lists.",
    )
  }
  if (typeof change.patch[field] === "string") return null
  return unsupported(field, "A product in Odoo always has a price.", "Enter a price in the store.")
}

const notAlone = (subject: Subject, siblings: number) =>
  unsupported(
    priceField(subject) ?? "price",
    siblings > 0
      ? `Odoo keeps one price for the whole product: ${siblings} more variants would change theirs.`
      : "Odoo keeps one price for the whole product, and its variants' prices do not fit together.",
    "Give all variants the same change, or use price rules or extra prices of attribute values in Odoo.",
  )

const groupBy = <T, K>(items: readonly T[], keyOfItem: (item: T) => K): Map<K, T[]> => {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOfItem(item)
    groups.set(key, [...(groups.get(key) ?? []), item])
  }
  return groups
}
