import { odooSettingsSchema } from "../../../connectors/odoo"
import { given } from "./credentials"
import { display, isSecretName } from "./display"
import { languageProblems } from "./languages"
import { closest, noSuchKey, type Problem, problemsOf } from "./problems"
import { optionsSchema } from "./schema"

type Options = Record<string, unknown>

/**
 * What a schema cannot see: rules between options. They look at the raw options, so that one boot
 * names everything that is wrong.
 */
export const crossCheck = (options: unknown): Problem[] => {
  if (!isOptions(options)) return []
  const connections: unknown[] = Array.isArray(options.connections) ? options.connections : []
  return [
    ...misspelled(options),
    ...repeated(connections, "id", ["connections"], "an id of its own"),
    ...sameScopes(connections),
    ...connections.flatMap((connection, index) =>
      isOptions(connection) ? checkConnection(connection, index) : [],
    ),
  ]
}

/** Other keys at the top are Medusa's, unless they look like one of ours. */
const misspelled = (options: Options): Problem[] => {
  const known = Object.keys(optionsSchema.shape)
  return Object.keys(options)
    .filter((key) => !known.includes(key) && closest(key, known) !== null)
    .map((key) => ({ path: [key], expected: noSuchKey(key, known) }))
}

const repeated = (
  list: unknown,
  key: string,
  path: (string | number)[],
  expected: string,
): Problem[] => {
  if (!Array.isArray(list)) return []
  const seen = new Set<unknown>()
  return list.flatMap((item: unknown, index): Problem[] => {
    const value = isOptions(item) ? item[key] : undefined
    if (value === undefined || !seen.has(value)) {
      seen.add(value)
      return []
    }
    return [{ path: [...path, index, key], expected }]
  })
}

/** One place in the store for each field of the ERP's, or two would pull one value to and fro. */
const mappedTwice = (fields: unknown, path: (string | number)[]): Problem[] => {
  if (!isOptions(fields)) return []
  const seen = new Set<unknown>()
  return Object.entries(fields).flatMap(([key, entry]): Problem[] => {
    const name = isOptions(entry) ? entry.erp : undefined
    if (name === undefined || !seen.has(name)) {
      seen.add(name)
      return []
    }
    return [{ path: [...path, key, "erp"], expected: "one place in the store for each field" }]
  })
}

/** One price list of the ERP for the base prices of a currency, and one for each list of the store. */
const mappedPrices = (prices: unknown, path: (string | number)[]): Problem[] => {
  const seen = new Set<string>()
  return (Array.isArray(prices) ? prices : []).flatMap((entry: unknown, index): Problem[] => {
    if (!isOptions(entry)) return []
    const { price_list: list, currency } = entry
    if (isOptions(list) && (list.id === undefined) === (list.title === undefined)) {
      return [{ path: [...path, index, "price_list"], expected: "either an id or a title" }]
    }
    const target = isOptions(list) ? JSON.stringify([list.id, list.title]) : ""
    const key = `${String(currency).toLowerCase()} ${target}`
    if (currency === undefined || !seen.has(key)) {
      seen.add(key)
      return []
    }
    return [{ path: [...path, index, "currency"], expected: "one price list a currency" }]
  })
}

const checkConnection = (connection: Options, index: number): Problem[] => {
  const path = ["connections", index]
  const settings = isOptions(connection.settings) ? connection.settings : {}
  const twice = connection.filter !== undefined && settings.filter !== undefined
  return [
    ...(twice ? [{ path: [...path, "filter"], expected: "one filter, here or in settings" }] : []),
    ...(connection.erp === "odoo" ? odooSettings(connection, settings, path) : []),
    ...mappedTwice(connection.fields, [...path, "fields"]),
    ...mappedPrices(connection.prices, [...path, "prices"]),
    ...languageProblems(connection.languages, connection.fields, path),
    ...repeated(connection.stock, "erp", [...path, "stock"], "one location a warehouse"),
    ...mixedBases(connection.stock, [...path, "stock"]),
  ]
}

/**
 * Figures with and without reservations must not be summed: web demand would be taken off the sum once
 * for each, or not at all, and the same piece sold twice.
 */
const mixedBases = (stock: unknown, path: (string | number)[]): Problem[] => {
  if (!Array.isArray(stock)) return []
  const bases = new Map<unknown, unknown>()
  return stock.flatMap((item: unknown, index): Problem[] => {
    if (!isOptions(item) || item.location === undefined) return []
    const { location, basis = "available" } = item
    const held = bases.get(location) ?? basis
    bases.set(location, held)
    if (held === basis) return []
    const expected = `${display([], held)}, as of the other warehouse of location ${display([], location)}, or a location of its own`
    return [{ path: [...path, index, "basis"], expected }]
  })
}

const odooSettings = (
  connection: Options,
  settings: Options,
  path: (string | number)[],
): Problem[] => {
  const known = Object.keys(odooSettingsSchema.shape)
  const unknown = Object.keys(settings)
    .filter((key) => !known.includes(key))
    .map((key) => ({ path: [...path, "settings", key], expected: noSuchKey(key, known) }))
  const parsed = odooSettingsSchema.safeParse(withFilter(connection, settings))
  const wrong = problemsOf(parsed.error?.issues ?? []).map(
    ({ path: [first, ...rest], expected }) => ({
      path:
        first === "filter" && connection.filter !== undefined
          ? [...path, "filter", ...rest]
          : [...path, "settings", first ?? "", ...rest],
      expected,
    }),
  )
  return [...unknown, ...wrong]
}

/** Two connections that would read, and write into the store, the very same records. */
const sameScopes = (connections: unknown[]): Problem[] => {
  const holders = new Map<string, unknown>()
  return connections.flatMap((connection, index) => {
    const scope = isOptions(connection) ? unfilteredScope(connection) : null
    if (!isOptions(connection) || scope === null) return []
    if (!holders.has(scope)) {
      holders.set(scope, connection.id)
      return []
    }
    const ids = [holders.get(scope), connection.id].map((id) => display([], id))
    return [
      {
        path: ["connections", index, "filter"],
        expected: `a filter or company of its own: ${ids.join(" and ")} read the same records of the same ERP`,
      },
    ]
  })
}

/** Where a connection reads everything; null where a filter narrows it, or nothing says where it is. */
const unfilteredScope = ({ erp, filter, ...connection }: Options): string | null => {
  const credentials = isOptions(connection.credentials) ? given(connection.credentials) : {}
  const { filter: inner, ...settings } = isOptions(connection.settings) ? connection.settings : {}
  const place = Object.entries(credentials)
    .filter(([name]) => !isSecretName(name))
    .map(([name, value]) => [name, sameAddress(value)])
    .sort()
  if (narrows(filter) || narrows(inner) || place.length === 0) return null
  // What else the settings of another ERP mean is its connector's affair: any difference counts.
  const part = erp === "odoo" ? (settings.company ?? null) : settings
  const name = isOptions(erp) ? erp.erp : erp
  return JSON.stringify([typeof name === "function" ? name.name : name, place, part])
}

/** An empty filter lets everything through. */
const narrows = (filter: unknown): boolean =>
  filter !== undefined && filter !== null && Object.keys(Object(filter)).length > 0

const sameAddress = (value: unknown): unknown =>
  typeof value === "string" && /^https?:/i.test(value)
    ? value.replace(/\/+$/, "").toLowerCase()
    : value

/** Settings with the connection's own filter among them. */
export const withFilter = (connection: Options, settings: Options): Options =>
  connection.filter === undefined ? settings : { ...settings, filter: connection.filter }

const isOptions = (value: unknown): value is Options =>
  typeof value === "object" && value !== null && !Array.isArray(value)
