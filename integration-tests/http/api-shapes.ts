import {
  ConnectionView,
  HealthView,
  ParkedView,
  RecordView,
  RunView,
} from "../../src/runtime/views"

/** What the answers look like, every key of them: one more or one less fails. */
type Shape<T> = { [K in keyof T]-?: unknown }

const text = expect.any(String)
const number = expect.any(Number)
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)

const STREAMS = ["categories", "products", "prices", "stock", "images"] as const

const perStream = (value: unknown): Record<string, unknown> =>
  Object.fromEntries(STREAMS.map((stream) => [stream, value]))

export const runShape = (known: Partial<RunView> = {}): Shape<RunView> => ({
  id: expect.stringMatching(/^erun_/),
  connection_id: "odoo-main",
  kind: "full",
  lane: "background",
  state: "completed",
  streams: ["categories", "products", "stock"],
  stream: null,
  position: { done: number, total: expect.anything() },
  counters: {
    read: number,
    created: number,
    updated: number,
    unchanged: number,
    parked: number,
    gone: number,
    writes: number,
    events: number,
    requests: number,
    pushed: number,
  },
  rate: null,
  remaining_seconds: null,
  error: null,
  created_at: time,
  started_at: time,
  finished_at: time,
  ...known,
})

/** Images follow the catalog, in a run of their own. */
export const imagesRunShape = (): Shape<RunView> => runShape({ streams: ["images"] })

export const connectionShape = (known: Partial<ConnectionView> = {}): Shape<ConnectionView> => ({
  id: "odoo-main",
  erp: "odoo",
  host: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
  state: "needs_you",
  reason: null,
  checks: expect.arrayContaining([{ code: "credentials", ok: true, message: text, remedy: "" }]),
  checked_at: time,
  identity: {
    version: text,
    company: "My Company",
    currencies: ["usd"],
    warehouses: [
      { code: "WH", name: "Main warehouse" },
      { code: "WH2", name: "Outlet" },
    ],
  },
  links: { categories: number, products: number, variants: number },
  streams: STREAMS.map((stream) => ({
    stream,
    last_run_at: time,
    last_success_at: time,
    next_due_at: time,
    interval_ms: number,
    error: null,
    lag_seconds: number,
    is_late: false,
  })),
  parked: number,
  differences: { drift: 0, pending: 0, conflict: 0 },
  push: "off",
  rules: "agreed",
  hook: { token_at: null, counters: {} },
  dirty: number,
  current_run: null,
  last_run: imagesRunShape(),
  ...known,
})

export const parkedShape = (known: Partial<ParkedView> = {}): Shape<ParkedView> => ({
  id: expect.stringMatching(/^eprk_/),
  connection_id: "odoo-main",
  stream: "products",
  entity: "product",
  erp_id: text,
  medusa_id: null,
  field: "title",
  reason: "invalid",
  message: text,
  value: "   ",
  remedy: expect.stringContaining("Correct"),
  first_at: time,
  last_at: time,
  ignored_at: null,
  ...known,
})

export const recordShape = (known: Partial<RecordView> = {}): Shape<RecordView> => ({
  connection_id: "odoo-main",
  erp: "odoo",
  entity: "product",
  erp_id: text,
  state: "linked",
  agreed_at: time,
  url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/.*product\.template/),
  parked: [],
  variants: [{ medusa_id: text, erp_id: text, state: "linked", sku: "LAMP", agreed_at: time }],
  ...known,
})

export const healthShape = (): Shape<HealthView> => ({
  status: expect.stringMatching(/^(ok|degraded|failing)$/),
  instances: expect.any(Array),
  warnings: expect.any(Array),
  connections: [
    {
      id: "odoo-main",
      state: "needs_you",
      dirty: perStream(0),
      parked: 1,
      lag_seconds: perStream(number),
      requests: number,
      differences: { drift: 0, pending: 0, conflict: 0 },
      writes: { medusa: number, erp: 0 },
      hook_calls: {},
    },
  ],
  pending_events: 0,
})
