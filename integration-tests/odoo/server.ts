import { join } from "node:path"

import { Client } from "./client"
import { installOdoo, type OdooInstallation } from "./install"
import { type Cluster, startPostgres } from "./postgres"
import { freePort, type Server, startServer, waitFor } from "./processes"
import { type BotAccount, prepareTemplate, resetDatabase, writeConfig } from "./template"

const DATABASE = "erp"

/** A real Odoo, with the account of a connector and that of the merchant. */
export interface RunningOdoo {
  url: string
  database: string
  /** The bot: product, stock and sales manager, not an administrator. */
  login: string
  password: string
  apiKey: string
  uid: number
  adminLogin: string
  adminPassword: string
  /**
   * The database behind Odoo, for what only SQL can do, such as a transaction that commits late.
   * Absent for an Odoo of the environment.
   */
  pgUrl: string | undefined
  /** An Odoo named by the environment: it belongs to someone, and is never reset. */
  external: boolean
  /** Throws away every change, in 1.5 s on an idle machine; url, accounts and pgUrl stay. Rejects when external. */
  reset(): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts a real Odoo 19 with demo data, fresh from its template, on a free port of 127.0.0.1.
 *
 * The first call on a machine installs it and makes the template (a good minute). Server and
 * database end with this process, however it ends. With `ODOO_URL`, `ODOO_DATABASE`, `ODOO_LOGIN`,
 * `ODOO_PASSWORD` and `ODOO_API_KEY` set, that Odoo is used instead; `ODOO_ADMIN_LOGIN` and
 * `ODOO_ADMIN_PASSWORD` name its merchant, by default the same account.
 *
 * @throws OdooUnavailable when this machine cannot have one.
 */
export async function startOdoo(log: (line: string) => void = () => {}): Promise<RunningOdoo> {
  if (process.env.ODOO_URL) {
    return externalOdoo(process.env.ODOO_URL)
  }
  const installation = await installOdoo(log)
  const cluster = await startPostgres(installation.folder)
  try {
    const bot = await prepareTemplate(installation, cluster, log)
    return await ownOdoo(installation, cluster, bot)
  } catch (error) {
    await cluster.stop()
    throw error
  }
}

async function ownOdoo(
  installation: OdooInstallation,
  cluster: Cluster,
  bot: BotAccount,
): Promise<RunningOdoo> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  await resetDatabase(installation, cluster, DATABASE)
  let server = await boot(installation, cluster, port, bot)
  return {
    url,
    database: DATABASE,
    ...bot,
    adminLogin: "admin",
    adminPassword: "admin",
    pgUrl: cluster.url(DATABASE),
    external: false,
    async reset() {
      // Odoo caches ids in memory: a new database wants a new process. Nothing is worth a farewell.
      await server.end("SIGKILL")
      await resetDatabase(installation, cluster, DATABASE)
      server = await boot(installation, cluster, port, bot)
    },
    async stop() {
      await server.end("SIGKILL")
      await cluster.stop()
    },
  }
}

async function boot(
  odoo: OdooInstallation,
  cluster: Cluster,
  port: number,
  bot: BotAccount,
): Promise<Server> {
  const config = writeConfig(odoo, cluster, DATABASE, port)
  const server = startServer(odoo.command, [...odoo.args, "-c", config], {
    env: odoo.env,
    logFile: join(odoo.folder, "odoo.log"),
    deathSignal: "KILL",
  })
  const probe = { url: `http://127.0.0.1:${port}`, database: DATABASE, ...bot }
  // A login needs the loaded registry, so the first test does not wait for it.
  await waitFor("Odoo", server, () =>
    Client.login({ ...probe, secret: bot.password }).then(
      () => true,
      () => false,
    ),
  )
  return server
}

async function externalOdoo(url: string): Promise<RunningOdoo> {
  const login = required("ODOO_LOGIN")
  const password = required("ODOO_PASSWORD")
  const database = required("ODOO_DATABASE")
  const bot = await Client.login({ url, database, login, secret: password })
  return {
    url,
    database,
    login,
    password,
    apiKey: required("ODOO_API_KEY"),
    uid: bot.uid,
    adminLogin: process.env.ODOO_ADMIN_LOGIN ?? login,
    adminPassword: process.env.ODOO_ADMIN_PASSWORD ?? password,
    pgUrl: undefined,
    external: true,
    reset: () => Promise.reject(new Error("The Odoo of ODOO_URL belongs to someone: no reset.")),
    stop: () => Promise.resolve(),
  }
}

function required(name: string): string {
  const value = process.env[name]
  if (!value) {
    throw new Error(`ODOO_URL is set, so ${name} must be set too.`)
  }
  return value
}
