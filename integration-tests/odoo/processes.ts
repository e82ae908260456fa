import { type ChildProcess, spawn } from "node:child_process"
import {
  chownSync,
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
} from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"

/** Debian's `nobody`: PostgreSQL and Odoo refuse to run as root. */
const UNPRIVILEGED = 65534

/** Part of util-linux, which every Debian has. */
const SETPRIV = "/usr/bin/setpriv"

export type Environment = Record<string, string>

export function runsAsRoot(): boolean {
  return process.getuid?.() === 0
}

/** Creates `folder` (and its parents) writable for the user that runs the servers. */
export function ownedFolder(folder: string): string {
  mkdirSync(folder, { recursive: true })
  if (runsAsRoot()) {
    chownSync(folder, UNPRIVILEGED, UNPRIVILEGED)
  }
  return folder
}

/** Copies a folder so that the user that runs the servers may write into all of it. */
export function ownedCopy(from: string, to: string): void {
  cpSync(from, to, { recursive: true })
  if (runsAsRoot()) {
    for (const entry of ["", ...readdirSync(to, { recursive: true, encoding: "utf8" })]) {
      chownSync(join(to, entry), UNPRIVILEGED, UNPRIVILEGED)
    }
  }
}

/**
 * The command line that drops root and asks the kernel to end the server when this process dies.
 *
 * A parent-death signal outlives what exit handlers do not: SIGKILL, a crash, and Jest, whose
 * sandboxed `process` never emits `exit`.
 */
function guarded(command: string, args: string[], deathSignal: "INT" | "KILL"): string[] {
  const ids = runsAsRoot()
    ? [`--reuid=${UNPRIVILEGED}`, `--regid=${UNPRIVILEGED}`, "--clear-groups"]
    : []
  return [...ids, `--pdeathsig=${deathSignal}`, "--", command, ...args]
}

export interface Server {
  /** Resolves when the process is gone. */
  readonly exited: Promise<void>
  isRunning(): boolean
  /** The end of its log, for error messages. */
  logTail(): string
  /** Sends `signal` and waits; after `patienceMs` it is SIGKILL. */
  end(signal: NodeJS.Signals, patienceMs?: number): Promise<void>
}

/** Starts a server that lives no longer than this process; its output goes to `logFile`. */
export function startServer(
  command: string,
  args: string[],
  options: { env: Environment; logFile: string; deathSignal: "INT" | "KILL" },
): Server {
  const log = openSync(options.logFile, "w")
  const child = spawn(SETPRIV, guarded(command, args, options.deathSignal), {
    cwd: "/",
    env: options.env,
    stdio: ["ignore", log, log],
  })
  closeSync(log)
  const exited = exitOf(child).then(() => undefined)
  // An awaited `end` reports the failure; unheard, it must not bring the test process down.
  exited.catch(() => undefined)
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null
  return {
    exited,
    isRunning,
    logTail: () => tail(readFileSync(options.logFile, "utf8")),
    async end(signal, patienceMs = 10_000) {
      if (!isRunning()) {
        return
      }
      child.kill(signal)
      const timer = setTimeout(() => child.kill("SIGKILL"), patienceMs)
      await exited.finally(() => clearTimeout(timer))
    },
  }
}

/**
 * Runs a command to its end and returns its output: as the unprivileged user, or, for the
 * machine's own tools, as the caller (`asCaller`).
 *
 * @throws Error with the last lines of both streams when the exit status is not 0.
 */
export async function run(
  command: string,
  args: string[],
  options: { env?: Environment; input?: string; asCaller?: boolean; cwd?: string } = {},
): Promise<string> {
  const [file, argv] = options.asCaller
    ? [command, args]
    : [SETPRIV, guarded(command, args, "KILL")]
  const child = spawn(file, argv, {
    cwd: options.cwd ?? "/",
    // The machine's own tools keep the caller's environment: apt may need its proxy.
    env: { ...(options.asCaller ? process.env : basicEnvironment()), ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  })
  let stdout = ""
  let stderr = ""
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk))
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk))
  child.stdin.on("error", () => undefined).end(options.input ?? "")
  const status = await exitOf(child)
  if (status !== 0) {
    throw new Error(`${command} ended with ${String(status)}:\n${tail(stdout + stderr)}`)
  }
  return stdout
}

/** Nothing of the caller's environment: no proxies, no PG* variables, no Python of one's own. */
export function basicEnvironment(): Environment {
  return { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", LANG: "C.UTF-8" }
}

/** A TCP port that is free on the loopback interface right now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once("error", reject)
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address()
      const port = typeof address === "object" && address ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}

/** Asks `check` every `everyMs` until it says true; gives up when the server has exited. */
export async function waitFor(
  what: string,
  server: Server,
  check: () => Promise<boolean>,
  { everyMs = 50, timeoutMs = 180_000 } = {},
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await check())) {
    if (!server.isRunning()) {
      throw new Error(`${what} exited while starting:\n${server.logTail()}`)
    }
    if (Date.now() > deadline) {
      throw new Error(`${what} did not answer within ${timeoutMs} ms:\n${server.logTail()}`)
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}

function exitOf(child: ChildProcess): Promise<number | string | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject)
    child.once("close", (status, signal) => resolve(status ?? signal))
  })
}

function tail(text: string): string {
  return text.trimEnd().split("\n").slice(-25).join("\n")
}
