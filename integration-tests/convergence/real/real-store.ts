import { knex, type Knex } from "@medusajs/framework/mikro-orm/knex"
import { MedusaContainer } from "@medusajs/framework/types"
import { ContainerRegistrationKeys } from "@medusajs/framework/utils"
import { createCatalog } from "../../../src/catalog"
import { Catalog } from "../../../src/engine/ports"
import { createLedger, ErpLedger } from "../../../src/modules/erp/ledger"
import { toSyncError } from "../../../src/sync/errors"
import { Clock } from "../clock"
import { prepareTime, SEARCH_PATH, setTime } from "./simulated-time"
import { StepLine } from "./step-line"

/** Two lanes of three workers, each with a transaction, a lock and a statement under way. */
const CONNECTIONS = 24

/** How long the world waits for a row. */
const PATIENCE_MS = 400

/** The location that the scenarios map their warehouse to. */
const LOCATION = "sloc_1"

/** All that a seed may leave behind. */
const TABLES = `
  select format('%I.%I', schemaname, tablename) as name from pg_tables
  where schemaname = 'public' and (tablename ~ '^(erp_|product|price|inventory_|reservation_|fulfillment)'
    or tablename in ('order', 'order_item', 'order_line_item', 'workflow_execution'))
    and tablename not in ('price_preference', 'fulfillment_provider', 'product_type')`

/** A workflow that waits for a worker, whose turn comes after it, would wait for ever. */
const BOUNDED_WAITS = `
  do $$ begin
    execute format('alter database %I set lock_timeout = 2000', current_database());
  end $$`

const LOOKS = `
  select coalesce(bool_or(wait_event_type = 'Lock'), false) as locked,
    not coalesce(bool_or(state = 'active'), false) as idle
  from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`

/** A booted store whose tables are the simulation's: its clock, its ledger, its catalog. */
export class RealStore {
  private refusals: string[] = []

  private constructor(
    readonly container: MedusaContainer,
    /** For what every step asks: the time, and what the oracle sees. */
    readonly line: StepLine,
    /** For the ledger; Medusa's own pool is the catalog's. */
    readonly pool: Knex,
    readonly ledger: ErpLedger,
    /** For what others do: a row that a worker holds is not waited for long, since the worker waits too. */
    readonly world: { pool: Knex; ledger: ErpLedger },
    readonly catalog: Catalog<Knex.Transaction>,
    /** Names the tables that have rows. */
    private readonly filled: string,
  ) {}

  static async open(container: MedusaContainer, url: string): Promise<RealStore> {
    const medusas = container.resolve(ContainerRegistrationKeys.PG_CONNECTION)
    await prepareTime(medusas)
    await medusas.raw(BOUNDED_WAITS)
    await moveSearchPath(medusas)
    const pool = poolOf(url, "")
    const world = poolOf(url, `-c lock_timeout=${PATIENCE_MS}`)
    await pool.raw(
      `insert into stock_location (id, name) values ('${LOCATION}', 'Main') on conflict do nothing`,
    )
    const { rows } = await pool.raw<{ rows: { name: string }[] }>(TABLES)
    return new RealStore(
      container,
      await StepLine.open(url),
      pool,
      createLedger(pool),
      { pool: world, ledger: createLedger(world) },
      createCatalog({ container, logger: container.resolve(ContainerRegistrationKeys.LOGGER) }),
      rows
        .map(({ name }) => `select '${name}' as name where exists (select from ${name})`)
        .join(" union all "),
    )
  }

  /** Empties what the last seed wrote, and begins at the clock's time. */
  async reset(clock: Clock): Promise<void> {
    await setTime(this.line, clock)
    const { rows } = await this.pool.raw<{ rows: { name: string }[] }>(this.filled)
    if (rows.length > 0) {
      await this.pool.raw(`truncate ${rows.map((row) => row.name).join(", ")} cascade`)
    }
  }

  /** Whether a statement waits for a lock, and whether no statement is being carried out at all. */
  async looks(): Promise<{ locked: boolean; idle: boolean }> {
    const [seen] = await this.line.ask<{ locked: boolean; idle: boolean }>("looks", LOOKS)
    return seen ?? { locked: false, idle: false }
  }

  /** An edit that could not be made. */
  refused(error: unknown): void {
    this.refusals.push(toSyncError(error).message)
  }

  /** Why edits could not be made, since this was asked last. */
  takeRefusals(): string[] {
    const taken = this.refusals
    this.refusals = []
    return taken
  }

  async close(): Promise<void> {
    await Promise.all([this.line.close(), this.pool.destroy(), this.world.pool.destroy()])
  }
}

const poolOf = (connectionString: string, options: string): Knex =>
  knex({
    client: "pg",
    connection: { connectionString, options },
    searchPath: SEARCH_PATH,
    pool: { min: 0, max: CONNECTIONS },
  })

/** Of a pool that Medusa made: new connections take the path, and those that are open are ended. */
const moveSearchPath = async (db: Knex): Promise<void> => {
  const client: { searchPath: string[] } = db.client
  client.searchPath = SEARCH_PATH
  for (const which of ["pid <> pg_backend_pid()", "true"]) {
    await db
      .raw(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and ${which}`,
      )
      .catch(() => undefined)
  }
}
