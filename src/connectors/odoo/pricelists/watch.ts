import type { RequestOptions } from "../../contract"
import type { Domain, Leaf } from "../domains"
import { idIn, newestOwn, Row } from "../rows"
import type { OdooSession } from "../session"
import { asStamp, Stamp } from "../windows"
import type { PriceFrame } from "./frame"
import { PriceOutline, RULE } from "./outline"
import { readAll } from "./read-all"
import { CATEGORY_RULE, holdsAt, TEMPLATE_RULE, VARIANT_RULE } from "./rule"
import { hashOf, Member, onlyGrew, PricesState, sumOf } from "./state"

/** What else than the products' own stamps says whose prices may be others. */
export interface PriceWatch {
  /** As it is now. */
  state: PricesState
  /** Newest stamp of a rule. */
  newest: Stamp | null
  /**
   * Conditions on variants, any of which makes one of them a suspect; null: all are.
   *
   * @param before the state that the last poll ended with; undefined when it knew of no lists
   * @param lo rules stamped from here on are looked at again
   */
  suspects(before: PricesState | undefined, lo: Stamp): readonly Leaf[] | null
}

const KEY_FIELDS = [
  "pricelist_id",
  "applied_on",
  "product_id",
  "product_tmpl_id",
  "categ_id",
  "date_start",
  "date_end",
  "write_date",
] as const

/**
 * Reads what each rule applies to and when. A rule's edit touches no product, and a deleted one
 * leaves nothing behind: the sum of all tells. Read before the rules themselves, so that one deleted
 * in between is missed by the next sum.
 * @throws SyncError
 */
export const readKeys = async (
  session: OdooSession,
  outline: PriceOutline,
  options: RequestOptions,
): Promise<Row[]> => {
  const domain: Domain = [["pricelist_id", "in", outline.lists]]
  const keys = Object.fromEntries(KEY_FIELDS.map((name) => [name, {}]))
  return (await readAll(session, RULE, domain, keys, options)).rows
}

export const watchOf = (rows: readonly Row[], frame: PriceFrame): PriceWatch => {
  const rules = rows.map(ruleMember)
  const categories = [...frame.parents].map(([id, parent]) => ({ id, text: String(parent) }))
  const state: PricesState = {
    facts: factsOf(frame),
    rules: sumOf(rules),
    categories: categories.length === 0 ? null : sumOf(categories),
    at: frame.now,
  }
  return {
    state,
    newest: newestOwn(rows),
    suspects(before, lo) {
      if (!before || before.facts !== state.facts || !onlyGrew(before.rules, rules)) return null
      if (before.categories && !onlyGrew(before.categories, categories)) return null
      return leavesOf(rows.filter((row) => isFresh(row, lo) || hasTurned(row, before.at, state.at)))
    },
  }
}

const factsOf = ({ mapped, lists, pricelists, rates }: PriceFrame): string =>
  hashOf([
    mapped.map(({ name, id }) => [name, id]),
    lists.map((id) => [id, pricelists.get(id)?.currency]),
    [...rates].map(([code, rate]) => `${code} ${rate.toString()}`).toSorted(),
  ])

/** The list and the target: a rule that moves from one product to another concerns both. */
const ruleMember = (row: Row): Member => ({
  id: row.id,
  text: ["pricelist_id", "applied_on", "product_id", "product_tmpl_id", "categ_id"]
    .map((field) => String(row[field]))
    .join(" "),
})

const isFresh = (row: Row, lo: Stamp): boolean => String(row["write_date"]) >= lo

/** Began or ceased to hold since. */
const hasTurned = (row: Row, since: Stamp, now: Stamp): boolean => {
  const times = { starts_at: asStamp(row["date_start"]), ends_at: asStamp(row["date_end"]) }
  return holdsAt(times, since) !== holdsAt(times, now)
}

const leavesOf = (rows: readonly Row[]): readonly Leaf[] | null => {
  const variants = targets(rows, VARIANT_RULE, "product_id")
  const templates = targets(rows, TEMPLATE_RULE, "product_tmpl_id")
  const categories = targets(rows, CATEGORY_RULE, "categ_id")
  const named = [VARIANT_RULE, TEMPLATE_RULE, CATEGORY_RULE]
  if (rows.some((row) => !named.includes(String(row["applied_on"])))) return null
  return [
    ...(variants.length > 0 ? [["id", "in", variants] as const] : []),
    ...(templates.length > 0 ? [["product_tmpl_id", "in", templates] as const] : []),
    ...(categories.length > 0 ? [["categ_id", "child_of", categories] as const] : []),
  ]
}

const targets = (rows: readonly Row[], kind: string, field: string): number[] => [
  ...new Set(
    rows.filter((row) => row["applied_on"] === kind).map((row) => idIn(row[field], field) ?? 0),
  ),
]
