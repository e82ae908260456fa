import { createHash } from "node:crypto"
import { rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"

import type { OdooInstallation } from "./install"
import type { Cluster } from "./postgres"
import { ownedCopy, ownedFolder, run } from "./processes"

/** The database that every start is copied from; nobody connects to it. */
const TEMPLATE = "erp_template"

const MODULES = "product,stock,sale_management,base_automation"

/** Who the connector under test logs in as: the rights of its manual, and no more. */
export interface BotAccount {
  login: string
  password: string
  apiKey: string
  uid: number
}

/**
 * Run inside `odoo shell`. French and a second warehouse come first because a bot may not switch
 * them on; French terms are not loaded. A key of a non-administrator lives at most 90 days, hence
 * the renewal in `resetDatabase`.
 */
const SETUP = `
import datetime, json
env["res.lang"]._activate_lang("fr_FR")
env["stock.warehouse"].create({"name": "Outlet", "code": "OUT"})
groups = ["base.group_user", "product.group_product_manager",
          "stock.group_stock_manager", "sales_team.group_sale_manager"]
bot = env["res.users"].with_context(no_reset_password=True).create({
    "name": "ERP sync", "login": "erp-sync", "password": "erp-sync-password",
    "group_ids": [(6, 0, [env.ref(name).id for name in groups])],
})
expiry = datetime.datetime.now() + datetime.timedelta(days=89)
key = env["res.users.apikeys"].with_user(bot)._generate("rpc", "erp-sync", expiry)
env.cr.commit()
print("BOT " + json.dumps({"login": bot.login, "password": "erp-sync-password",
                           "apiKey": key, "uid": bot.id}))
`

/**
 * Writes the configuration file and makes the template database, unless one of the same recipe
 * (package version, modules, set-up) is there. The account is kept as the database's comment, so
 * the two can never disagree.
 */
export async function prepareTemplate(
  odoo: OdooInstallation,
  cluster: Cluster,
  log: (line: string) => void,
): Promise<BotAccount> {
  const recipe = createHash("sha256").update(`${odoo.version} ${MODULES} ${SETUP}`).digest("hex")
  const rows = await cluster.query(
    "postgres",
    "select shobj_description(oid, 'pg_database') as stamp from pg_database where datname = $1",
    [TEMPLATE],
  )
  const stamp = rows[0]?.stamp
  if (typeof stamp === "string" && stamp.startsWith(`${recipe} `)) {
    return parseAccount(stamp.slice(recipe.length + 1))
  }
  log(`initialising a database with ${MODULES} and demo data`)
  await cluster.query("postgres", `drop database if exists ${TEMPLATE} with (force)`)
  rmSync(filestore(odoo, TEMPLATE), { recursive: true, force: true })
  await cluster.query("postgres", `create database ${TEMPLATE} template template0`)
  const config = writeConfig(odoo, cluster, TEMPLATE, 0)
  const common = ["-c", config, "-d", TEMPLATE, "--no-http"]
  const install = [...common, "-i", MODULES, "--with-demo", "--stop-after-init"]
  await run(odoo.command, [...odoo.args, ...install], { env: odoo.env })
  const shell = [...odoo.args, "shell", ...common]
  const output = await run(odoo.command, shell, { env: odoo.env, input: SETUP })
  const line = output.split("\n").find((text) => text.startsWith("BOT "))
  if (!line) {
    throw new Error(`Setting up the bot account printed no credentials:\n${output}`)
  }
  const account = line.slice("BOT ".length)
  const comment = `${recipe} ${account}`.replaceAll("'", "''")
  await cluster.query("postgres", `comment on database ${TEMPLATE} is '${comment}'`)
  return parseAccount(account)
}

/** Replaces `database` and its files by a fresh copy of the template, cutting off who is connected. */
export async function resetDatabase(
  odoo: OdooInstallation,
  cluster: Cluster,
  database: string,
): Promise<void> {
  await cluster.query("postgres", `drop database if exists ${database} with (force)`)
  await cluster.query("postgres", `create database ${database} template ${TEMPLATE}`)
  rmSync(filestore(odoo, database), { recursive: true, force: true })
  ownedCopy(filestore(odoo, TEMPLATE), filestore(odoo, database))
  // A template older than the key's 90 days must not fail the suite.
  const renewal = "update res_users_apikeys set expiration_date = now() + interval '89 days'"
  await cluster.query(database, renewal)
}

/** Writes Odoo's configuration for `database` on `httpPort` and returns its path. */
export function writeConfig(
  odoo: OdooInstallation,
  cluster: Cluster,
  database: string,
  httpPort: number,
): string {
  const file = join(odoo.folder, "odoo.conf")
  const lines = [
    "[options]",
    "http_interface = 127.0.0.1",
    `http_port = ${httpPort}`,
    "db_host = localhost",
    `db_port = ${cluster.port}`,
    `db_user = ${cluster.user}`,
    "db_password = trusted",
    `db_name = ${database}`,
    `dbfilter = ^${database}$`,
    `data_dir = ${ownedFolder(join(odoo.folder, "data"))}`,
    // Threads, no workers: one process, and no limit that would kill a slow test's request.
    "workers = 0",
    // No scheduler: nothing changes in Odoo but what a test changes.
    "max_cron_threads = 0",
    "log_level = warn",
  ]
  writeFileSync(file, `${lines.join("\n")}\n`)
  return file
}

function filestore(odoo: OdooInstallation, database: string): string {
  return join(ownedFolder(join(odoo.folder, "data", "filestore")), database)
}

function parseAccount(json: string): BotAccount {
  const value = JSON.parse(json) as Record<string, unknown>
  const { login, password, apiKey, uid } = value
  if (
    typeof login !== "string" ||
    typeof password !== "string" ||
    typeof apiKey !== "string" ||
    typeof uid !== "number"
  ) {
    throw new Error("The template database carries no account; remove it from the cache folder.")
  }
  return { login, password, apiKey, uid }
}
