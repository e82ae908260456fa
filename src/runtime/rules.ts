import type { MappedPriceList } from "../catalog"
import { Connector, ErpIdentity } from "../connectors/contract"
import { ConnectionRow } from "../engine/ports"
import { ConnectionOptions, PriceListOption } from "../modules/erp/options"
import { attributeField, AttributeMapping } from "../sync/attributes"
import { LANGUAGE, rulesFingerprint } from "../sync/fingerprint"
import { connectionId, MedusaId } from "../sync/ids"
import { priceListField } from "../sync/price-tiers"
import { PriceListMapping, PriceMapping, PushRules, Rules, StockMapping } from "../sync/rules"
import { LanguageMapping, translationFields } from "../sync/translations"

/** What the names in the options stand for in this store. */
export interface Targets {
  sales_channel_ids: MedusaId[]
  shipping_profile_id: MedusaId | null
  /** Stock locations by name and by id, ids as they are. */
  locations: ReadonlyMap<string, MedusaId>
  /** Digits after the point, by lower-case currency code; what is missing the store does not have. */
  digits: ReadonlyMap<string, number>
  /** Price lists, as the options name them. */
  price_lists: (MappedPriceList & { name: string })[]
  /** Locales of the store; null: it has no module for translations. */
  locales: ReadonlySet<string> | null
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
  connector: Connector,
): ResolvedRules => {
  const problems: MappingProblem[] = [...targets.problems]
  const prices = resolvePrices(options, targets, identity, problems)
  const lists = resolvePriceLists(options, targets, problems)
  // Who owns its stock in Medusa wants none written there; it may be counted in the ERP.
  const counts = options.push && options.push.stock
  const stock =
    options.owners.stock === "medusa" && !counts
      ? []
      : resolveStock(options, targets, identity, problems)
  const languages = resolveLanguages(options, targets, connector, problems)
  const { create, orders, weight_unit } = options
  const rules: Rules = {
    connection_id: connectionId(options.id),
    fingerprint: rulesFingerprint({
      weight: weight_unit,
      ...languageOf(options, identity),
      ...Object.fromEntries(prices.map((mapping) => [`price:${mapping.currency}`, mapping])),
      ...Object.fromEntries(lists.map((mapping) => [priceListField(mapping), mapping])),
      ...Object.fromEntries(
        options.attributes.map((mapping) => [attributeField(mapping.erp), meaningOf(mapping)]),
      ),
      ...Object.fromEntries(
        languages.flatMap((language) =>
          translationFields("product", [language]).map((field) => [field, language.erp]),
        ),
      ),
    }),
    owners: options.owners,
    foreign_edits: options.foreign_edits,
    conflicts: options.conflicts,
    first_link: options.first_link,
    match: options.match,
    push: pushRules(options, connector, problems),
    normalises: connector.capabilities.normalises,
    deleted: options.deleted,
    gone: options.gone,
    create: {
      status: create.status,
      archived: create.archived,
      sales_channel_ids: targets.sales_channel_ids,
      shipping_profile_id: targets.shipping_profile_id,
    },
    attributes: options.attributes,
    languages,
    weight_unit,
    prices,
    ...(lists.length > 0 && { price_lists: lists }),
    stock,
    orders,
    ...(options.images && { images: options.images }),
  }
  return { rules, problems }
}

/** The language of texts: as the options say at once, else the one that the ERP's user last had. */
const languageOf = ({ settings }: ConnectionOptions, { language }: ErpIdentity) => {
  const wanted = settings.language ?? language
  return wanted === undefined ? {} : { [LANGUAGE]: wanted }
}

/** What gives the bases of a characteristic their meaning; a function by what it says. */
const meaningOf = ({ to_store, to_erp, ...mapping }: AttributeMapping) => ({
  ...mapping,
  to_store: to_store?.toString() ?? null,
  to_erp: to_erp?.toString() ?? null,
})

/** Nothing goes to the ERP, and no changed mapping writes, before a person has seen what it would be. */
export const withApproval = (
  rules: Rules,
  row: Pick<ConnectionRow, "push_approved_at" | "rules_fingerprint">,
): Rules => ({
  ...rules,
  approved_fingerprint: row.rules_fingerprint ?? rules.fingerprint,
  push:
    rules.push.held === "push_not_approved" && row.push_approved_at !== null
      ? { ...rules.push, held: null }
      : rules.push,
})

const pushRules = (
  { push }: ConnectionOptions,
  connector: Connector,
  problems: MappingProblem[],
): PushRules => {
  const { writes, single_category } = connector.capabilities
  const takes = (entity: keyof typeof writes): ReadonlySet<string> =>
    new Set(connector.write ? (writes[entity] ?? []) : [])
  const wanted = push || { create: false, stock: false }
  const able = { create: connector.create !== undefined, stock: takes("stock").size > 0 }
  if (push && !connector.write) problems.push(READ_ONLY)
  if (wanted.create && !able.create) problems.push(NO_CREATION)
  if (wanted.stock && !able.stock) problems.push(NO_COUNTS)
  return {
    held: push ? "push_not_approved" : "push_off",
    fields: {
      category: takes("category"),
      product: takes("product"),
      variant: takes("variant"),
    },
    create: wanted.create && able.create,
    create_variants: connector.createVariants !== undefined,
    stock: wanted.stock && able.stock,
    single_category,
  }
}

const READ_ONLY: MappingProblem = {
  code: "read_only",
  message: "Edits of the store do not go to the ERP: its connector only reads.",
  remedy: 'Leave out "push", or use a connector that writes.',
}

const NO_CREATION: MappingProblem = {
  code: "no_creation",
  message:
    "Products of the store are not created in the ERP: it has no place for a key that keeps them from being created twice.",
  remedy: 'Leave out "push.create", and create the products in the ERP.',
}

const NO_COUNTS: MappingProblem = {
  code: "no_counts",
  message: "Stock is not counted in the ERP: its connector does not write it.",
  remedy: 'Leave out "push.stock".',
}

/** A locale of the very language that products are read in has no texts of its own. */
const resolveLanguages = (
  { languages, settings }: ConnectionOptions,
  { locales }: Targets,
  connector: Connector,
  problems: MappingProblem[],
): LanguageMapping[] => {
  if (languages.length === 0) return []
  if (connector.capabilities.languages !== true) {
    problems.push(NO_LANGUAGES)
    return []
  }
  if (locales === null) {
    problems.push(NO_TRANSLATIONS)
    return []
  }
  const further = languages.filter(({ erp }) => erp !== settings.language)
  for (const { locale } of further.filter((language) => !locales.has(language.locale))) {
    problems.push({
      code: "unknown_locale",
      message: `Texts in ${locale} are not synchronised: the store does not have this locale.`,
      remedy: `Add ${locale} to the store's locales, under Settings, Store, or take it out of "languages".`,
    })
  }
  return further.filter(({ locale }) => locales.has(locale))
}

const NO_LANGUAGES: MappingProblem = {
  code: "no_languages",
  message: "Only the default language is synchronised: the ERP's connector knows no other.",
  remedy: 'Leave out "languages".',
}

const NO_TRANSLATIONS: MappingProblem = {
  code: "no_translations",
  message:
    "Only the default language is synchronised: the store does not have Medusa's translation module.",
  remedy:
    'Turn it on (the feature flag "translation" in medusa-config.ts) and migrate, or leave out "languages".',
}

/** Without a word in the options on base prices, those are the plain sales prices. */
const resolvePrices = (
  options: ConnectionOptions,
  targets: Targets,
  identity: ErpIdentity,
  problems: MappingProblem[],
): PriceMapping[] => {
  const [own] = identity.currencies
  const named = (options.prices ?? []).filter(({ price_list: list }) => !list)
  const plain = own ? [{ erp: "list", currency: own, rounding: "half-up" as const }] : []
  return (named.length > 0 ? named : plain).flatMap((mapping) =>
    withDigits(mapping, targets, problems),
  )
}

const resolvePriceLists = (
  options: ConnectionOptions,
  targets: Targets,
  problems: MappingProblem[],
): PriceListMapping[] =>
  (options.prices ?? []).flatMap((mapping) => {
    const name = mapping.price_list && nameOfPriceList(mapping.price_list)
    const list = targets.price_lists.find((entry) => entry.name === name)
    return list
      ? withDigits(mapping, targets, problems).map((entry) => ({
          ...entry,
          price_list_id: list.id,
        }))
      : []
  })

/** What a price list goes by in the options. */
export const nameOfPriceList = ({ id, title }: PriceListOption): string => id ?? title ?? ""

const withDigits = (
  { erp, currency: code, rounding }: Omit<PriceMapping, "digits">,
  targets: Targets,
  problems: MappingProblem[],
): PriceMapping[] => {
  const currency = code.toLowerCase()
  const digits = targets.digits.get(currency)
  if (digits === undefined) {
    problems.push({
      code: "unmapped_currency",
      message: `Prices in ${currency.toUpperCase()} are not synchronised: the store does not have this currency.`,
      remedy: `Add ${currency.toUpperCase()} to the store's currencies, or map another one under "prices".`,
    })
    return []
  }
  return [{ erp, currency, rounding, digits }]
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
  const bases = new Map<MedusaId, StockMapping["basis"]>()
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
    const basis = bases.get(location) ?? mapping.basis
    bases.set(location, basis)
    if (basis !== mapping.basis) {
      // One location by its id and by its name: only here are they the same.
      problems.push({
        code: "mixed_basis",
        message: `Stock of warehouse ${warehouse.code} (${warehouse.name}) is left out: "${mapping.location}" holds another warehouse by "${basis}".`,
        remedy: 'Give all warehouses of a stock location the same "basis", or a location each.',
      })
      return []
    }
    return [{ erp: warehouse.code, location_id: location, basis }]
  })
}
