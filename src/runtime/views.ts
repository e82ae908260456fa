import { Stream } from "../sync/canonical"

/**
 * What the admin API answers. Times are ISO 8601 in UTC; nothing here holds a credential.
 */

export type ConnectionState = "in_sync" | "working" | "needs_you" | "paused" | "never_run"

export interface ConnectionView {
  id: string
  erp: string
  /** Host of the ERP, without user information or path. */
  host: string | null
  state: ConnectionState
  /** Why it is paused or needs a person, in words, with the remedy. */
  reason: { code: string; message: string; remedy: string } | null
  /** What `check()` found: one line each. */
  checks: { code: string; ok: boolean; message: string; remedy: string }[]
  checked_at: string | null
  identity: {
    version: string
    company: string
    currencies: string[]
    warehouses: { code: string; name: string }[]
  } | null
  links: { categories: number; products: number; variants: number }
  streams: StreamView[]
  parked: number
  /** What stands open between both sides. */
  differences: { drift: number; pending: number; conflict: number }
  /** `waits`: on, and what it would send first waits for approval. */
  push: "off" | "waits" | "on"
  /** `waits`: a mapping changed, and what it would write waits for approval. */
  rules: "agreed" | "waits"
  hook: { token_at: string | null; counters: Record<string, number> }
  /** Keys waiting for a look. */
  dirty: number
  current_run: RunView | null
  last_run: RunView | null
}

export interface StreamView {
  stream: Stream
  last_run_at: string | null
  last_success_at: string | null
  next_due_at: string | null
  interval_ms: number
  /** Why the last run over it did not bring it; null when it did. */
  error: RunView["error"]
  /** Seconds since it was last brought, or let in; null before a person let anything in. */
  lag_seconds: number | null
  /** Not brought for much longer than its interval, and no run is at it. */
  is_late: boolean
}

export interface RunView {
  id: string
  connection_id: string
  kind: "full" | "delta" | "sweep"
  lane: "interactive" | "background"
  state: "queued" | "awaiting_approval" | "running" | "completed" | "failed" | "cancelled"
  /** Streams in order, and the one under way. */
  streams: Stream[]
  stream: Stream | null
  position: { done: number; total: number | null }
  counters: {
    read: number
    created: number
    updated: number
    unchanged: number
    parked: number
    gone: number
    writes: number
    events: number
    requests: number
    /** Records written in the ERP. */
    pushed: number
  }
  /** Records a second since the start of this stream; null before the first page. */
  rate: number | null
  /** Null when the ERP does not say how many there are. */
  remaining_seconds: number | null
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
  finished_at: string | null
}

export interface ParkedView {
  id: string
  connection_id: string
  stream: Stream
  entity: string
  erp_id: string
  medusa_id: string | null
  field: string
  reason: string
  message: string
  value: string | null
  remedy: string
  first_at: string
  last_at: string
  /** When a person set it aside, until it changes. */
  ignored_at: string | null
}

/** What the product page shows. */
export interface RecordView {
  connection_id: string
  erp: string
  entity: string
  erp_id: string
  state: "creating" | "linked" | "gone" | "tombstone"
  /** When both sides were last seen to agree. */
  agreed_at: string | null
  /** Address of the record in the ERP, where the connector knows one. */
  url: string | null
  parked: ParkedView[]
  variants: {
    medusa_id: string
    erp_id: string
    state: string
    sku: string | null
    agreed_at: string | null
  }[]
}

export interface HealthView {
  status: "ok" | "degraded" | "failing"
  instances: {
    id: string
    mode: string
    started_at: string
    last_tick_at: string | null
    last_claim_at: string | null
  }[]
  /** No tick for three minutes, no worker, an instance that ended without a word, streams that are late. */
  warnings: string[]
  connections: {
    id: string
    state: ConnectionState
    dirty: Record<Stream, number>
    parked: number
    lag_seconds: Record<Stream, number | null>
    requests: number
    differences: { drift: number; pending: number; conflict: number }
    /** Values written in the last day, by side. */
    writes: { medusa: number; erp: number }
    /** Calls of the ERP that were taken, and refused ones by reason. */
    hook_calls: Record<string, number>
  }[]
  pending_events: number
}
