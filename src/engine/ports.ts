import { Cursor, Lane } from "../connectors/contract"
import { Entity, Stream } from "../sync/canonical"
import { SyncError } from "../sync/errors"
import { ConnectionId, ErpId, MedusaId } from "../sync/ids"
import { MedusaCategory, MedusaProduct, MedusaVariant, ProductStatus } from "../sync/snapshot"
import { Fulfilled, KnownDemand, LockedLevel, OpenReservation } from "../sync/stock-types"
import {
  Difference,
  FieldName,
  FieldValue,
  Intent,
  Link,
  LinkState,
  Replaced,
  Side,
  Values,
} from "../sync/values"
import { OtherLink } from "../sync/write-scope"

/**
 * What the engine needs of the world. `Tx` is the transaction that the ledger opens and hands to the
 * catalog, so that catalog rows, links, bases and cursors commit together. The store's implementation
 * uses PostgreSQL; the simulation's is in memory.
 */

// ---------------------------------------------------------------- ledger: tables of the module `erp`

export interface NewLink {
  entity: Entity
  erp_id: ErpId
  parent_erp_id: ErpId | null
  medusa_id: MedusaId
  state: LinkState
  fingerprint: string
  match_key: string | null
  base_erp: Values
  base_medusa: Values
  content_hash?: Link["content_hash"]
  version?: Link["version"]
  kept?: Link["kept"]
}

/**
 * Changes of one link; maps are merged per key in SQL. In `intents`, `replaced` and `kept` a null
 * removes the key; in the bases a null is a value (agreed on: nothing there) and stays.
 */
export interface LinkPatch {
  id: string
  /** The sequence the plan was made on. The patch is dropped (and returned as lost) when it moved. */
  expected: { lane: "catalog"; seq: number } | { lane: "stock"; seq: number }
  erp_id?: ErpId
  parent_erp_id?: ErpId | null
  medusa_id?: MedusaId
  state?: LinkState
  base_erp?: Values
  base_medusa?: Values
  fingerprint?: string
  content_hash?: Link["content_hash"]
  version?: Link["version"]
  intents?: { [field: FieldName]: Intent | null }
  replaced?: { [field: FieldName]: Replaced | null }
  resolutions?: { [field: FieldName]: Side | null }
  kept?: { [name: string]: FieldValue }
  match_key?: string | null
  stock_read_at?: string
  /** Both sides were looked at and agree: moves `agreed_at`. */
  agreed?: boolean
}

/** From so many lost claims on a key is looked at alone. */
export const SUSPECT_LOSSES = 2

/** A key that needs a look. */
export interface DirtyKey {
  stream: Stream
  /** Product id for products, prices and stock of a product's variants: variant id; category id. */
  erp_id: ErpId
  reason: string
  /** Earliest time to look, in milliseconds from now. */
  delay_ms?: number
}

export interface ClaimedKey {
  stream: Stream
  erp_id: ErpId
  generation: number
  claims: number
  /** Claims in a row, up to this one, that ended without a word: their process died or stalled. */
  losses: number
  reason: string
}

export interface ParkedRecord {
  stream: Stream
  entity: Entity
  erp_id: ErpId
  /** `*` when the whole record is parked. */
  field: FieldName
  /** Machine-readable: `invalid`, `duplicate_sku`, `missing_dependency`, `ambiguous_match`, `kit` … */
  reason: string
  message: string
  value: string | null
  remedy: string
  version: string | null
  /** For `missing_dependency`: whose arrival wakes this record. */
  waits_for?: { entity: Entity; erp_id: ErpId } | null
  /** The key of the dirty set that looks at it again; by default the product of a linked child, else `erp_id`. */
  key?: ErpId
}

export interface JournalEntry {
  run_id: string | null
  entity: Entity
  erp_id: ErpId
  medusa_id: MedusaId | null
  field: FieldName
  /** The side that was written, or whose edit was set aside. */
  side: Side
  kind:
    | "create"
    | "write"
    | "superseded"
    | "conflict"
    | "drift"
    | "pending"
    | "structure"
    | "gone"
    | "back"
    | "link"
    | "restore"
    /** A person let this change pass the guard. */
    | "approve"
  from: FieldValue
  to: FieldValue
  rule: string
}

/** A value that nobody holds any more, of a field that is unique in the store. */
export interface FreedValue {
  field: "sku" | "barcode"
  value: string
}

/** Fields of a link that were compared, and what the comparison rests on. */
export interface Look {
  link_id: string
  fields: FieldName[]
  /** Sequences of the catalog's lane, by link: the link's own, its product's. */
  seqs?: Record<string, number>
  /** For a look at stock: the link's own lane of stock, and the record of the ERP that was read. */
  stock?: Pick<Link, "stock_seq" | "erp_id">
}

/** A change that the guard counts; `*` is the life of a record. */
export type GuardedChange = Pick<JournalEntry, "entity" | "erp_id" | "field" | "from" | "to">

export interface OutgoingEvent {
  name: string
  /** The payload as Medusa's own flows send it. */
  data: Record<string, unknown>
}

export type RunState =
  "queued" | "awaiting_approval" | "running" | "completed" | "failed" | "cancelled"

export type RunKind = "full" | "delta" | "sweep"

export interface RunCounters {
  read: number
  created: number
  updated: number
  unchanged: number
  parked: number
  gone: number
  /** Rows written in Medusa's own tables, one per changed record and field group. */
  writes: number
  events: number
  requests: number
  /** Records written in the ERP. */
  pushed: number
}

export interface Run {
  id: string
  connection_id: ConnectionId
  kind: RunKind
  lane: Lane
  /** Streams in the order in which they are done; `stream` is the present one. */
  streams: Stream[]
  stream: Stream | null
  state: RunState
  cursor: Cursor | null
  /** Records done and expected in the present stream. */
  done: number
  total: number | null
  counters: RunCounters
  cancel_requested: boolean
  approved: boolean
  /** Why it failed or waits; `streams` are those that a failed run did not bring. */
  error: {
    code: string
    kind: string
    message: string
    remedy: string
    streams?: Stream[]
  } | null
  created_at: string
  started_at: string | null
  /** When the present stream was begun, for its rate. */
  stream_started_at: string | null
  finished_at: string | null
}

export interface Lease {
  owner: string
  ms: number
}

export interface ConnectionRow {
  id: ConnectionId
  erp: string
  state: "active" | "paused"
  /** Why it is paused, with the remedy; null while active. */
  reason: { code: string; message: string; remedy: string } | null
  identity: Record<string, unknown> | null
  check: Record<string, unknown> | null
  checked_at: string | null
  /** First successful approval or first run in an empty store. */
  approved_at: string | null
  /** The mappings that were agreed to, as their fingerprint; null before the first connection. */
  rules_fingerprint: string | null
  /** When a person let pending edits go to the ERP, or there were none yet; null: they wait. */
  push_approved_at: string | null
  /** When the first link was made: web demand before that is part of the ERP's figures. */
  created_at: string
}

export interface Ledger<Tx> {
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** The database's clock, ISO with microseconds or milliseconds. */
  now(): Promise<string>
  /** Next number of the sequence that stamps reads and link changes. */
  nextSeq(): Promise<number>

  // connections
  connection(id: ConnectionId): Promise<ConnectionRow | null>
  connections(): Promise<ConnectionRow[]>
  saveConnection(
    id: ConnectionId,
    patch: Partial<Omit<ConnectionRow, "id" | "created_at">>,
  ): Promise<void>

  // links
  linksByErp(connection: ConnectionId, entity: Entity, erpIds: ErpId[]): Promise<Link[]>
  linksByParent(connection: ConnectionId, parentErpIds: ErpId[]): Promise<Link[]>
  linksByMedusa(connection: ConnectionId, entity: Entity, medusaIds: MedusaId[]): Promise<Link[]>
  /** Links of other connections to these records, but for tombstones; in the order of their ids. */
  linksOfOthers(
    connection: ConnectionId,
    entity: Entity,
    medusaIds: MedusaId[],
  ): Promise<OtherLink[]>
  /** Live links of other connections to the records of these links, made before them, each with whose it is. */
  earlierLinks(linkIds: string[]): Promise<(OtherLink & { link_id: string })[]>
  /** Linked records of an entity whose stored versions of the stream are the newest, newest first. */
  newestLinks(
    connection: ConnectionId,
    entity: Entity,
    stream: Stream,
    limit: number,
  ): Promise<Link[]>
  /** Inserts what is not there yet on either side; returns the links now standing for those erp ids. */
  insertLinks(tx: Tx, connection: ConnectionId, links: NewLink[]): Promise<Link[]>
  /** Links of products that are being created in the ERP, under keys of ours still. */
  outgoingLinks(connection: ConnectionId): Promise<Link[]>
  /**
   * Locks links for this transaction (skip locked) and returns their sequences, and the ERP's record they
   * tie by now; a busy one is missing.
   * Called before anything is written on the strength of a plan.
   */
  lockLinks(
    tx: Tx,
    ids: string[],
  ): Promise<Map<string, { seq: number; stock_seq: number; erp_id: ErpId }>>
  /** Applies fenced patches, each with a new sequence of its lane; the ids whose fence had moved are `lost`. */
  patchLinks(tx: Tx, patches: LinkPatch[]): Promise<{ lost: string[]; seqs: Map<string, number> }>
  /**
   * Takes the bases of these set elements (`category:42`) out of all products: the record that they were
   * agreed on is no more, and another one stands in its place. Returns the ERP ids of the products.
   */
  voidElements(tx: Tx, connection: ConnectionId, fields: FieldName[]): Promise<ErpId[]>
  /**
   * Runs `work` while holding a database-wide lock on each key that is free; busy keys are not granted.
   * The locks end with the process that holds them, whatever its end (advisory locks of a transaction).
   */
  exclusively<T>(keys: string[], work: (granted: ReadonlySet<string>) => Promise<T>): Promise<T>
  /** Links of an entity whose product or record has no sweep mark of this run, in pages. */
  unsweptLinks(
    connection: ConnectionId,
    runId: string,
    entity: Entity,
    afterErpId: ErpId | null,
    limit: number,
  ): Promise<Link[]>
  markSwept(tx: Tx, runId: string, entity: Entity, erpIds: ErpId[]): Promise<void>
  clearSwept(runId: string): Promise<void>
  linkCounts(connection: ConnectionId): Promise<Record<Entity, number>>

  // dirty set
  /** One upsert per key; an existing key gets a new generation and the earlier due time. */
  markDirty(connection: ConnectionId, keys: DirtyKey[], tx?: Tx): Promise<void>
  /**
   * Claims due keys of these streams, oldest first, in one statement; `claims` counts attempts. Of the
   * keys with `SUSPECT_LOSSES` or more, which may be what kills the process, it takes one at most.
   */
  claimDirty(
    connection: ConnectionId,
    streams: Stream[],
    limit: number,
    lease: Lease,
  ): Promise<ClaimedKey[]>
  /** Deletes claims whose generation did not move and that this owner still holds; others stay due. */
  finishDirty(tx: Tx, connection: ConnectionId, claims: ClaimedKey[], owner: string): Promise<void>
  /** Gives claims back, due after the delay. */
  releaseDirty(
    connection: ConnectionId,
    claims: ClaimedKey[],
    owner: string,
    delayMs: number,
  ): Promise<void>
  dirtyDepth(connection: ConnectionId): Promise<Record<Stream, number>>
  /** Prolongs the leases of all keys that this owner holds; returns how many. */
  renewDirty(connection: ConnectionId, owner: string, leaseMs: number): Promise<number>
  /** Marks the records of all links with open intents; returns how many. */
  markOpenIntents(connection: ConnectionId): Promise<number>

  // differences
  /**
   * Replaces what stands open for the fields that were looked at: exactly `found` does afterwards. A field
   * like `category:*` stands for all of its family. Rows
   * that stay the same are not touched; `opened` are those that were not there before. A look is void, and
   * its link among the `stale`, if what it rests on has moved by now: a newer look has said what stands
   * open.
   */
  saveDifferences(
    tx: Tx,
    connection: ConnectionId,
    looked: Look[],
    found: Difference[],
  ): Promise<{ opened: Difference[]; stale: string[] }>

  // parked
  park(tx: Tx, connection: ConnectionId, records: ParkedRecord[]): Promise<void>
  /** Removes what is parked for these records in this stream, except the given fields. */
  unpark(
    tx: Tx,
    connection: ConnectionId,
    stream: Stream,
    keys: { entity: Entity; erp_id: ErpId; except: FieldName[] }[],
  ): Promise<void>
  /** Marks records dirty that waited for one of these. */
  wakeWaiting(
    tx: Tx,
    connection: ConnectionId,
    arrived: { entity: Entity; erp_id: ErpId }[],
  ): Promise<void>
  /** Marks records dirty that parked because another one held one of these values. */
  wakeDuplicates(tx: Tx, connection: ConnectionId, freed: FreedValue[]): Promise<void>
  /**
   * Moves of categories that the ERP refused are asked for again, and the categories marked dirty: the
   * tree has changed since.
   */
  wakeRefusedMoves(tx: Tx, connection: ConnectionId): Promise<void>
  /** Marks all parked records not looked at for a day dirty; returns how many. */
  retryParked(connection: ConnectionId, olderThanMs: number): Promise<number>

  // guards: counted from the journal of the last day, what a person approved left out
  /** Records set aside as gone in the store, or archived in the ERP. */
  countGone(connection: ConnectionId, entity: Entity, side?: Side): Promise<number>
  /** Price rows of a side that moved by more than half. */
  countMovedPrices(connection: ConnectionId, side: Side): Promise<number>
  /** Stock levels set to zero because the ERP did not answer for them. */
  countAbsentStock(connection: ConnectionId): Promise<number>
  /** Those of the changes that a person approved in the last day, as they are: same key, `from` and `to`. */
  approvedChanges(connection: ConnectionId, changes: GuardedChange[]): Promise<GuardedChange[]>

  // journal, events
  journal(tx: Tx, connection: ConnectionId, entries: JournalEntry[]): Promise<void>
  queueEvents(tx: Tx, groupId: string, events: OutgoingEvent[]): Promise<string[]>
  /** Events that were committed but not confirmed as emitted, older than the given age. */
  pendingEvents(
    olderThanMs: number,
    limit: number,
  ): Promise<{ id: string; group_id: string; event: OutgoingEvent }[]>
  confirmEvents(ids: string[]): Promise<void>

  // demand
  knownDemand(
    tx: Tx | null,
    connection: ConnectionId,
    pairs: { inventory_item_id: MedusaId; location_id: MedusaId }[],
  ): Promise<KnownDemand[]>

  // cursors and runs
  cursor(connection: ConnectionId, stream: Stream): Promise<Cursor | null>
  saveCursor(tx: Tx, connection: ConnectionId, stream: Stream, cursor: Cursor): Promise<void>
  enqueueRun(
    connection: ConnectionId,
    run: Pick<Run, "kind" | "lane" | "streams"> & { state: RunState; approved: boolean },
  ): Promise<Run>
  run(id: string): Promise<Run | null>
  /**
   * Takes the oldest queued run, or a running one whose lease ended, of a connection and lane in which
   * no other run is alive. One running per connection and lane holds by a partial unique index.
   */
  claimRun(connection: ConnectionId, lane: Lane, lease: Lease): Promise<Run | null>
  /** Fenced by owner and lease: false when the run is no longer ours. Renews the lease. */
  saveRun(
    tx: Tx | null,
    runId: string,
    owner: string,
    leaseMs: number,
    patch: Partial<
      Pick<Run, "stream" | "state" | "cursor" | "done" | "total" | "counters" | "error">
    >,
  ): Promise<{ ours: boolean; cancel_requested: boolean }>
  /** Ends the lease, so that any instance can go on: at once, or after the delay. */
  releaseRun(runId: string, owner: string, delayMs?: number): Promise<void>
  lastRun(connection: ConnectionId, stream: Stream, states: RunState[]): Promise<Run | null>
}

// ------------------------------------------------------------------------- catalog: Medusa's tables

/** One guarded write of a value: applied only if the record still holds `from`. */
export interface ValueWrite {
  entity: "product" | "variant" | "category"
  id: MedusaId
  /**
   * product: `title`, `description`, `status`, `category:<medusa category id>` and `tag:<value>` (true or
   * null; a tag that the store does not have is made);
   * variant: `title`, `sku`, `barcode`, `weight`, `allow_backorder`, `price:<currency>`,
   * `price_list:<price list id>:<currency>` (all tiers, as `tiersText` writes them; null: none), `product_id`
   * (the variant goes along with all it has but its option values); category: `name`, `is_active`.
   * Of products and variants besides: the columns of `ATTRIBUTE_COLUMNS`, and `metadata:<key>`.
   * The SKU is renamed on the variant's own inventory item too, where the item is not shared.
   */
  field: FieldName
  from: FieldValue
  to: FieldValue
}

export type ValueOutcome =
  | { outcome: "written" }
  /** The record holds something else by now (`present`), or is locked, or is gone: plan again. */
  | { outcome: "moved"; present: FieldValue }
  | { outcome: "locked" }
  | { outcome: "gone" }
  /** The store refused this value (duplicate SKU or barcode); the others of the batch were written. */
  | { outcome: "refused"; error: SyncError }

export interface CreateCategory {
  id: MedusaId
  erp_id: ErpId
  name: string
  is_active: boolean
  parent_id: MedusaId | null
}

export interface CreateVariant {
  id: MedusaId
  erp_id: ErpId
  title: string
  sku: string | null
  barcode: string | null
  weight: string | null
  manage_inventory: boolean
  allow_backorder: boolean
  /** Option title to value, as in `CreateProduct.options`. */
  options: Record<string, string>
  prices: { currency: string; amount: string }[]
  /** Characteristics by target, as in `ValueWrite.field`. */
  attributes?: Values
}

export interface CreateProduct {
  id: MedusaId
  erp_id: ErpId
  title: string
  /** Wanted handle stem; the catalog makes it unique among live products. */
  handle_stem: string
  description: string | null
  status: ProductStatus
  category_ids: MedusaId[]
  /** Values of its tags; those that the store does not have are made. */
  tags?: string[]
  sales_channel_ids: MedusaId[]
  shipping_profile_id: MedusaId | null
  external_id: string
  attributes?: Values
  options: { title: string; values: string[] }[]
  variants: CreateVariant[]
}

/** What stands in Medusa after a creation, for the links of options and values. */
export interface CreatedProduct {
  id: MedusaId
  options: { id: MedusaId; title: string; values: { id: MedusaId; value: string }[] }[]
  /** Rows created in Medusa's tables that count as writes: product, variants, prices. */
  writes: number
  events: number
}

export type CreateOutcome<T> =
  { outcome: "created"; created: T } | { outcome: "failed"; error: SyncError }

/** A change of a product's structure, carried out by Medusa's workflows, in this order. */
export type StructureStep =
  | { step: "rename_option"; option_id: MedusaId; title: string }
  | { step: "rename_option_value"; option_id: MedusaId; value_id: MedusaId; value: string }
  /** Adds an exclusive option with its values to the product; existing variants get `assign`. */
  | { step: "add_option"; title: string; values: string[] }
  | { step: "add_option_values"; option_id: MedusaId; values: string[] }
  | { step: "create_variants"; variants: CreateVariant[] }
  /** Sets the complete option assignment of a variant: option title to value. */
  | { step: "assign_options"; variant_id: MedusaId; options: Record<string, string> }
  | { step: "remove_option_values"; option_id: MedusaId; value_ids: MedusaId[] }
  | { step: "remove_option"; option_id: MedusaId }
  | { step: "delete_variant"; variant_id: MedusaId }
  /** Reuses the former inventory item when there is one. */
  | { step: "set_manage_inventory"; variant_id: MedusaId; manage_inventory: boolean }

export interface StructureResult {
  /** The product's options as they stand afterwards. */
  options: { id: MedusaId; title: string; values: { id: MedusaId; value: string }[] }[]
  writes: number
  events: number
}

export interface LevelWrite {
  level: LockedLevel
  to: string
}

export interface CatalogCounts {
  products: number
  variants: number
  prices: number
  levels: number
  categories: number
}

/** Where the writes come from; becomes the events' `eventGroupId`. */
export interface WriteOrigin {
  group_id: string
}

export interface Catalog<Tx> {
  newId(entity: "product" | "variant" | "category"): MedusaId

  // reads, past Medusa's cache; without `tx` on the pool
  readCategories(ids: MedusaId[], tx?: Tx): Promise<Map<MedusaId, MedusaCategory>>
  /** With variants, options, base prices, category ids and inventory items, soft-deleted ones flagged. */
  readProducts(ids: MedusaId[], tx?: Tx): Promise<Map<MedusaId, MedusaProduct>>
  readVariants(ids: MedusaId[], tx?: Tx): Promise<Map<MedusaId, MedusaVariant>>
  /** Live variants by match key. */
  findVariants(
    by: "sku" | "barcode",
    values: string[],
  ): Promise<{ value: string; variant_id: MedusaId; product_id: MedusaId }[]>
  counts(): Promise<CatalogCounts>

  /**
   * Guarded: locks the rows (skip locked), compares each field with `from`, writes the rest. Outcomes in
   * order of `writes`. The events that core would emit are returned, for the ledger's outbox.
   */
  writeValues(
    tx: Tx,
    writes: ValueWrite[],
  ): Promise<{ outcomes: ValueOutcome[]; events: OutgoingEvent[]; writes: number }>

  // stock
  /** Runs `work` inside Medusa's locking on these inventory items, as core's own flows do. */
  withInventoryLock<T>(inventoryItemIds: MedusaId[], work: () => Promise<T>): Promise<T>
  /** The levels of these pairs as they stand, without a lock; a pair without a level has `id` null. */
  readLevels(
    pairs: { inventory_item_id: MedusaId; location_id: MedusaId }[],
  ): Promise<LockedLevel[]>
  /** Locks the levels of these pairs; a pair that is busy is missing from the answer. */
  lockLevels(
    tx: Tx,
    pairs: { inventory_item_id: MedusaId; location_id: MedusaId }[],
  ): Promise<LockedLevel[]>
  readReservations(
    tx: Tx | null,
    pairs: { inventory_item_id: MedusaId; location_id: MedusaId }[],
  ): Promise<OpenReservation[]>
  /** Not cancelled fulfilments of these pairs since the given database time. */
  readFulfilled(
    tx: Tx | null,
    pairs: { inventory_item_id: MedusaId; location_id: MedusaId }[],
    since: string,
  ): Promise<Fulfilled[]>
  /** Sets `stocked_quantity` alone, creating levels that are missing. */
  writeLevels(tx: Tx, writes: LevelWrite[]): Promise<{ events: OutgoingEvent[]; writes: number }>

  // creation and structure, through Medusa's workflows; batches are bisected around bad records
  createCategories(
    inputs: CreateCategory[],
    origin: WriteOrigin,
  ): Promise<CreateOutcome<{ id: MedusaId; writes: number; events: number }>[]>
  moveCategory(
    id: MedusaId,
    parentId: MedusaId | null,
    origin: WriteOrigin,
  ): Promise<{ writes: number; events: number }>
  createProducts(
    inputs: CreateProduct[],
    origin: WriteOrigin,
  ): Promise<CreateOutcome<CreatedProduct>[]>
  /** @throws SyncError naming the step; steps done before it stand and are found by the next plan. */
  applyStructure(
    productId: MedusaId,
    steps: StructureStep[],
    origin: WriteOrigin,
  ): Promise<StructureResult>
}
