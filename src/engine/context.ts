import { Connector, RequestCounter } from "../connectors/contract"
import { Stream, StreamRecord } from "../sync/canonical"
import { Guards } from "../sync/guards"
import { ConnectionId, ErpId } from "../sync/ids"
import { RejectedRecord } from "../sync/canonical"
import { Rules } from "../sync/rules"
import { WriteScope } from "../sync/write-scope"
import { ImageStore } from "./image-ports"
import { Catalog, Ledger, OutgoingEvent, RunCounters } from "./ports"

export type LogLevel = "debug" | "info" | "warn" | "error"

/** What the engine works with; the same code runs on PostgreSQL and in the simulation. */
export interface EngineContext<Tx> {
  ledger: Ledger<Tx>
  catalog: Catalog<Tx>
  /** Absent: this store takes no images. */
  images?: ImageStore<Tx>
  /** Unique per start of the process: host, process id, random. */
  owner: string
  log(level: LogLevel, message: string): void
  /** Hands committed events to Medusa's bus. */
  emit(groupId: string, events: OutgoingEvent[]): Promise<void>
  /** Milliseconds of this process since some moment; never turned back. */
  monotonic(): number
  /** Calls `work` at this interval until the function returned is called; never keeps the process alive. */
  every(ms: number, work: () => void): () => void
}

/** A configured connection, ready to work. */
export interface Connected {
  id: ConnectionId
  connector: Connector & RequestCounter
  rules: Rules
  guards: Guards
  /** What the store's other connections write; absent: it has no other. */
  others?: readonly WriteScope[]
}

/** A batch of canonical records as they were read. */
export interface Batch<R extends StreamRecord = StreamRecord> {
  records: R[]
  rejected: RejectedRecord[]
  /** Asked by id and not there, or reported deleted. */
  missing: ErpId[]
  /** Sequence number taken before the request began. */
  read_seq: number
  /** Database time before the request began, ISO. */
  read_at: string
  run_id: string | null
  /** Unchanged records (by content hash) may be dropped without a look at Medusa. */
  may_skip: boolean
  /** The run reads stock and prices after this: new variants need not be marked for them. */
  values_follow: boolean
}

/** What a batch came to; added to the run's counters in the transaction that stores it. */
export type Tally = RunCounters

export const emptyTally = (): Tally => ({
  read: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  parked: 0,
  gone: 0,
  writes: 0,
  events: 0,
  requests: 0,
  pushed: 0,
})

export const addTally = (a: Tally, b: Tally): Tally => ({
  read: a.read + b.read,
  created: a.created + b.created,
  updated: a.updated + b.updated,
  unchanged: a.unchanged + b.unchanged,
  parked: a.parked + b.parked,
  gone: a.gone + b.gone,
  writes: a.writes + b.writes,
  events: a.events + b.events,
  requests: a.requests + b.requests,
  pushed: a.pushed + b.pushed,
})

/** Called inside the batch's last transaction, so that progress commits with the results. */
export type Finish<Tx> = (tx: Tx, tally: Tally) => Promise<void>

export const streamOf = (entity: "category" | "product" | "variant"): Stream =>
  entity === "category" ? "categories" : "products"
