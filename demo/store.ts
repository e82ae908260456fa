import { setTimeout as sleep } from "node:timers/promises"
import { freePort } from "../scripts/free-port"
import { medusaProgram, type ProcessOptions, startProcess } from "./process"

const START_TIMEOUT_MS = 180_000

/** The running store. */
export interface Store {
  url: string
  /** The exit code, should it end by itself. */
  ended: Promise<number>
  stop: () => Promise<void>
}

/**
 * Starts the store and waits until it answers.
 *
 * `medusa develop` would watch the whole repository; `start` in development mode serves the admin
 * from source without a watcher.
 *
 * @throws Error with the end of its log when it does not come up.
 */
export async function startStore(options: ProcessOptions & { port: number }): Promise<Store> {
  const port = await freePort(options.port)
  const url = `http://localhost:${port}`
  const env = {
    NODE_ENV: "development",
    ADMIN_CORS: url,
    AUTH_CORS: url,
    FILES_URL: `${url}/static`,
    ...options.env,
  }
  const program = medusaProgram(options.cwd)
  const medusa = startProcess([program, "start", "--port", `${port}`], { ...options, env })
  const deadline = Date.now() + START_TIMEOUT_MS
  while (!(await isHealthy(url))) {
    if (!medusa.isRunning() || Date.now() > deadline) {
      await medusa.stop()
      throw new Error(`The store did not start (${options.log}):\n${medusa.logTail()}`)
    }
    await sleep(150)
  }
  return { url, ended: medusa.ended, stop: medusa.stop }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`)).ok
  } catch {
    return false
  }
}
