import { type ChildProcess, spawn } from "node:child_process"
import { closeSync, openSync, readFileSync } from "node:fs"
import { repositoryRoot } from "../scripts/postgres-binaries"

const STOP_TIMEOUT_MS = 20_000

export interface ProcessOptions {
  /** File for its output; overwritten. */
  log: string
  /** Added to the environment of this process. */
  env: NodeJS.ProcessEnv
  /** The repository's folder by default. */
  cwd?: string
}

/** A process of the demo, with its output in a log file. */
export interface LoggedProcess {
  readonly child: ChildProcess
  /** The exit code, once it has ended. */
  readonly ended: Promise<number>
  isRunning: () => boolean
  /** The last lines of its log, for an error message. */
  logTail: () => string
  stop: () => Promise<void>
}

/** Starts Node with the arguments; ends the process when this one ends. */
export function startProcess(
  args: string[],
  options: ProcessOptions & { channel?: boolean },
): LoggedProcess {
  const log = openSync(options.log, "w")
  const child = spawn(process.execPath, args, {
    cwd: options.cwd ?? repositoryRoot,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", log, log, ...(options.channel ? ["ipc" as const] : [])],
    // A group of its own: Ctrl-C reaches the demo, which stops its parts in order.
    detached: process.platform !== "win32",
  })
  closeSync(log)
  const onExit = (): void => void child.kill("SIGKILL")
  process.once("exit", onExit)
  const ended = new Promise<number>((resolve) => {
    child.once("error", () => resolve(1))
    child.once("exit", (code) => resolve(code ?? 1))
  })
  void ended.then(() => process.removeListener("exit", onExit))

  return {
    child,
    ended,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    logTail: () => readFileSync(options.log, "utf8").trim().split("\n").slice(-15).join("\n"),
    stop: async () => {
      child.kill("SIGTERM")
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS)
      await ended
      clearTimeout(timer)
    },
  }
}

/**
 * Runs Medusa's command line to its end.
 *
 * @throws Error with the end of its output when it fails.
 */
export async function runMedusa(args: string[], options: ProcessOptions): Promise<void> {
  const medusa = startProcess([medusaProgram(options.cwd), ...args], options)
  const code = await medusa.ended
  if (code !== 0) {
    throw new Error(`medusa ${args.join(" ")} failed (${options.log}):\n${medusa.logTail()}`)
  }
}

/** The file of the command line of the Medusa that is installed for the folder. */
export function medusaProgram(folder = repositoryRoot): string {
  return require.resolve("@medusajs/cli/cli.js", { paths: [folder] })
}
