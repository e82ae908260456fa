import type { Stream } from "../../sync/canonical"
import type { ErpId } from "../../sync/ids"
import type { FieldName, Values } from "../../sync/values"
import type {
  Change,
  Connector,
  Creation,
  HttpOptions,
  RequestCounter,
  VariantCreation,
  WrittenEntity,
} from "../contract"

/**
 * What the suite needs to know of a connector and of the ERP, or its double, that it is tried
 * against. What is optional is skipped, and said to be, where it is absent.
 */
export interface ConformanceSubject {
  erp: string
  /** Streams that the connector declares. */
  streams: readonly Stream[]
  /** Called before the first case and after the last; names above and below are known without. */
  start?(): Promise<void>
  stop?(): Promise<void>
  /** A new connector to the same ERP; nothing is shared with the others. */
  connect(options?: ConnectOptions): Connector & RequestCounter
  /** Every secret that must never be seen. */
  readonly secrets: readonly string[]
  /** What the ERP holds in the connection's scope, read without the connector. */
  list(): Promise<Listing>
  /** All images in scope as the ERP holds them; with the stream `images` only. */
  images?(): Promise<ListedImage[]>
  /** Every kind of change that a connector must notice, each able to be made at any time. */
  changes: readonly ChangeKind[]
  /**
   * Begins a change that the ERP stamps now and shows only once `commit` is called, minutes later;
   * `meanwhile` makes another one, stamped later and shown at once.
   */
  changeLate?(): Promise<{ meanwhile(): Promise<void>; commit(): Promise<void> }>
  /** Gives the same stamp to at least `count` products, more than a page holds. */
  stampAlike?(count: number): Promise<void>
  /** Puts records into the ERP that no catalog can take. */
  spoils?: readonly Spoil[]
  /** What a connector that reads price lists is tried with; absent, it is not. */
  priceLists?: PriceListSubject
  /** What a connector that writes is tried with; absent, its writing is not. */
  writing?: WritingSubject
  /** Alters the next answers to the connector. */
  fault?(fault: Fault): void
  /** Ends all faults. */
  heal?(): void
}

export interface PriceListSubject {
  /**
   * Makes two lists at least, in two currencies, with a tier and a price to come; tells their names
   * as a store's options have them.
   */
  make(): Promise<string[]>
  /** The name of a list that the ERP does not have. */
  unknown: string
  /** What changes prices of the lists last made, each able to be made once after each `make`. */
  changes: readonly ChangeKind[]
}

export interface ConnectOptions {
  /** Price lists that the store maps besides the plain sales price. */
  price_lists?: readonly string[]
  /** Rows per page, to make a small catalog span several. */
  page_size?: number
  http?: HttpOptions
  /** A connector whose credentials the ERP refuses. */
  wrong_credentials?: boolean
  log?: (level: string, message: string) => void
}

export interface Listing {
  categories: { id: string; parent_id: string | null; name: string }[]
  products: { id: string; title: string; active: boolean; variants: ListedVariant[] }[]
  stock: { id: string; warehouse: string; on_hand: string; available: string }[]
}

export interface ListedVariant {
  id: string
  sku: string | null
  barcode: string | null
  active: boolean
  /** Plain decimal without trailing zeros; of the plain sales price. */
  amount: string
}

export interface ListedImage {
  product_id: string
  /** As the connector names it. */
  key: string
  bytes: Buffer
}

export interface ChangeKind {
  /** Past tense: `price of an attribute value changed`. */
  name: string
  make(): Promise<void>
}

export interface Spoil {
  /** What is wrong: `a negative price`. */
  name: string
  stream: Stream
  /** Makes the record and tells how it must be named, then `undo`es it. */
  make(): Promise<{ id: string; field: string; undo(): Promise<void> }>
}

/** A record made for one case, with two patches that the ERP takes, one after the other. */
export interface WriteTarget {
  entity: WrittenEntity
  id: ErpId
  product_id: ErpId | null
  weight_unit: Change["weight_unit"]
  patches: readonly [Values, Values]
}

/** One family of fields that the connector declares to write. */
export interface WritableField {
  entity: WrittenEntity
  family: FieldName
  /** Makes a record whose field may be written, and holds neither of the two patches. */
  make(): Promise<WriteTarget>
}

export interface WritingSubject {
  /** All that the connector declares. */
  fields: readonly WritableField[]
  /** Sets the fields in the ERP, as somebody at its screen does. */
  edit(target: WriteTarget, values: Values): Promise<void>
  /** Saves the record in the ERP with another value of a field that no target writes. */
  touch(target: WriteTarget): Promise<void>
  /** Moves with every write of the record, whoever made it and whatever it said. */
  stamp(target: WriteTarget): Promise<string>
  /** Deletes the record from the ERP. */
  remove(target: WriteTarget): Promise<void>
  /** A record and a patch that the ERP refuses to take. */
  refused: { field: FieldName; make(): Promise<WriteTarget> }
  /** Products to create, under these keys. */
  creations(keys: readonly [string, string]): readonly [Creation, Creation]
  /** Variants to add to products that the ERP has; absent where the connector adds none. */
  additions?: readonly VariantAddition[]
}

/** A product of the ERP, and a variant that it lacks. */
export interface VariantAddition {
  /** What it takes: `a value that is new to the ERP`. */
  name: string
  /** Makes the product, with a variant of it archived where the ERP can, and says what to add under a key. */
  make(key: string): Promise<VariantCreation>
}

/** What happens to answers, from the next one on. */
export type Fault =
  /** A web page with status 200, as a login or maintenance page. */
  | { kind: "html"; times: number }
  /** Status 200 and no body. */
  | { kind: "empty"; times: number }
  /** The body ends in the middle. */
  | { kind: "truncated"; times: number }
  /** A page of records holds fewer than there are. */
  | { kind: "short"; times: number }
  | { kind: "status"; times: number; status: number; headers?: Record<string, string> }
  /** The connection is cut without an answer. */
  | { kind: "reset"; times: number }
  /** No answer comes before this many milliseconds. */
  | { kind: "slow"; times: number; ms: number }
  /** A write is carried out, and the connection cut before its answer; so many writes go well before. */
  | { kind: "lost"; times: number; after?: number }
  /** A write is carried out so many milliseconds later, whether or not anybody still waits. */
  | { kind: "late"; times: number; ms: number }

export interface ConformanceCase {
  name: string
  /** Why it does not apply to this subject, or null. */
  skip: string | null
  run(): Promise<void>
}
