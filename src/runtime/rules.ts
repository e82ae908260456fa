import { ErpIdentity } from "../connectors/contract"
import { ConnectionOptions } from "../modules/erp/options"
import { rulesFingerprint } from "../sync/fingerprint"
import { connectionId, MedusaId } from "../sync/ids"
import { PriceMapping, Rules, StockMapping } from "../sync/rules"

/** What the names in the options stand for in this store. */
export interface Targets {
  sales_channel_ids: MedusaId[]
  shipping_profile_id: MedusaId | null
  /** Stock locations by name and by id, ids as they are. */
  locations: ReadonlyMap<string, MedusaId>
  /** Digits after the point, by lower-case currency code; what is missing the store does not have. */
  digits: ReadonlyMap<string, number>
  /** Names in the options that the store does not have. */
  problems: MappingProblem[]
}

export interface MappingProblem {
  code: string
  message: string
  remedy: string
}

export interface ResolvedRules {
  rules: Rules
  /** Mappings that cannot work; each leaves out its own price list or warehouse, nothing else. */
  problems: MappingProblem[]
}

/** Fills in what the options leave to defaults, from the store and from what the ERP says of itself. */
export const resolveRules = (
  options: ConnectionOptions,
  targets: Targets,
  identity: ErpIdentity,
): ResolvedRules => {
  const problems: MappingProblem[] = [...targets.problems]
  const prices = resolvePrices(options, targets, identity, problems)
  // Who owns its stock in Medusa wants none written.
  const stock =
    options.owners.stock === "medusa" ? [] : resolveStock(options, targets, identity, problems)
  const { create, orders, weight_unit } = options
  const rules: Rules = {
    connection_id: connectionId(options.id),
    fingerprint: rulesFingerprint({
      weight: weight_unit,
      ...Object.fromEntries(prices.map((mapping) => [`price:${mapping.currency}`, mapping])),
    }),
    owners: options.owners,
    foreign_edits: options.foreign_edits,
    conflicts: options.conflicts,
    first_link: options.first_link,
    match: options.match,
    gone: options.gone,
    create: {
      status: create.status,
      archived: create.archived,
      sales_channel_ids: targets.sales_channel_ids,
      shipping_profile_id: targets.shipping_profile_id,
    },
    weight_unit,
    prices,
    stock,
    orders,
  }
  return { rules, problems }
}

const resolvePrices = (
  options: ConnectionOptions,
  targets: Targets,
  identity: ErpIdentity,
  problems: MappingProblem[],
): PriceMapping[] => {
  const [own] = identity.currencies
  const wanted =
    options.prices ?? (own ? [{ erp: "list", currency: own, rounding: "half-up" as const }] : [])
  return wanted.flatMap((mapping) => {
    const currency = mapping.currency.toLowerCase()
    const digits = targets.digits.get(currency)
    if (digits === undefined) {
      problems.push({
        code: "unmapped_currency",
        message: `Prices in ${currency.toUpperCase()} are not synchronised: the store does not have this currency.`,
        remedy: `Add ${currency.toUpperCase()} to the store's currencies, or map another one under "prices".`,
      })
      return []
    }
    return [{ erp: mapping.erp, currency, rounding: mapping.rounding, digits }]
  })
}

/** Without a word in the options, a warehouse goes to the stock location of the same name. */
const resolveStock = (
  options: ConnectionOptions,
  targets: Targets,
  identity: ErpIdentity,
  problems: MappingProblem[],
): StockMapping[] => {
  const wanted =
    options.stock ??
    identity.warehouses.map((warehouse) => ({
      erp: warehouse.code,
      location: warehouse.name,
      basis: "available" as const,
    }))
  return wanted.flatMap((mapping) => {
    const warehouse = identity.warehouses.find(
      (entry) => entry.code === mapping.erp || entry.name === mapping.erp,
    )
    const location = targets.locations.get(mapping.location)
    if (!warehouse) {
      problems.push({
        code: "unknown_warehouse",
        message: `The ERP has no warehouse "${mapping.erp}".`,
        remedy: `Use one of: ${identity.warehouses.map((entry) => `${entry.code} (${entry.name})`).join(", ")}.`,
      })
      return []
    }
    if (!location) {
      problems.push({
        code: "unmapped_warehouse",
        message: `Stock of warehouse ${warehouse.code} (${warehouse.name}) is not synchronised: the store has no stock location "${mapping.location}".`,
        remedy: `Create a stock location "${mapping.location}", or map the warehouse under "stock".`,
      })
      return []
    }
    return [{ erp: warehouse.code, location_id: location, basis: mapping.basis }]
  })
}
