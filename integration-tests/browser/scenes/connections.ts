import type { ConnectionView, StreamView } from "../../../src/runtime/views"
import { ago, FAILED_RUN, FULL_RUN, HISTORY, REFUSED, WAITING_RUN } from "./runs"

const MINUTE = 60_000

const streams = (success: (minutes: number) => string | null): StreamView[] =>
  (
    [
      ["categories", 60, 52],
      ["products", 60, 52],
      ["prices", 15, 11],
      ["stock", 5, 4],
    ] as const
  ).map(([stream, minutes, last]) => ({
    stream,
    interval_ms: minutes * MINUTE,
    last_run_at: ago(last),
    last_success_at: success(last),
    next_due_at: ago(last - minutes),
    error: null,
    lag_seconds: last * 60,
    is_late: false,
  }))

const OK = [
  { code: "login", ok: true, message: "Logged in as sync@example.com.", remedy: "" },
  { code: "rights", ok: true, message: "May read products, prices and stock.", remedy: "" },
]

/** A connection that works. */
export const DONE: ConnectionView = {
  id: "odoo-main",
  erp: "odoo",
  host: "erp.example.com",
  state: "in_sync",
  reason: null,
  checks: OK,
  checked_at: ago(52),
  identity: {
    version: "19.0",
    company: "Nordic Living GmbH",
    currencies: ["eur", "sek"],
    warehouses: [
      { code: "WH", name: "Hamburg" },
      { code: "WH2", name: "Malmö" },
    ],
  },
  links: { categories: 84, products: 9_940, variants: 21_396 },
  streams: streams(ago),
  parked: 6,
  differences: { drift: 0, pending: 0, conflict: 0 },
  push: "off",
  rules: "agreed",
  hook: { token_at: null, counters: {} },
  dirty: 0,
  current_run: null,
  last_run: HISTORY[0] ?? null,
}

export const WORKING: ConnectionView = {
  ...DONE,
  state: "working",
  links: { categories: 84, products: 5_904, variants: 12_711 },
  dirty: 3,
  current_run: FULL_RUN,
  last_run: null,
  parked: 0,
  streams: streams(() => null).map((stream) => ({
    ...stream,
    last_run_at: ago(0.75),
    next_due_at: ago(1),
  })),
}

export const WAITING: ConnectionView = {
  ...WORKING,
  state: "needs_you",
  links: { categories: 0, products: 0, variants: 0 },
  dirty: 0,
  current_run: WAITING_RUN,
  streams: streams(() => null).map((stream) => ({ ...stream, last_run_at: null })),
}

export const FAILED: ConnectionView = {
  ...DONE,
  state: "paused",
  reason: REFUSED,
  checks: [{ ...REFUSED, ok: false }],
  checked_at: ago(9),
  dirty: 41,
  parked: 0,
  last_run: FAILED_RUN,
  streams: streams((minutes) => ago(minutes + 720)),
}
