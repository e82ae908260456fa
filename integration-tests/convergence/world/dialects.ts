import { Capabilities } from "../../../src/connectors/contract"
import { STREAMS } from "../../../src/sync/canonical"
import { FieldValue } from "../../../src/sync/values"

export type DialectName = "odoo" | "odata" | "netsuite" | "file-push"

/** How one kind of ERP behaves, as data: what it declares, and what it does without saying so. */
export interface Dialect {
  name: DialectName
  /** Stamps are shown, and windows end, in whole units of so many microseconds. */
  stamp_unit_us: number
  /** The share of its users' transactions that are seen long after they began. */
  late_share: number
  /** A window of a delta ends where it began to be read; what comes later is for the next one. */
  fixed_window: boolean
  /** Versions are the row's own, and change with every commit of it. */
  exact_versions: boolean
  /** Compares and sets at once; else the fields are read again before the write, as a step of its own. */
  compare_and_set: boolean
  /** The answer to a write says what the ERP holds now. */
  tells_what_it_holds: boolean
  /** Records are known only from exports that the ERP sends now and then. */
  file_push: boolean
  /** Where it keeps a key of ours with a record that we create; null: it has no place for one. */
  idempotency_key: string | null
  single_category: boolean
  writes: Capabilities["writes"]
  /** What the connector declares of it, by `<entity>.<family>`. */
  normalises: Capabilities["normalises"]
  /** What it really does to a value that it is given, by `<entity>.<family>`. */
  stores: Readonly<Record<string, (value: string) => FieldValue>>
  /** Values of a field that it has no place for, by `<entity>.<family>`. */
  unsupported: Readonly<Record<string, (value: string) => boolean>>
}

const SECOND_US = 1_000_000
const ALL_OF_A_VARIANT = ["sku", "barcode", "weight", "price"]
const ALL_OF_A_PRODUCT = ["title", "description", "category", "active"]

const tables = (value: string): boolean => value.includes("<table>")
const trimmed = (value: string): string => value.replace(/^\s+|\s+$/g, "")

/** Half up, as the decimal's text says it. */
const roundedTo = (digits: number, value: string): string => {
  const [whole = "0", part = ""] = value.split(".")
  const kept = Number(`${whole}${part.slice(0, digits).padEnd(digits, "0")}`)
  const up = Number(part[digits] ?? "0") >= 5 ? 1 : 0
  return ((kept + up) / 10 ** digits).toFixed(digits)
}

export const DIALECTS: readonly Dialect[] = [
  {
    name: "odoo",
    stamp_unit_us: SECOND_US,
    late_share: 0.15,
    fixed_window: false,
    exact_versions: false,
    compare_and_set: false,
    tells_what_it_holds: true,
    file_push: false,
    idempotency_key: "external id",
    single_category: true,
    writes: {
      product: ALL_OF_A_PRODUCT,
      variant: ALL_OF_A_VARIANT,
      category: ["name", "parent"],
      stock: ["on_hand"],
    },
    normalises: {},
    stores: {},
    unsupported: {},
  },
  {
    name: "odata",
    stamp_unit_us: SECOND_US,
    late_share: 0.05,
    fixed_window: true,
    exact_versions: true,
    compare_and_set: true,
    tells_what_it_holds: true,
    file_push: false,
    idempotency_key: "SystemId",
    single_category: false,
    writes: {
      product: ALL_OF_A_PRODUCT,
      variant: ALL_OF_A_VARIANT,
      category: ["name"],
      stock: ["on_hand"],
    },
    normalises: {
      "product.title": { trim: true, max_length: 40 },
      "variant.sku": { upper: true },
      "variant.barcode": { upper: true },
      "variant.weight": { digits: 2, unit: "kg" },
    },
    stores: {
      "product.title": (value) => trimmed(trimmed(value).slice(0, 40)),
      "variant.sku": (value) => value.toUpperCase(),
      "variant.barcode": (value) => value.toUpperCase(),
      "variant.weight": (value) => roundedTo(2, value),
    },
    unsupported: { "product.description": tables },
  },
  {
    name: "netsuite",
    stamp_unit_us: 60 * SECOND_US,
    late_share: 0.05,
    fixed_window: false,
    exact_versions: false,
    compare_and_set: false,
    tells_what_it_holds: false,
    file_push: false,
    idempotency_key: "externalId",
    single_category: false,
    writes: {
      product: ALL_OF_A_PRODUCT,
      variant: ["sku", "barcode", "price"],
      stock: ["on_hand"],
    },
    normalises: {
      "product.title": { trim: true },
      "product.description": { trim: true, blank_to_null: true },
      "variant.sku": { trim: true },
    },
    stores: {
      "product.title": trimmed,
      "product.description": (value) => trimmed(value) || null,
      "variant.sku": trimmed,
    },
    unsupported: { "product.description": tables },
  },
  {
    name: "file-push",
    stamp_unit_us: SECOND_US,
    late_share: 0.1,
    fixed_window: false,
    exact_versions: false,
    compare_and_set: false,
    tells_what_it_holds: true,
    file_push: true,
    idempotency_key: null,
    single_category: false,
    writes: {
      product: ALL_OF_A_PRODUCT,
      variant: ["sku", "barcode", "weight"],
      category: ["name", "parent"],
    },
    normalises: { "product.title": { trim: true } },
    stores: { "product.title": trimmed },
    unsupported: {},
  },
]

export const familyOf = (field: string): string => field.split(":", 1)[0] ?? field

/** What the ERP holds once it was given a value; a weight is in its own unit, kilograms. */
export const stored = (
  dialect: Dialect,
  entity: string,
  field: string,
  value: FieldValue,
): FieldValue => {
  const store = dialect.stores[`${entity}.${familyOf(field)}`]
  return store && typeof value === "string" ? store(value) : value
}

export const capabilitiesOf = (dialect: Dialect): Capabilities => ({
  streams: [...STREAMS],
  prices_with_products: true,
  compare_and_set: dialect.compare_and_set,
  idempotent_create: dialect.idempotency_key !== null,
  deletion_feed: false,
  version: { exact: dialect.exact_versions, ordered: true, covers: ["categories"] },
  writes: dialect.writes,
  single_category: dialect.single_category,
  normalises: dialect.normalises,
  idempotency_key: dialect.idempotency_key,
  max_read_batch: 20,
  max_write_batch: 3,
  least_requests: () => 1,
  hook_refusal: { status: 403, body: "" },
  longest_request_ms: LONGEST_REQUEST_MS,
  file_push: dialect.file_push,
})

/** A request that was given up may take effect so much later. */
export const LONGEST_REQUEST_MS = 60_000
