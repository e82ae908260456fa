import { Stream, STREAMS } from "../../sync/canonical"
import type { Capabilities } from "../contract"
import { MAX_READ_BATCH, ODOO_HTTP, PAGE_ROWS } from "./defaults"

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
}

/** Declared facts of every Odoo; `streams` are narrowed to what `check()` may read. */
export const odooCapabilities = (
  pageSize: number | undefined,
  streams: Stream[] = [...STREAMS],
): Capabilities => ({
  streams,
  prices_with_products: true,
  compare_and_set: false,
  idempotent_create: false,
  deletion_feed: false,
  // Whole seconds: a second edit within one is not told apart. Names of attributes and prices of
  // their values change a product without its stamp; categories hold nothing but their own fields.
  version: { exact: false, ordered: true, covers: ["categories"] },
  normalises: {},
  idempotency_key: null,
  max_read_batch: MAX_READ_BATCH,
  max_write_batch: 0,
  least_requests: ({ stream, products, variants }) => {
    const rows = stream === "products" || stream === "categories" ? products : variants
    const size = pageSize ?? PAGE_ROWS[stream]
    return BEFORE_THE_FIRST_PAGE[stream] + Math.max(1, Math.ceil(rows / size))
  },
  // Odoo neither retries nor unsubscribes: it waits a second and logs.
  hook_refusal: { status: 403, body: "" },
  longest_request_ms: ODOO_HTTP.timeout_ms,
  file_push: false,
})
