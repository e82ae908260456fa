import { existsSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { parseArgs } from "node:util"
import { startEnvironment } from "../../benchmarks/environment"
import { medusaProgram, startProcess } from "../../demo/process"
import { repositoryRoot } from "../../scripts/postgres-binaries"
import { endLeases, failedChecks } from "./checks"

const HOME = join(repositoryRoot, ".cache", "crash")
const BOOT_TIMEOUT_MS = 180_000
const LOCATIONS = 2

const { values } = parseArgs({
  options: {
    products: { type: "string", default: "5000" },
    kills: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
  },
})

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

/**
 * Imports a catalog while the store's process is killed (SIGKILL) at random moments, then lets it end,
 * and checks that everything is there once and nothing finished was done again.
 */
const main = async (): Promise<void> => {
  const products = Number(values.products)
  const kills = Number(values.kills)
  const random = seededRandom(Number(values.seed))
  const environment = await startEnvironment(HOME)
  const odoo = await environment.simulator(products, 1)
  try {
    const database = await environment.freshDatabase("crash")
    const env = { ...odoo.env, DATABASE_URL: database, DISABLE_ADMIN: "true" }
    let killed = 0
    let idle = false
    while (!idle) {
      const last = killed >= kills
      // A share of the whole import each time, so that the kills are spread over all of it.
      const after = last ? null : 100 + random() * ((products * 5) / kills)
      idle = await runOnce(env, after)
      if (!idle) {
        killed += 1
        await endLeases(database)
        say(`killed ${killed} of ${kills} after ${Math.round(after ?? 0)} ms of work`)
      }
    }
    const { done, failed } = await failedChecks(database, {
      products,
      levels: products * LOCATIONS,
    })
    for (const check of failed) {
      say(`FAILED: ${check.name}: ${check.found}, expected ${check.expected}`)
    }
    if (killed < kills) {
      say(`FAILED: the import ended after ${killed} of ${kills} kills`)
    }
    const wrong = failed.length + (killed < kills ? 1 : 0)
    say(`${done + 1 - wrong} passed, ${wrong} failed`)
    process.exitCode = wrong > 0 ? 1 : 0
  } finally {
    await odoo.stop()
    await environment.stop()
  }
}

/** One life of the store's process; true when it came to rest by itself. */
const runOnce = async (env: NodeJS.ProcessEnv, killAfterMs: number | null): Promise<boolean> => {
  const marker = join(HOME, "marker")
  rmSync(marker, { force: true })
  const store = startProcess([medusaProgram(), "exec", "./integration-tests/crash/task.ts"], {
    log: join(HOME, "store.log"),
    env: { ...env, CRASH_MARKER: marker },
  })
  const deadline = Date.now() + BOOT_TIMEOUT_MS
  while (!existsSync(marker)) {
    if (!store.isRunning() || Date.now() > deadline) {
      throw new Error(`The store did not start:\n${store.logTail()}`)
    }
    await sleep(20)
  }
  if (killAfterMs !== null) {
    await Promise.race([sleep(killAfterMs), store.ended])
    if (store.isRunning()) {
      store.child.kill("SIGKILL")
      await store.ended
      return false
    }
  }
  const code = await store.ended
  if (readFileSync(marker, "utf8") !== "idle") {
    throw new Error(`The store ended by itself (${code}):\n${store.logTail()}`)
  }
  return true
}

const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

void main()
