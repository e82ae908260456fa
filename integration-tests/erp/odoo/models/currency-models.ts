import type { Env } from "../orm/env"
import { validationError } from "../orm/errors"
import {
  boolean,
  char,
  date,
  float,
  inert,
  integer,
  many2one,
  metaFields,
  one2many,
  selection,
  type FieldDraft,
  HIDDEN,
} from "../orm/fields"
import { showDate } from "../orm/moments"
import { rowsOf } from "../orm/records"
import { numberOf, textOf, type Row } from "../orm/values"

const RATE = "res.currency.rate"

/** The only company's. */
export const COMPANY_CURRENCY = 1

export function currencyFields(): FieldDraft[] {
  return [
    ...metaFields(),
    char("display_name", "Display Name", {
      ...HIDDEN,
      compute: (_env, row) => textOf(row["name"]),
    }),
    char("name", "Currency", { required: true }),
    char("symbol", "Symbol", { required: true }),
    char("full_name", "Name"),
    float("rounding", "Rounding Factor", { digits: [12, 6], default: 0.01 }),
    integer("decimal_places", "Decimal Places", { default: 2 }),
    boolean("active", "Active", { default: true }),
    selection(
      "position",
      "Symbol Position",
      [
        ["after", "After Amount"],
        ["before", "Before Amount"],
      ],
      { default: "before" },
    ),
    one2many("rate_ids", "Rates", RATE, "currency_id"),
    float("rate", "Current Rate", { ...HIDDEN, digits: 0, compute: currentRate }),
    float("inverse_rate", "Inverse Rate", {
      ...HIDDEN,
      digits: 0,
      compute: (env, row) => 1 / currentRate(env, row),
    }),
    integer("iso_numeric", "Currency numeric code"),
  ]
}

/** The rates of a currency by day: units of it for one of the currency of rate 1. */
export function rateFields(): FieldDraft[] {
  return [
    ...metaFields(),
    char("display_name", "Display Name", {
      ...HIDDEN,
      compute: (_env, row) => textOf(row["name"]),
    }),
    date("name", "Date", { required: true, default: (env) => showDate(env.tx.now) }),
    float("rate", "Technical Rate", { digits: 0 }),
    many2one("currency_id", "Currency", "res.currency", { required: true, readonly: true }),
    many2one("company_id", "Company", "res.company", { default: 1 }),
    ...inert(`
      company_rate float
      inverse_company_rate float
    `),
  ]
}

/** Copies: in the company's currency, of the context's `date`, else of today. */
function currentRate(env: Env, row: Row): number {
  const company = env.row("res.currency", COMPANY_CURRENCY)
  return rateOn(env, row.id) / (company === undefined ? 1 : rateOn(env, company.id))
}

/** Copies: the last rate up to the day, a company's before one of all; else the first after; else 1. */
function rateOn(env: Env, currency: number): number {
  const given = env.context["date"]
  const day = typeof given === "string" ? given.slice(0, 10) : showDate(env.tx.now)
  const table = env.table(RATE)
  const rows = table.ids.flatMap((id): Row[] => {
    const row = table.get(id)
    return row?.["currency_id"] === currency ? [row] : []
  })
  const first = (matching: Row[], latestFirst: boolean): Row | undefined =>
    matching.toSorted(
      (a, b) =>
        Number(a["company_id"] === false) - Number(b["company_id"] === false) ||
        (latestFirst ? -1 : 1) * compare(dayOf(a), dayOf(b)),
    )[0]
  const found =
    first(
      rows.filter((row) => dayOf(row) <= day),
      true,
    ) ?? first(rows, false)
  return found === undefined ? 1 : numberOf(found["rate"])
}

const dayOf = (row: Row): string => textOf(row["name"]) || ""
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Copies: one rate a day, above zero. */
export function checkRates(env: Env, ids: readonly number[]): void {
  const table = env.table(RATE)
  for (const row of rowsOf(env, RATE, ids)) {
    if (numberOf(row["rate"]) <= 0) {
      throw validationError("The currency rate must be strictly positive.")
    }
    const twin = table.ids.some((id) => id !== row.id && sameDay(table.get(id), row))
    if (twin) throw validationError("Only one currency rate per day allowed!")
  }
}

const sameDay = (other: Row | undefined, row: Row): boolean =>
  other !== undefined &&
  ["name", "currency_id", "company_id"].every((field) => other[field] === row[field])
