import { Knex } from "@medusajs/framework/mikro-orm/knex"
import { ModulesSdkUtils } from "@medusajs/framework/utils"
import { resolve } from "node:path"
import { Client } from "pg"
import { createLedger, ErpLedger } from "../../../src/modules/erp/ledger"
import { connectionId } from "../../../src/sync/ids"

export const CONNECTION = connectionId("odoo-main")

/** A database of its own with the module's tables, made by the module's migrations. */
export interface LedgerDatabase {
  url: string
  pg: Knex
  ledger: ErpLedger
  /** Empties all tables and configures the one connection. */
  reset: () => Promise<void>
  close: () => Promise<void>
}

const silent = { info() {}, warn() {}, error() {} }

/** Creates the database `name` on the tests' server; `old` is SQL of what stood there before. */
export async function openLedgerDatabase(name: string, old?: string): Promise<LedgerDatabase> {
  await onServer(`drop database if exists ${name} with (force)`, `create database ${name}`)
  const clientUrl = urlOf(name)
  if (old !== undefined) await onDatabase(name, old)
  const migrate = ModulesSdkUtils.buildMigrationScript({
    moduleName: "erp",
    pathToMigrations: resolve(__dirname, "../../../src/modules/erp/migrations"),
  })
  await migrate({ options: { database: { clientUrl } }, logger: silent } as never)

  const pg = ModulesSdkUtils.createPgConnection({ clientUrl, pool: { min: 0, max: 12 } })
  const ledger = createLedger(pg)
  return {
    url: clientUrl,
    pg,
    ledger,
    async reset() {
      const { rows } = await pg.raw<{ rows: { name: string }[] }>(
        `select relname as name from pg_class where relkind = 'r' and relname like 'erp\\_%'`,
      )
      await pg.raw(`truncate ${rows.map((row) => `"${row.name}"`).join(", ")}`)
      await ledger.syncConnections([{ id: CONNECTION, erp: "odoo", problem: null }])
    },
    async close() {
      await pg.destroy()
      await onServer(`drop database if exists ${name} with (force)`)
    },
  }
}

function urlOf(database: string): string {
  const { DB_HOST, DB_PORT, DB_USERNAME, DB_PASSWORD } = process.env
  const password = DB_PASSWORD ? `:${encodeURIComponent(DB_PASSWORD)}` : ""
  return `postgres://${DB_USERNAME}${password}@${DB_HOST}:${DB_PORT}/${database}`
}

const onServer = (...statements: string[]): Promise<void> => onDatabase("postgres", ...statements)

async function onDatabase(name: string, ...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: urlOf(name) })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
