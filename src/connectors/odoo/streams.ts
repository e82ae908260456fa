import { SyncError } from "../../sync/errors"
import type { Stream, StreamRecords } from "../../sync/canonical"
import type { RequestOptions } from "../contract"
import { pageRows } from "./defaults"
import { Domain, filterDomain, inScope, WITH_ARCHIVED } from "./domains"
import { mapCategory } from "./map-category"
import { mapPrices } from "./map-prices"
import { Mapped, mapProduct, ProductFacts } from "./map-product"
import { locationsIn, mapStock } from "./map-stock"
import { Moved, movedSince } from "./moves"
import type { Row } from "./rows"
import type { OdooSession } from "./session"
import {
  categorySpecification,
  priceSpecification,
  productSpecification,
  Specification,
  stockSpecification,
  watchedStamps,
} from "./specifications"
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
  /** Rows to read besides, whose change no watched stamp tells of. */
  moved?(lo: Stamp, options: RequestOptions): Promise<Moved>
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
    products: async () => products(session, await factsOf(session, options)),
    prices: async () => prices(session, await factsOf(session, options)),
    stock: async () => ({
      ...variants(session, "stock"),
      ...(await stockParts(session, options)),
    }),
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

const products = ({ settings }: OdooSession, facts: ProductFacts): StreamReader<"products"> => ({
  stream: "products",
  model: "product.template",
  rows: pageRows(settings, "products"),
  scope: [WITH_ARCHIVED, ...filterDomain(settings.filter)],
  specification: (stamps) =>
    productSpecification(facts.template, Object.keys(settings.filter), stamps),
  watched: watchedStamps.products(facts.template),
  inScope: (row) => inScope(row, settings.filter),
  map: (row) => mapProduct(row, facts),
})

const variants = <S extends "prices" | "stock">({ settings }: OdooSession, stream: S) => ({
  stream,
  model: "product.product",
  rows: pageRows(settings, stream),
  scope: [WITH_ARCHIVED, ...filterDomain(settings.filter, "product_tmpl_id.")],
  inScope: null,
})

const prices = (session: OdooSession, facts: ProductFacts): StreamReader<"prices"> => ({
  ...variants(session, "prices"),
  specification: (stamps) => priceSpecification(facts.variant, stamps),
  watched: watchedStamps.prices(facts.variant),
  map: (row) => mapPrices(row, facts),
})

const stockParts = async (session: OdooSession, options: RequestOptions) => {
  let warehouses = await session.stockPlaces.load(options)
  const fields = await session.fields("product.product", options)
  return {
    specification: () => stockSpecification(fields),
    watched: watchedStamps.stock(),
    moved: (lo: Stamp, asking: RequestOptions) => movedSince(session, lo, asking),
    async prepare(rows: readonly Row[], asking: RequestOptions) {
      warehouses = await session.stockPlaces.covering(new Set(rows.flatMap(locationsIn)), asking)
    },
    map: (row: Row) => mapStock(row, warehouses),
  }
}

/** What products are mapped with. @throws SyncError */
export const factsOf = async (
  session: OdooSession,
  options: RequestOptions,
): Promise<ProductFacts> => {
  const template = await session.fields("product.template", options)
  const variant = await session.fields("product.product", options)
  const unknown = Object.keys(session.settings.filter).filter((field) => !template.has(field))
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
  return { template, variant, currency: company.currency.code }
}
