import { RejectedRecord, Stream, StreamRecords } from "../sync/canonical"
import { ErpId } from "../sync/ids"
import { SyncError } from "../sync/errors"
import { Normaliser } from "../sync/normalise"
import { FieldName, Values } from "../sync/values"

/**
 * What a connector is. Connectors know an ERP and the canonical model, never Medusa. Everything a
 * connector promises here is tested by the conformance suite.
 */

/** Where a pull stands: plain JSON, opaque to the engine, small (under 64 KiB), free of secrets. */
export type Cursor = { readonly [key: string]: unknown }

/** How a pull, sweep or read is carried out. */
export interface RequestOptions {
  /** Aborts the request under way; the connector rejects with the signal's reason. */
  signal?: AbortSignal
  /** `interactive` (stock, prices, hints) passes queued `background` requests. */
  lane?: Lane
  /**
   * Asked right before a change is sent, after every wait: false when it was announced too long ago. Then
   * it is not sent, and its outcome is `failed`, nothing unknown about it.
   */
  may_send?: () => boolean
}

export type Lane = "interactive" | "background"

export interface Page<S extends Stream = Stream> {
  /** Records that passed the door. */
  records: StreamRecords[S][]
  /**
   * Records that did not; they park, the rest goes on. A record may also stand in `records`, without
   * the optional field that is rejected here: a product without the price that is none.
   */
  rejected: RejectedRecord[]
  /**
   * Ids that the ERP itself reports as deleted (only where it has such a feed), and those seen to have
   * left the connection's filter. Ids that were never linked may be among them.
   */
  gone: ErpId[]
  /** Store it in the transaction that stores the page; pulling from it yields the next page. */
  cursor: Cursor
  /** True on the last page. Its cursor is at rest: pulling from it later reads what changed since. */
  complete: boolean
  /** For the progress bar: records done so far, and how many there are, where the ERP says. */
  done: number
  total: number | null
  /**
   * True when the ERP's newest stamp fell behind the cursor: perhaps a restored copy. The engine then
   * compares the versions of linked records before it believes anything.
   */
  regressed?: boolean
}

export interface KeyPage {
  keys: { id: ErpId; version: string | null }[]
  cursor: Cursor
  complete: boolean
}

export interface ReadResult<S extends Stream = Stream> {
  records: StreamRecords[S][]
  rejected: RejectedRecord[]
  /** Asked by id, and the ERP answered that it has no such record (visible to the filter). */
  missing: ErpId[]
}

/** Facts about the ERP, probed by `check()` where they can be, declared otherwise. */
export interface Capabilities {
  streams: Stream[]
  /** Products pages carry `variants[].prices`, so a full pull needs no price pages. */
  prices_with_products: boolean
  compare_and_set: boolean
  idempotent_create: boolean
  deletion_feed: boolean
  /** `exact`: equal versions mean equal content. `ordered`: versions sort as text by age. */
  version: { exact: boolean; ordered: boolean; covers: Stream[] }
  /** Families of fields that `write` takes, per entity; what is missing stands as pending in the store. */
  writes: { readonly [E in WrittenEntity]?: readonly FieldName[] }
  /** True where a product stands in one category at most. */
  single_category: boolean
  /** What the ERP does on its own to a value it is given, by `<entity>.<family of fields>`. */
  normalises: { readonly [field: string]: Normaliser }
  /** A stock key that was asked by id and has no row holds nothing; else its absence says nothing. */
  absent_stock_is_zero?: boolean
  /** Texts are read and written in further languages too. */
  languages?: boolean
  /** Where a key of ours can be kept, for idempotent creates; null: creation is refused. */
  idempotency_key: string | null
  max_read_batch: number
  max_write_batch: number
  /** The least requests that reading N products (with M variants in all) can take: the benchmark's yardstick. */
  least_requests(input: { stream: Stream; products: number; variants: number }): number
  /** How a refused hook call is answered, so that the ERP neither floods nor unsubscribes. */
  hook_refusal: { status: number; body: string }
  /** Longest time that a request given up by us may still take effect, in milliseconds. */
  longest_request_ms: number
  /** True for ERPs that push files: `read` answers from what was observed, no sweep, no aggregate authority. */
  file_push: boolean
}

export interface ErpIdentity {
  /** Same ERP database and company: same fingerprint. A restored copy may share it. */
  fingerprint: string
  version: string
  company: string
  /** ISO 4217, lower case; the currency of the plain sales price first. */
  currencies: string[]
  warehouses: { code: string; name: string }[]
  /** In which texts are read where `settings.language` names none; absent: they have no language. */
  language?: string | null
}

export interface CheckItem {
  code: string
  ok: boolean
  message: string
  /** What to do when it is not ok. */
  remedy: string
  /** It failed for a reason that passes by itself (no answer, overload): nobody has to act yet. */
  transient?: boolean
}

export interface ConnectionCheck {
  ok: boolean
  identity: ErpIdentity | null
  capabilities: Capabilities
  items: CheckItem[]
}

/** A picture's bytes, as the ERP has them now. */
export interface ImageContent {
  bytes: Buffer
  /** As the images stream says it, of these very bytes. */
  checksum: string
}

/** What can be written in an ERP. `stock` is the count of one variant in one warehouse. */
export type WrittenEntity = "category" | "product" | "variant" | "stock"

/**
 * One record's patch for the ERP: only changed fields, as the engine names them (`title`,
 * `category:<erp id>` and `tag:<name>` true or null, `price:<list>:<currency>`, `weight`, `parent`, `active`,
 * `on_hand:<warehouse>`; `title:fr-FR` is the title in that locale of the store's), with what they were
 * decided on. Null is an empty field, in a further language one without a text of its own.
 */
export interface Change {
  entity: WrittenEntity
  id: ErpId
  /** The product of a variant or of a stock count. */
  product_id: ErpId | null
  /** Version of the record as it was read; compared by an ERP with compare-and-set. */
  expected_version: string | null
  /** The patch's fields as this plan read them, compared again right before a write without compare-and-set. */
  expected: Values
  patch: Values
  /** Unit of `weight` in `expected` and `patch`. */
  weight_unit: "g" | "kg" | "lb" | "oz"
}

export type WriteOutcome =
  /** `holds`: the patch's fields as the ERP has them now; a field it says nothing about is missing. */
  | { outcome: "written"; id: ErpId; version: string | null; holds: Values }
  /** Nothing was written: it holds something else than expected, or does not exist any more. */
  | { outcome: "refused"; reason: "newer_version" | "gone" }
  /** Nothing was sent: the ERP has no place for this value of this field. The other fields may go alone. */
  | { outcome: "unsupported"; field: FieldName; message: string; remedy: string }
  /** Nothing was written: the ERP does not take this value. The other fields may go alone. */
  | { outcome: "invalid"; field: FieldName; value: string; message: string; remedy: string }
  /** With `outcome_unknown` the write may have happened or may happen yet. */
  | { outcome: "failed"; error: SyncError }

/** A product that the store has and the ERP does not, to be created there with all its variants. */
export interface Creation {
  /** Our key, kept by the ERP: the same key never creates a second record. */
  key: string
  title: string
  description: string | null
  category_ids: ErpId[]
  options: { title: string; values: string[] }[]
  variants: CreatedVariant[]
  weight_unit: "g" | "kg" | "lb" | "oz"
}

export interface CreatedVariant {
  key: string
  /** Option title to value. */
  options: { readonly [title: string]: string }
  sku: string | null
  barcode: string | null
  weight: string | null
  tracked: boolean
  prices: { list: string; currency: string; amount: string }[]
}

export type CreationOutcome =
  | { outcome: "created"; id: ErpId; variants: { key: string; id: ErpId }[] }
  | { outcome: "unsupported"; field: FieldName; message: string; remedy: string }
  | { outcome: "invalid"; field: FieldName; value: string; message: string; remedy: string }
  | { outcome: "failed"; error: SyncError }

/** A variant that the store has and the ERP does not, to be added to a product that the ERP has. */
export interface VariantCreation {
  /** Our key, kept by the ERP: the same key never creates a second variant. */
  key: string
  product_id: ErpId
  /** One per option of the ERP's product. A value that the ERP does not know yet has no id, only its name. */
  values: { option_id: ErpId; value_id: ErpId | null; title: string }[]
  sku: string | null
  barcode: string | null
  weight: string | null
  weight_unit: "g" | "kg" | "lb" | "oz"
  /** Prices that it must have; none where the ERP's own stand. */
  prices: { list: string; currency: string; amount: string }[]
}

export type VariantCreationOutcome =
  | { outcome: "created"; id: ErpId }
  | { outcome: "unsupported"; field: FieldName; message: string; remedy: string }
  | { outcome: "invalid"; field: FieldName; value: string; message: string; remedy: string }
  | { outcome: "failed"; error: SyncError }

export interface HookCall {
  method: string
  path: string
  query: Record<string, string>
  headers: Record<string, string>
  body: Buffer
}

export interface Hint {
  stream: Stream
  /** Null: something of the stream changed, a delta finds what. */
  id: ErpId | null
}

export type HookAnswer =
  | {
      accepted: true
      hints: Hint[]
      status: number
      body: string
      files?: { name: string; body: Buffer }[]
    }
  | { accepted: false; status: number; body: string; reason: string }

/** Webhooks of an ERP: verification, translation into hints, and the subscription's life cycle. */
export interface Hooks {
  // Absent where a person makes the subscription in the ERP.
  register?(url: string): Promise<{ id: string; expires_at: string | null }>
  renew?(id: string): Promise<{ expires_at: string | null }>
  remove?(id: string): Promise<void>
  receive(call: HookCall): Promise<HookAnswer>
}

/** By what records of both sides are told to be the same, before they are linked. */
export type MatchKey = "sku" | "barcode"

export interface KeyHolder {
  variant_id: ErpId
  product_id: ErpId
}

export interface Connector {
  readonly erp: string
  /** Declared facts; `check()` returns them refined by what was probed. */
  readonly capabilities: Capabilities

  /** Authenticates and reports; never throws for what a person can mend, `items` say it. */
  check(options?: RequestOptions): Promise<ConnectionCheck>

  /**
   * Yields pages of what changed since `cursor`, everything when it is null. May be stopped between
   * pages and taken up again from the last page's cursor, in another process. Holds one page in memory.
   * @throws SyncError
   */
  pull<S extends Stream>(
    stream: S,
    cursor: Cursor | null,
    options?: RequestOptions,
  ): AsyncIterable<Page<S>>

  /** Yields all ids with versions, for sweeps. @throws SyncError */
  keys(stream: Stream, cursor: Cursor | null, options?: RequestOptions): AsyncIterable<KeyPage>

  /** Present state of the given records, at most `max_read_batch` of them. @throws SyncError */
  read<S extends Stream>(stream: S, ids: ErpId[], options?: RequestOptions): Promise<ReadResult<S>>

  /**
   * The bytes of one image that the stream `images` names; null when the product has none there (any
   * more). Absent: the connector has no such stream.
   * @throws SyncError
   */
  image?(productId: ErpId, key: string, options?: RequestOptions): Promise<ImageContent | null>

  /**
   * Applies patches, at most `max_write_batch`, one outcome per change, in order; sends a change once.
   * Absent: the connection is read-only.
   * @throws SyncError only before anything was sent
   */
  write?(changes: Change[], options?: RequestOptions): Promise<WriteOutcome[]>

  /**
   * Creates records under keys of ours; a key that exists already answers with its record, unchanged.
   * Absent where the ERP has no place for such a key: then nothing is ever created there.
   */
  create?(creations: Creation[], options?: RequestOptions): Promise<CreationOutcome[]>

  /**
   * Adds variants to products that the ERP has, under keys of ours; a key that exists already answers
   * with its record, unchanged. Makes no other variant, and wakes none that is archived.
   * Absent where the ERP cannot do so: new variants of linked products then wait as pending.
   */
  createVariants?(
    creations: VariantCreation[],
    options?: RequestOptions,
  ): Promise<VariantCreationOutcome[]>

  /** Products and variants that exist under keys of ours, unchanged by this; unknown keys are missing. */
  findCreated?(keys: string[], options?: RequestOptions): Promise<ReadonlyMap<string, ErpId>>

  /**
   * Variants that hold these keys now, by key; only live ones in the connection's scope, and of a key
   * that many hold any two. Asked before an unlinked record is tied to one of the store: a key that
   * repeats decides nothing. Absent: only the records of one page are compared with each other.
   * @throws SyncError
   */
  findHolders?(
    by: MatchKey,
    values: string[],
    options?: RequestOptions,
  ): Promise<ReadonlyMap<string, KeyHolder[]>>

  readonly hooks?: Hooks

  /** Ends connections and timers; nothing is sent afterwards. */
  close(): Promise<void>
}

/** Requests counted by the connector's governor since it was made, for runs and benchmarks. */
export interface RequestCounter {
  readonly requests: number
}

/** What a connector's factory gets. Credentials are checked by the connector's own schema. */
export interface ConnectorContext {
  connection_id: string
  credentials: Record<string, unknown>
  /** Options that only this ERP knows: `protocol`, `company`, filters. */
  settings: Record<string, unknown>
  /**
   * Names of the price lists that the store maps, as its options spell them: only these are read, and
   * a price's `list` is spelt the same. Absent: the plain sales price alone, which is `list`.
   */
  price_lists?: readonly string[]
  /**
   * Currencies (ISO 4217, lower case) that the store maps each of them to. One that the ERP has in another
   * currency is told by `check`, and a record's price in it is rejected: nothing is converted. Absent:
   * whatever the ERP has.
   */
  price_currencies?: { readonly [list: string]: readonly string[] }
  /**
   * Characteristics and custom fields that the store maps, by the ERP's names: only these are read, and
   * stand under these names in a record's `attributes`.
   */
  attributes?: { readonly product: readonly string[]; readonly variant: readonly string[] }
  /** Whether the store maps tags: only then products carry them. */
  tags?: boolean
  /**
   * Further languages that the store maps, by its own locale: `fr-FR` to the ERP's `fr_FR`. Only their
   * texts are read, and stand under the locale in a record's `translations`.
   */
  languages?: { readonly [locale: string]: string }
  http: HttpOptions
  log: (level: "debug" | "info" | "warn" | "error", message: string) => void
}

/** Transport options of a connection, with defaults in the connector's folder. */
export interface HttpOptions {
  timeout_ms?: number
  in_flight?: number
  per_second?: number
  proxy?: string
  /** PEM text of extra certificate authorities. */
  ca?: string
  /** PEM text of a client certificate and key. */
  cert?: string
  key?: string
  max_attempts?: number
}

export type ConnectorFactory = (context: ConnectorContext) => Connector & RequestCounter
