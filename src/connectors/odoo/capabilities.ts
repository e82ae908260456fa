import { Stream, STREAMS } from "../../sync/canonical"
import type { Normaliser } from "../../sync/normalise"
import type { FieldName } from "../../sync/values"
import type { Capabilities, WrittenEntity } from "../contract"
import { AttributeNames, NO_ATTRIBUTES } from "./attributes"
import {
  LONGEST_AFTERLIFE_MS,
  MAX_READ_BATCH,
  MAX_WRITE_BATCH,
  ODOO_HTTP,
  pageRows,
} from "./defaults"
import type { OdooSettings } from "./settings"

/** Families of fields that are written, per entity. */
export const WRITES: Readonly<Record<WrittenEntity, readonly FieldName[]>> = {
  category: ["name", "parent"],
  product: ["title", "description", "category", "tag", "attribute", "active"],
  variant: ["sku", "barcode", "weight", "price", "attribute", "active"],
  stock: ["on_hand"],
}

/** What the store maps besides the fields that every connection has. */
export interface Mapped {
  attributes: AttributeNames
  tags: boolean
}

const NOTHING_MAPPED: Mapped = { attributes: NO_ATTRIBUTES, tags: false }

/** What this connection can write: characteristics and tags only where they are mapped. */
const declaredWrites = ({
  attributes: { product, variant },
  tags,
}: Mapped): Capabilities["writes"] => ({
  ...WRITES,
  product: WRITES.product.filter((family) =>
    family === "tag" ? tags : family !== "attribute" || product.length > 0,
  ),
  variant: WRITES.variant.filter((family) => family !== "attribute" || variant.length > 0),
})

/** What Odoo was measured to do to values. Texts it keeps as they are, white space and all. */
export type Normalisers = Readonly<Record<string, Normaliser>>

/** As every database has it at first: an administrator may give weights more digits. */
const NORMALISES: Normalisers = {
  "variant.weight": { digits: 2, unit: "kg" },
  "stock.on_hand": { digits: 2 },
}

/** External ids of this module name are ours: they live and die with their record. */
export const KEY_MODULE = "medusa_sync"

/**
 * What reading a stream needs besides its pages, when nothing is known yet: version, login, user
 * with company, the fields of two models (or warehouses, locations and one model's fields), and the
 * newest stamp with the count.
 */
const BEFORE_THE_FIRST_PAGE: Readonly<Record<Stream, number>> = {
  categories: 4,
  products: 6,
  prices: 6,
  stock: 7,
  images: 5,
}

/** A page of images has their attachments beside it. */
const REQUESTS_PER_PAGE: Readonly<Record<Stream, number>> = {
  categories: 1,
  products: 1,
  prices: 1,
  stock: 1,
  images: 2,
}

/** Declared facts of every Odoo; `streams` are narrowed to what `check()` may read. */
export const odooCapabilities = (
  settings: Pick<OdooSettings, "page_size" | "protocol">,
  mapped: Mapped = NOTHING_MAPPED,
  streams: Stream[] = [...STREAMS],
  normalises: Normalisers = NORMALISES,
): Capabilities => ({
  streams,
  prices_with_products: true,
  compare_and_set: false,
  idempotent_create: true,
  deletion_feed: false,
  // Whole seconds: a second edit within one is not told apart. Names of attributes and prices of
  // their values change a product without its stamp; categories hold nothing but their own fields.
  version: { exact: false, ordered: true, covers: ["categories"] },
  writes: declaredWrites(mapped),
  single_category: true,
  languages: true,
  normalises,
  idempotency_key: `external id ${KEY_MODULE}.<key>`,
  max_read_batch: MAX_READ_BATCH,
  max_write_batch: MAX_WRITE_BATCH,
  least_requests: ({ stream, products, variants }) => {
    const rows = stream === "prices" || stream === "stock" ? variants : products
    const pages = Math.max(1, Math.ceil(rows / pageRows(settings, stream)))
    return BEFORE_THE_FIRST_PAGE[stream] + pages * REQUESTS_PER_PAGE[stream]
  },
  // Odoo neither retries nor unsubscribes: it waits a second and logs.
  hook_refusal: { status: 403, body: "" },
  longest_request_ms: ODOO_HTTP.timeout_ms + LONGEST_AFTERLIFE_MS,
  file_push: false,
})
