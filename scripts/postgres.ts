import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
} from "node:fs"
import { dirname, join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { Client } from "pg"
import { freePort } from "./free-port"
import {
  findPostgres,
  type PostgresBinaries,
  reachableFolder,
  serverUser,
} from "./postgres-binaries"

/** A PostgreSQL server that is ready for connections. */
export interface PostgresServer {
  /** Connection URL of the given (or configured) database. */
  url: (database?: string) => string
  /** Always the word `localhost` for a server of ours: Medusa's test tools ask TLS of any other. */
  host: string
  port: number
  user: string
  password: string
  /** Stops a server of ours and waits for its end; leaves a server of `DATABASE_URL` alone. */
  stop: () => Promise<void>
}

export interface StartPostgresOptions {
  /** Folder of the data, and of the server's log. Created when missing. */
  dataDir: string
  /** The port to listen on when it is free; any free one by default. */
  port?: number
  /** Whether the data outlive the server. If not, safety is traded for speed and `stop` removes them. */
  durable?: boolean
}

const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 15_000
const THROWAWAY = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]

/**
 * Starts a private PostgreSQL, or returns the one `DATABASE_URL` names.
 *
 * @throws Error with the end of the server's log when it does not start.
 */
export async function startPostgres(options: StartPostgresOptions): Promise<PostgresServer> {
  if (process.env.DATABASE_URL) return configuredServer(process.env.DATABASE_URL)

  const binaries = findPostgres()
  const dataDir = reachableFolder(options.dataDir)
  const durable = options.durable ?? false
  const port = await freePort(options.port)
  if (!durable || !existsSync(join(dataDir, "PG_VERSION"))) createCluster(binaries, dataDir)

  const child = launch(binaries, dataDir, port, durable)
  const stop = async (): Promise<void> => {
    await terminate(child)
    if (!durable) rmSync(dataDir, { recursive: true, force: true })
  }
  const url = (database = "postgres"): string => `postgres://postgres@localhost:${port}/${database}`
  try {
    await untilReady(child, url(), logFile(dataDir))
  } catch (error) {
    await stop()
    throw error
  }
  return { url, host: "localhost", port, user: "postgres", password: "", stop }
}

/** Creates the database unless it exists; tells whether it did create it. */
export async function createDatabase(server: PostgresServer, name: string): Promise<boolean> {
  const client = new Client({ connectionString: server.url() })
  await client.connect()
  try {
    const found = await client.query("select 1 from pg_database where datname = $1", [name])
    if (found.rowCount) return false
    await client.query(`create database ${client.escapeIdentifier(name)}`)
    return true
  } finally {
    await client.end()
  }
}

function configuredServer(databaseUrl: string): PostgresServer {
  const parsed = new URL(databaseUrl)
  return {
    url: (database) => {
      const url = new URL(databaseUrl)
      if (database) url.pathname = `/${database}`
      return url.href
    },
    host: parsed.hostname,
    port: Number(parsed.port || 5432),
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
    stop: async () => {},
  }
}

function createCluster(binaries: PostgresBinaries, dataDir: string): void {
  mkdirSync(dirname(dataDir), { recursive: true })
  rmSync(dataDir, { recursive: true, force: true })
  mkdirSync(dataDir, { mode: 0o700 })
  if (serverUser) chownSync(dataDir, serverUser.uid, serverUser.gid)
  // Since 17 PostgreSQL brings a locale of its own, which sorts and folds alike on every system.
  const locale =
    binaries.major >= 17
      ? ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
      : ["--locale=C"]
  execFileSync(
    binaries.initdb,
    ["-D", dataDir, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", ...locale],
    { ...serverUser, cwd: dataDir, stdio: ["ignore", "ignore", "inherit"] },
  )
}

function launch(
  binaries: PostgresBinaries,
  dataDir: string,
  port: number,
  durable: boolean,
): ChildProcess {
  const settings = [
    "listen_addresses=localhost",
    "unix_socket_directories=",
    "max_connections=200",
    "jit=off",
    ...(durable ? [] : THROWAWAY),
  ]
  const log = openSync(logFile(dataDir), "w")
  const child = spawn(
    binaries.postgres,
    ["-D", dataDir, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])],
    {
      ...serverUser,
      cwd: dataDir,
      stdio: ["ignore", log, log],
      // A group of its own: Ctrl-C reaches us first, and we stop the server last.
      detached: process.platform !== "win32",
      windowsHide: true,
    },
  )
  closeSync(log)
  child.unref()
  endWithUs(child)
  return child
}

/** However this process ends, `kill -9` included, the server ends with it. */
function endWithUs(child: ChildProcess): void {
  process.once("exit", () => child.kill("SIGINT"))
  if (process.platform === "win32" || child.pid === undefined) return
  const guard = spawn("sh", ["-c", `cat > /dev/null; kill -INT ${child.pid} 2> /dev/null`], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  })
  guard.unref()
  if (guard.stdin && "unref" in guard.stdin && typeof guard.stdin.unref === "function") {
    guard.stdin.unref()
  }
  child.once("exit", () => guard.kill())
}

async function untilReady(child: ChildProcess, url: string, log: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS
  while (isRunning(child) && Date.now() < deadline) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      await sleep(30)
    }
  }
  const tail = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").slice(-5) : []
  const hint = tail.some((line) => line.includes("postmaster.pid"))
    ? "Another run uses the same data: stop it first."
    : "Set DATABASE_URL to use a server of your own."
  throw new Error(["PostgreSQL did not start.", ...tail, hint].join("\n"))
}

async function terminate(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  child.ref()
  // To PostgreSQL SIGINT means: end all sessions and shut down; SIGQUIT: at once.
  child.kill("SIGINT")
  const inTime = await Promise.race([
    ended.then(() => true),
    sleep(STOP_TIMEOUT_MS, false, { ref: false }),
  ])
  if (!inTime) child.kill("SIGQUIT")
  await ended
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null
}

function logFile(dataDir: string): string {
  return join(dataDir, "server.log")
}
