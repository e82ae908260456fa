import type { RequestOptions } from "../../contract"
import { idIn, rowsOf } from "../rows"
import type { OdooSession } from "../session"
import type { Specification } from "../specifications"
import type { Stamp } from "../windows"
import type { PriceBook } from "./book"
import { RuleIndex } from "./book"
import { Exact, exactOf } from "./exact"
import { currencyName, PriceOutline, RULE } from "./outline"
import { readAll } from "./read-all"
import { Rule, RULE_FIELDS, ruleOf, TEMPLATE_RULE, VARIANT_RULE } from "./rule"

/** What prices of any product are computed with, read once for many pages. */
export interface PriceFrame extends PriceOutline, Omit<PriceBook, "rules"> {
  /** Rules that do not name one product. */
  broad: readonly Rule[]
}

/** Reads the rules of the lists for many products, and the rates. @throws SyncError */
export const openFrame = async (
  session: OdooSession,
  outline: PriceOutline,
  options: RequestOptions,
): Promise<PriceFrame> => {
  const broad = await readRules(
    session,
    [
      ["pricelist_id", "in", outline.lists],
      ["applied_on", "not in", [VARIANT_RULE, TEMPLATE_RULE]],
    ],
    options,
  )
  const byCategory = broad.some(({ category }) => category !== null)
  return {
    ...outline,
    broad,
    parents: byCategory ? await readParents(session, options) : new Map(),
    rates: await readRates(session, outline.now, options),
  }
}

/** Adds the rules that name one of these products. @throws SyncError */
export const bookFor = async (
  session: OdooSession,
  frame: PriceFrame,
  { templates, variants }: { templates: readonly number[]; variants: readonly number[] },
  options: RequestOptions,
): Promise<PriceBook> => {
  const own = await readRules(
    session,
    [
      ["pricelist_id", "in", frame.lists],
      ["applied_on", "in", [VARIANT_RULE, TEMPLATE_RULE]],
      "|",
      ["product_tmpl_id", "in", templates],
      ["product_id", "in", variants],
    ],
    options,
  )
  return { ...frame, rules: new RuleIndex([...frame.broad, ...own]) }
}

type ReadDomain = Parameters<typeof readAll>[2]

const readRules = async (
  session: OdooSession,
  domain: ReadDomain,
  options: RequestOptions,
): Promise<Rule[]> => {
  const fields = await session.fields(RULE, options)
  const specification: Specification = Object.fromEntries(
    RULE_FIELDS.filter((name) => fields.has(name)).map((name) => [name, {}]),
  )
  return (await readAll(session, RULE, domain, specification, options)).rows.map(ruleOf)
}

const readParents = async (session: OdooSession, options: RequestOptions) => {
  const { rows } = await readAll(session, "product.category", [], { parent_id: {} }, options)
  return new Map(rows.map((row) => [row.id, idIn(row["parent_id"], "parent_id")]))
}

/** As Odoo itself computes them for the day, which is that of UTC when it computes prices. */
const readRates = async (
  session: OdooSession,
  now: Stamp,
  options: RequestOptions,
): Promise<ReadonlyMap<string, Exact>> => {
  const limit = 1000
  const { value } = await session.call(
    {
      model: "res.currency",
      method: "web_search_read",
      args: {
        domain: [],
        specification: { name: {}, rate: {} },
        order: "id",
        limit,
        // Archived currencies are in no list that is in use.
        context: { active_test: true, date: now.slice(0, 10) },
      },
    },
    options,
  )
  const { rows } = rowsOf(value, { tried: "Odoo res.currency.web_search_read", limit, after: 0 })
  return new Map(
    rows.flatMap((row): [string, Exact][] => {
      const rate = exactOf(row["rate"])
      return rate === null ? [] : [[currencyName(row), rate]]
    }),
  )
}
