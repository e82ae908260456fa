import type { Stream } from "../../sync/canonical"
import type { OdooSettings } from "./settings"

/**
 * Limits of the Odoo connector. Sources: Odoo's staff ask integrations of Odoo Online for little
 * parallelism; a request there is killed after 120 s; a page of 1,000 simple products takes 105 ms.
 */
export const ODOO_HTTP = {
  timeout_ms: 120_000,
  in_flight: 1,
  per_second: 10,
  max_attempts: 5,
  /** Of one answer. Larger ones are asked again in smaller pages. */
  max_bytes: 64 * 1024 * 1024,
  /** A server that asks to wait longer is left to the engine's schedule. */
  max_wait_ms: 180_000,
} as const

/** Rows per page. A product carries its variants, so fewer of them fit into the same memory. */
const PAGE_ROWS = {
  categories: 2000,
  products: 500,
  prices: 2000,
  stock: 2000,
  images: 500,
} as const

/**
 * The same over XML-RPC. A thousand products are 1.6 MB of XML there instead of half a megabyte of
 * JSON, and take 200 ms of parsing instead of one: a page of this size takes 40 ms.
 */
const XML_PAGE_ROWS = {
  categories: 500,
  products: 200,
  prices: 500,
  stock: 200,
  images: 200,
} as const

/** Ids and stamps only, so more fit. */
const KEY_ROWS = 5000
const XML_KEY_ROWS = 2000

type Paging = Pick<OdooSettings, "page_size" | "protocol">

/** Rows per page of a stream: what the settings say, else what fits. */
export const pageRows = ({ page_size: size, protocol }: Paging, stream: Stream): number =>
  size ?? (protocol === "xmlrpc" ? XML_PAGE_ROWS : PAGE_ROWS)[stream]

/** Rows per page where nothing but ids and stamps is read. */
export const keyRows = ({ protocol }: Paging): number =>
  protocol === "xmlrpc" ? XML_KEY_ROWS : KEY_ROWS

export const MAX_READ_BATCH = 500

/** Half a second of writing at most, on a small machine. */
export const MAX_WRITE_BATCH = 100

/**
 * How long Odoo may still work on a request that we gave up: it kills a worker after 120 s, and tries
 * a transaction that others were in the way of five times.
 */
export const LONGEST_AFTERLIFE_MS = 180_000

/** Longest time between the start of a transaction, which is the stamp, and its commit. */
export const OVERLAP_SECONDS = 15 * 60

/** After a refused login, Odoo locks out who goes on trying: five failures cost a minute. */
export const LOGIN_PAUSE_MS = 60_000

/** A key of a user without special rights lives 90 days at most. */
export const KEY_WARNING_DAYS = 14
