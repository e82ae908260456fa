import { MedusaId } from "../sync/ids"
import { Database, query } from "./database"

/** A name or id in the options, and where it stands there. */
export interface StoreReference {
  /** `connections.0.create.sales_channels.1` */
  path: string
  value: string
}

export interface StoreReferences {
  sales_channels: readonly StoreReference[]
  shipping_profiles: readonly StoreReference[]
  stock_locations: readonly StoreReference[]
  currencies: readonly StoreReference[]
}

/** An option that names what the store does not have. */
export interface ConfigProblem extends StoreReference {
  expected: string
}

/** Ids by the text that stands in the options. */
export interface ResolvedReferences {
  sales_channels: ReadonlyMap<string, MedusaId>
  shipping_profiles: ReadonlyMap<string, MedusaId>
  stock_locations: ReadonlyMap<string, MedusaId>
  /** Digits after the point, by currency as it stands in the options. */
  currencies: ReadonlyMap<string, number>
  problems: ConfigProblem[]
}

/** Names listed in a problem; more would not be read. */
const MOST_NAMES = 10

/**
 * Resolves what the options name in the store. What it does not have, or has twice, is a problem in
 * the answer, never a failure.
 */
export const resolveReferences = async (
  db: Database,
  references: StoreReferences,
): Promise<ResolvedReferences> => {
  const channels = await resolveNames(
    db,
    "sales_channel",
    "sales channel",
    references.sales_channels,
  )
  const profiles = await resolveNames(
    db,
    "shipping_profile",
    "shipping profile",
    references.shipping_profiles,
  )
  const locations = await resolveNames(
    db,
    "stock_location",
    "stock location",
    references.stock_locations,
  )
  const currencies = await resolveCurrencies(db, references.currencies)
  return {
    sales_channels: channels.found,
    shipping_profiles: profiles.found,
    stock_locations: locations.found,
    currencies: currencies.found,
    problems: [channels, profiles, locations, currencies].flatMap(({ problems }) => problems),
  }
}

interface Resolution<T> {
  found: Map<string, T>
  problems: ConfigProblem[]
}

const resolveNames = async (
  db: Database,
  table: "sales_channel" | "shipping_profile" | "stock_location",
  noun: string,
  references: readonly StoreReference[],
): Promise<Resolution<MedusaId>> => {
  const rows = await query<{ id: MedusaId; name: string }>(
    db,
    `select id, name from ${table} where deleted_at is null order by name, id`,
  )
  const found = new Map<string, MedusaId>()
  const problems: ConfigProblem[] = []
  for (const reference of references) {
    const matches = rows.filter(({ id, name }) => [id, name].includes(reference.value))
    const [match] = matches
    if (match && matches.length === 1) {
      found.set(reference.value, match.id)
    } else {
      const expected = match
        ? `the id of one ${noun} (several have this name): ${listed(matches.map(({ id }) => id))}`
        : `the name or id of a ${noun} of the store: ${listed(rows.map(({ name }) => name))}`
      problems.push({ ...reference, expected })
    }
  }
  return { found, problems }
}

const resolveCurrencies = async (
  db: Database,
  references: readonly StoreReference[],
): Promise<Resolution<number>> => {
  const rows = await query<{ code: string; decimal_digits: number }>(
    db,
    "select code, decimal_digits from currency where code = any(?) and deleted_at is null",
    [references.map(({ value }) => value.toLowerCase())],
  )
  const digits = new Map(rows.map((row) => [row.code, row.decimal_digits]))
  const found = new Map<string, number>()
  const problems: ConfigProblem[] = []
  for (const reference of references) {
    const number = digits.get(reference.value.toLowerCase())
    if (number === undefined) {
      problems.push({ ...reference, expected: "an ISO 4217 code that Medusa knows: eur, usd, jpy" })
    } else {
      found.set(reference.value, number)
    }
  }
  return { found, problems }
}

const listed = (names: readonly string[]): string =>
  names.length === 0
    ? "it has none"
    : [...names.slice(0, MOST_NAMES), ...(names.length > MOST_NAMES ? ["…"] : [])].join(", ")
