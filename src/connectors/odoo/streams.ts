import { SyncError } from "../../sync/errors"
import type { Stream, StreamRecords } from "../../sync/canonical"
import type { RequestOptions } from "../contract"
import { attributeSpecification } from "./attributes"
import { pageRows } from "./defaults"
import { Domain, filterDomain, filterFields, WITH_ARCHIVED } from "./domains"
import { openImages } from "./images/open"
import { mapCategory } from "./map-category"
import { mapPrices } from "./map-prices"
import { Mapped, mapProduct, ProductFacts } from "./map-product"
import { openPricing, openPricingIfSound, Pricing } from "./pricelists/pricing"
import type { PriceWatch } from "./pricelists/watch"
import { locationsIn, mapStock } from "./map-stock"
import { kitIds, Kits, NO_KITS, readKits } from "./kits"
import { Moved, movedSince } from "./moves"
import { fromReadable, idIn, Row, rowsIn } from "./rows"
import { productScope } from "./scope"
import { takesTags } from "./tags"
import type { OdooSession } from "./session"
import {
  categorySpecification,
  priceSpecification,
  productSpecification,
  Specification,
  stockSpecification,
  watchedStamps,
} from "./specifications"
import { openTexts, ProductTexts, TextReader } from "./texts"
import type { Stamp } from "./windows"

/** How one stream is read: from which model, in which scope, and what its rows become. */
export interface StreamReader<S extends Stream> {
  stream: S
  model: string
  rows: number
  /** Condition of the connection's filter, archived records included. */
  scope: Domain
  /** `stamps`: with the write dates that a delta's watermark must know. */
  specification(stamps: boolean): Specification
  /** Paths of the stamps that tell of a change. */
  watched: readonly string[]
  /**
   * Set where a delta asks without the filter, so that a product that left it is seen; it says which
   * rows are in.
   */
  inScope: ((row: Row) => boolean) | null
  /** Asked before `inScope`, where the rows alone do not say it. */
  judge?(rows: readonly Row[], options: RequestOptions): Promise<void>
  /** Rows to read besides, whose change no watched stamp tells of. */
  moved?(lo: Stamp, options: RequestOptions): Promise<Moved>
  /** What else decides about records than any row's stamp; asked when a poll begins. */
  watch?(options: RequestOptions): Promise<PriceWatch | null>
  /** Makes ready to map these rows, where that may need another request. */
  prepare?(rows: readonly Row[], options: RequestOptions): Promise<void>
  map(row: Row): Mapped<StreamRecords[S]>
}

type Readers = { [S in Stream]: StreamReader<S> }

/** Asks what the stream's reader has to know first. @throws SyncError */
export const openStream = async <S extends Stream>(
  session: OdooSession,
  stream: S,
  options: RequestOptions,
): Promise<StreamReader<S>> => {
  const open: { [K in Stream]: () => Promise<Readers[K]> } = {
    categories: async () => categories(session),
    products: async () => {
      const facts = await factsOf(session, options)
      return products(session, facts, await openTexts(session, facts.template, options))
    },
    prices: async () =>
      prices(session, await factsOf(session, options), await openPricing(session, options)),
    stock: async () => ({
      ...variants(session, "stock"),
      ...(await stockParts(session, options)),
    }),
    images: () => openImages(session, options),
  }
  return open[stream]()
}

const categories = ({ settings }: OdooSession): StreamReader<"categories"> => ({
  stream: "categories",
  model: "product.category",
  rows: pageRows(settings, "categories"),
  scope: [],
  specification: () => categorySpecification,
  watched: watchedStamps.categories(),
  inScope: null,
  map: mapCategory,
})

const products = (
  session: OdooSession,
  facts: ProductFacts,
  reader: TextReader | null,
): StreamReader<"products"> => {
  const { settings, priceLists } = session
  const { fields: filterColumns, ...scoped } = productScope(session)
  let texts: ReadonlyMap<number, ProductTexts> = new Map()
  let pricing: Pricing | null | "unsound" | undefined
  return {
    stream: "products",
    model: "product.template",
    rows: pageRows(settings, "products"),
    ...scoped,
    specification: (stamps) =>
      productSpecification(
        facts.template,
        filterColumns,
        stamps,
        priceLists.length > 0 ? facts.variant : undefined,
        {
          product: attributeSpecification(facts.template, facts.attributes?.product ?? []),
          variant: attributeSpecification(facts.variant, facts.attributes?.variant ?? []),
        },
        facts.tags,
      ),
    watched: watchedStamps.products(facts.template, facts.tags),
    async prepare(rows, options) {
      texts = (await reader?.read(rows, options)) ?? new Map()
      if (rows.length === 0 || priceLists.length === 0) return
      // Wrong price lists stop prices, which the prices stream reports, and not products.
      pricing ??= await openPricingIfSound(session, options)
      if (pricing === "unsound") return
      const variants = fromReadable(rows, (row) => rowsIn(row["product_variant_ids"], "variants"))
      await pricing?.prepare({ templates: idsOf(rows), variants: idsOf(variants) }, options)
    },
    map: (row) => mapProduct(row, facts, pricing, texts.get(row.id)),
  }
}

const idsOf = (rows: readonly Row[]): number[] => rows.map(({ id }) => id)

const variants = <S extends "prices" | "stock">({ settings }: OdooSession, stream: S) => ({
  stream,
  model: "product.product",
  rows: pageRows(settings, stream),
  scope: [WITH_ARCHIVED, ...filterDomain(settings.filter, "product_tmpl_id.")],
  inScope: null,
})

const prices = (
  session: OdooSession,
  facts: ProductFacts,
  pricing: Pricing | null,
): StreamReader<"prices"> => ({
  ...variants(session, "prices"),
  specification: (stamps) => priceSpecification(facts.variant, stamps, pricing !== null),
  watched: watchedStamps.prices(facts.variant),
  watch: (options) => pricing?.watch(options) ?? Promise.resolve(null),
  async prepare(rows, options) {
    if (rows.length === 0) return
    const templates = fromReadable(rows, (row) => [idIn(row["product_tmpl_id"], "product_id") ?? 0])
    await pricing?.prepare({ templates: [...new Set(templates)], variants: idsOf(rows) }, options)
  },
  map: (row) => mapPrices(row, facts, pricing),
})

const stockParts = async (session: OdooSession, options: RequestOptions) => {
  let warehouses = await session.stockPlaces.load(options)
  let kits: Kits = NO_KITS
  const fields = await session.fields("product.product", options)
  return {
    specification: () => stockSpecification(fields),
    watched: watchedStamps.stock(),
    async moved(lo: Stamp, asking: RequestOptions) {
      const { ids, newest } = await movedSince(session, lo, asking)
      return { ids: [...ids, ...(await kitIds(session, fields, asking))], newest }
    },
    async prepare(rows: readonly Row[], asking: RequestOptions) {
      warehouses = await session.stockPlaces.covering(new Set(rows.flatMap(locationsIn)), asking)
      kits = await readKits(session, rows, warehouses, asking)
    },
    map: (row: Row) => mapStock(row, warehouses, kits),
  }
}

/** What products are mapped with. @throws SyncError */
export const factsOf = async (
  session: OdooSession,
  options: RequestOptions,
): Promise<ProductFacts> => {
  const template = await session.fields("product.template", options)
  const variant = await session.fields("product.product", options)
  const unknown = filterFields(session.settings.filter).filter((field) => !template.has(field))
  if (unknown.length > 0) {
    throw new SyncError({
      kind: "config",
      code: "field_unknown",
      message: `Odoo's products have no field ${unknown.map((field) => `"${field}"`).join(", ")}.`,
      remedy: "Correct the connection's `filter`.",
      scope: "stream",
    })
  }
  const { company } = await session.place(options)
  return {
    template,
    variant,
    currency: company.currency.code,
    attributes: session.attributes,
    tags: takesTags(session, template),
  }
}
