import type { Account } from "./accounts"
import type { Backend } from "./backend"
import { callByName, callByPosition } from "./methods/call"
import { moveStock, reserveStock, shipReserved } from "./models/stock-moves"
import { dropEmptyQuants, setOnHand } from "./models/stock-counts"
import type { Env } from "./orm/env"
import { createRecords, unlinkRecords, writeRecords } from "./orm/records"
import { OpenChanges } from "./orm/transaction"
import type { Context, Json, JsonObject, Row, Value } from "./orm/values"

type Ids = number | readonly number[]

function list(ids: Ids): readonly number[] {
  return typeof ids === "number" ? [ids] : ids
}

/** What can be done to the data, inside one transaction. */
export class Edits {
  constructor(protected readonly run: <T>(context: Context, work: (env: Env) => T) => T) {}

  /** Creates one record, answers its id. */
  create(model: string, vals: JsonObject, context: Context = {}): number {
    return this.run(context, (env) => createRecords(env, env.model(model), [vals])[0] ?? 0)
  }

  write(model: string, ids: Ids, vals: JsonObject, context: Context = {}): void {
    this.run(context, (env) => writeRecords(env, env.model(model), list(ids), vals))
  }

  unlink(model: string, ids: Ids): void {
    this.run({}, (env) => unlinkRecords(env, env.model(model), list(ids)))
  }

  archive(model: string, ids: Ids): void {
    this.call(model, "action_archive", { ids: list(ids) })
  }

  unarchive(model: string, ids: Ids): void {
    this.call(model, "action_unarchive", { ids: list(ids) })
  }

  /** Calls any method the way JSON-2 does: named arguments, `ids`, `context`. */
  call(model: string, method: string, body: JsonObject = {}): Json {
    const context = typeof body["context"] === "object" ? (body["context"] as JsonObject) : {}
    return this.run(context ?? {}, (env) => callByName(env, model, method, body))
  }

  /** Calls any method the way `execute_kw` does. */
  executeKw(model: string, method: string, args: readonly Json[], kwargs: JsonObject = {}): Json {
    const context = typeof kwargs["context"] === "object" ? (kwargs["context"] as JsonObject) : {}
    return this.run(context ?? {}, (env) => callByPosition(env, model, method, args, kwargs))
  }

  /** Counts a variant at a location and applies the count. */
  setStock(variant: number, location: number, quantity: number): void {
    this.run({}, (env) => setOnHand(env, variant, location, quantity))
  }

  /** Moves goods between two locations at once. Answers the id of the move line. */
  move(variant: number, from: number, to: number, quantity: number, reference = "WH/INT"): number {
    return this.run({}, (env) =>
      moveStock(env, { productId: variant, from, to, quantity, reference }),
    )
  }

  /** Reserves goods for a customer, as confirming an order does. Answers the id of the move line. */
  reserve(variant: number, location: number, quantity: number): number {
    return this.run({}, (env) =>
      reserveStock(env, {
        productId: variant,
        from: location,
        to: customers(env),
        quantity,
        reference: "WH/OUT",
      }),
    )
  }

  /** Ships what `reserve` reserved. */
  ship(moveLine: number): void {
    this.run({}, (env) => shipReserved(env, moveLine))
  }
}

function customers(env: Env): number {
  const table = env.table("stock.location")
  return table.ids.find((id) => table.get(id)?.["usage"] === "customer") ?? 0
}

/** A transaction that stays open: nobody sees its changes before the commit. */
export class WorldTransaction extends Edits {
  constructor(
    backend: Backend,
    account: Account,
    private readonly changes: OpenChanges,
  ) {
    super((context, work) => changes.run((tx) => work(backend.env(account, context, tx))))
  }

  /** The stamp of everything written here: the moment of `begin`. */
  get now(): number {
    return this.changes.now
  }

  commit(): void {
    this.changes.commit()
  }

  rollback(): void {
    this.changes.rollback()
  }
}

/**
 * Direct, synchronous access to the simulated database, with the rules of the ORM: each call is a
 * transaction of its own, stamped with the clock's moment.
 */
export class World extends Edits {
  constructor(
    private readonly backend: Backend,
    private readonly account: Account,
  ) {
    super((context, work) => backend.execute(account, context, work))
  }

  /** Microseconds since 1970; put a function here to control `write_date`. */
  get clock(): () => number {
    return this.backend.clock
  }

  set clock(clock: () => number) {
    this.backend.clock = clock
  }

  /**
   * Opens a transaction, stamped now. Its writes become visible at `commit`, with this stamp: the
   * late commit that a cursor on the newest `write_date` misses. Rows it wrote are locked meanwhile.
   */
  begin(): WorldTransaction {
    const changes = new OpenChanges(this.backend.db, this.backend.clock())
    return new WorldTransaction(this.backend, this.account, changes)
  }

  /** Several edits in one transaction, with one stamp. */
  transaction<T>(work: (edits: Edits) => T): T {
    const open = this.begin()
    try {
      const result = work(open)
      open.commit()
      return result
    } catch (error) {
      open.rollback()
      throw error
    }
  }

  read(model: string, ids: Ids, fields: readonly string[], context: Context = {}): JsonObject[] {
    return this.call(model, "read", { ids: list(ids), fields, context }) as unknown as JsonObject[]
  }

  search(model: string, domain: Json, context: Context = {}): number[] {
    return this.call(model, "search", { domain, order: "id", context }) as unknown as number[]
  }

  /** The stored row, with `write_date` in microseconds; undefined when it does not exist. */
  row(model: string, id: number): Row | undefined {
    return this.backend.db.table(model).get(id)
  }

  /** Ids of all rows, archived ones included. */
  ids(model: string): readonly number[] {
    return this.backend.db.table(model).ids
  }

  /** How often a row was written, by whomever: for tests that must not see a second effect. */
  writes(model: string, id: number): number {
    return this.backend.db.table(model).writes(id)
  }

  count(model: string): number {
    return this.backend.db.table(model).size
  }

  /** What opening the inventory view does: quants at zero vanish. Answers their ids. */
  dropEmptyQuants(): number[] {
    return this.backend.execute(this.account, {}, dropEmptyQuants)
  }

  /** Plain SQL past the ORM: no stamp, no rules. */
  rawUpdate(model: string, id: number, patch: Readonly<Record<string, Value>>): void {
    const table = this.backend.db.table(model)
    const row = table.get(id)
    if (row !== undefined) table.put({ ...row, ...patch })
  }

  rawDelete(model: string, id: number): void {
    this.backend.db.table(model).remove(id)
  }

  /** Burns ids, as failed inserts do. */
  skipIds(model: string, count: number): void {
    this.backend.db.table(model).skipIds(count)
  }
}
