import type { RunView } from "../../../src/runtime/views"

const MINUTE = 60_000

/** A moment some minutes before now, as the API writes it. */
export const ago = (minutes: number): string =>
  new Date(Date.now() - minutes * MINUTE).toISOString()

const NOTHING: RunView["counters"] = {
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
}

export const run = (
  of: Omit<Partial<RunView>, "counters"> & {
    id: string
    counters?: Partial<RunView["counters"]>
  },
): RunView => ({
  connection_id: "odoo-main",
  kind: "delta",
  lane: "background",
  state: "completed",
  streams: ["categories", "products", "prices", "stock"],
  stream: null,
  position: { done: of.counters?.read ?? 0, total: of.counters?.read ?? 0 },
  rate: null,
  remaining_seconds: null,
  error: null,
  created_at: ago(30),
  started_at: ago(30),
  finished_at: ago(28),
  ...of,
  counters: { ...NOTHING, ...of.counters },
})

export const FULL_RUN = run({
  id: "erprun_01KAT3F7Z8Q4Y2N6B0C1D2E3F4",
  kind: "full",
  lane: "interactive",
  state: "running",
  stream: "products",
  position: { done: 6_240, total: 10_000 },
  counters: { read: 6_318, created: 5_904, updated: 212, unchanged: 190, parked: 12, requests: 71 },
  rate: 148.4,
  remaining_seconds: 26,
  created_at: ago(0.8),
  started_at: ago(0.75),
  finished_at: null,
})

export const WAITING_RUN = run({
  id: "erprun_01KAT3F7Z8Q4Y2N6B0C1D2E3F5",
  kind: "full",
  lane: "interactive",
  state: "awaiting_approval",
  stream: "products",
  position: { done: 0, total: 10_000 },
  counters: { read: 10_000, created: 8_760, updated: 1_180, unchanged: 60, requests: 104 },
  created_at: ago(6),
  started_at: ago(5.5),
  finished_at: null,
})

export const REFUSED = {
  code: "unauthorised",
  kind: "config",
  message: "Odoo at erp.example.com refused the login sync@example.com: the API key is not valid.",
  remedy:
    "In Odoo open Preferences, Account Security, make a new API key for this user, put it into ODOO_API_KEY and restart the store.",
}

export const FAILED_RUN = run({
  id: "erprun_01KAT3F7Z8Q4Y2N6B0C1D2E3F6",
  state: "failed",
  stream: "categories",
  error: REFUSED,
  position: { done: 0, total: null },
  counters: { requests: 1 },
  created_at: ago(9),
  started_at: ago(9),
  finished_at: ago(8.9),
})

export const HISTORY: RunView[] = [
  run({
    id: "erprun_01KAT2",
    streams: ["stock"],
    counters: { read: 48, updated: 46, unchanged: 2, writes: 46, events: 46, requests: 2 },
    created_at: ago(4),
    started_at: ago(4),
    finished_at: ago(3.93),
  }),
  run({
    id: "erprun_01KAT1",
    streams: ["products", "prices"],
    counters: { read: 31, created: 2, updated: 27, unchanged: 1, parked: 1, requests: 6 },
    created_at: ago(52),
    started_at: ago(52),
    finished_at: ago(51.8),
  }),
  run({
    id: "erprun_01KAS9",
    kind: "sweep",
    counters: { read: 21_480, updated: 3, unchanged: 21_474, gone: 3, requests: 216 },
    created_at: ago(432),
    started_at: ago(432),
    finished_at: ago(428.4),
  }),
  {
    ...FAILED_RUN,
    id: "erprun_01KAS8",
    created_at: ago(700),
    started_at: ago(700),
    finished_at: ago(699.9),
  },
  run({
    id: "erprun_01KAS7",
    kind: "full",
    lane: "interactive",
    state: "cancelled",
    counters: { read: 2_100, created: 2_094, parked: 6, requests: 26 },
    position: { done: 2_100, total: 10_000 },
    created_at: ago(1_500),
    started_at: ago(1_500),
    finished_at: ago(1_499),
  }),
]
