import type { Backend } from "../backend"
import type { FaultPlan, FaultRule } from "../faults"
import { OdooError } from "../orm/errors"
import { isObject, type Json, type JsonObject } from "../orm/values"
import { HTML_TYPE, JSON_TYPE, type Incoming, type Reply } from "../protocols/reply"
import type { RequestLog } from "../request-log"
import type { SideDoor } from "../server"
import type { World, WorldTransaction } from "../world"
import { applyEdit, BadControl } from "./edits"
import { demoPage } from "./page"
import { ProductDesk } from "./products"

interface SideDoorParts {
  readonly backend: Backend
  readonly world: World
  readonly requests: RequestLog
  readonly faults: FaultPlan
  readonly page: boolean
}

function json(value: Json, status = 200): Reply {
  return { status, type: JSON_TYPE, body: JSON.stringify(value) }
}

function state({ backend, world, requests, faults }: SideDoorParts): JsonObject {
  return {
    version: backend.version,
    database: backend.database,
    products: world.count("product.template"),
    variants: world.count("product.product"),
    quants: world.count("stock.quant"),
    now: backend.clock(),
    memory: process.memoryUsage().rss,
    faults: { ...faults.hits },
    requests: {
      total: requests.total,
      bytes_in: requests.bytesIn,
      bytes_out: requests.bytesOut,
      counts: requests.counts,
      writes: requests.writes,
      last: requests.entries.slice(-5).map((entry) => ({ ...entry })),
    },
  }
}

/** Transactions that another process holds open, by number. */
class OpenTransactions {
  private readonly open = new Map<number, WorldTransaction>()
  private last = 0

  constructor(private readonly world: World) {}

  handle(body: JsonObject): Json {
    if (body["action"] === "begin") {
      const transaction = this.world.begin()
      this.last += 1
      this.open.set(this.last, transaction)
      return { transaction: this.last, now: transaction.now }
    }
    const number = Number(body["transaction"])
    const transaction = this.open.get(number)
    if (transaction === undefined) throw new BadControl("No such open transaction")
    if (body["action"] === "edit") {
      const edit = body["edit"]
      return applyEdit(transaction, isObject(edit) ? edit : {})
    }
    if (body["action"] === "commit") transaction.commit()
    else transaction.rollback()
    this.open.delete(number)
    return true
  }
}

function planFaults(faults: FaultPlan, body: JsonObject): Json {
  const { add, clear, seed, lock_wait_milliseconds: lockWait } = body
  if (clear === true) faults.clear()
  if (typeof seed === "number") faults.seed(seed)
  if (typeof lockWait === "number") faults.lockWaitMilliseconds = lockWait
  const rules = Array.isArray(add) ? add : add === undefined ? [] : [add]
  for (const rule of rules) if (isObject(rule)) faults.add(rule as unknown as FaultRule)
  return { hits: { ...faults.hits } }
}

/** The addresses beside Odoo's own: `/` for people, `/simulator/…` for benchmarks, tests and the page. */
export function createSideDoor(parts: SideDoorParts): SideDoor {
  const desk = new ProductDesk(parts.backend, parts.world)
  const transactions = new OpenTransactions(parts.world)
  const posts: Readonly<Record<string, (body: JsonObject) => Json>> = {
    reset: () => {
      parts.requests.reset()
      return true
    },
    edit: (body) => applyEdit(parts.world, body),
    faults: (body) => planFaults(parts.faults, body),
    transactions: (body) => transactions.handle(body),
    products: (body) => desk.save(body),
    stock: (body) => desk.saveStock(body),
  }
  return (request) => {
    const url = new URL(request.path, "http://simulator")
    if (url.pathname === "/" && parts.page && request.method === "GET") {
      return { status: 200, type: HTML_TYPE, body: demoPage(parts.backend.version) }
    }
    const name = /^\/simulator\/([a-z]+)$/.exec(url.pathname)?.[1]
    if (name === undefined) return undefined
    if (request.method === "GET" && name === "state") return json(state(parts))
    if (request.method === "GET" && name === "products") {
      const { searchParams: query } = url
      const offset = Number(query.get("offset") ?? 0) || 0
      return json(desk.list(query.get("q") ?? "", offset, query.get("archived") === "1"))
    }
    const post = Object.hasOwn(posts, name) ? posts[name] : undefined
    if (request.method !== "POST" || post === undefined) return undefined
    return control(request, post)
  }
}

function control(request: Incoming, post: (body: JsonObject) => Json): Reply {
  // A page of another site cannot send this type without asking first.
  if (!/^application\/json\b/.test(request.headers["content-type"] ?? "")) {
    return json({ error: "Send application/json" }, 415)
  }
  try {
    const body: unknown = JSON.parse(request.body === "" ? "{}" : request.body)
    return json(post(isObject(body) ? body : {}))
  } catch (error) {
    if (error instanceof BadControl || error instanceof SyntaxError) {
      return json({ error: error.message }, 400)
    }
    if (error instanceof OdooError) {
      return json({ error: error.message, name: error.pythonName }, 422)
    }
    throw error
  }
}
