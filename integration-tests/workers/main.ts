import { join } from "node:path"
import { parseArgs } from "node:util"
import { startEnvironment } from "../../benchmarks/environment"
import { repositoryRoot } from "../../scripts/postgres-binaries"
import { Checks } from "./checks"
import { erpSide } from "./erp-side"
import { startRedis } from "./redis"
import { Scene } from "./scene"
import { startInstance } from "./store"
import { StoreSide } from "./store-side"

const { values } = parseArgs({
  options: {
    products: { type: "string", default: "5000" },
    redis: { type: "boolean", default: false },
  },
})

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

/**
 * Two stores on one database, with Medusa's in-memory modules or with its Redis modules (`--redis`):
 * they share the work, wake each other, and take over from one that is killed or told to end.
 */
const main = async (): Promise<void> => {
  const products = Number(values.products)
  const home = join(repositoryRoot, ".cache", values.redis ? "redis" : "workers")
  const began = performance.now()
  const stops: (() => Promise<void>)[] = []
  try {
    const environment = await startEnvironment(home)
    stops.push(() => environment.stop())
    const redis = values.redis
      ? await startRedis(join(repositoryRoot, ".cache", "redis-server"), join(home, "redis.log"))
      : null
    stops.push(async () => redis?.stop())
    const odoo = await environment.simulator(products, 1)
    stops.push(() => odoo.stop())
    const database = await environment.freshDatabase("workers")
    const store = new StoreSide(database)
    stops.push(() => store.end())

    const env = {
      ...odoo.env,
      DATABASE_URL: database,
      ERP_PUSH: "true",
      ...(redis ? { REDIS_URL: redis.url } : {}),
    }
    const checks = new Checks(say)
    const scene = new Scene(erpSide(odoo.env.ODOO_URL ?? ""), store, checks, (name) =>
      startInstance(name, home, env),
    )
    stops.push(() => scene.end())
    await scene.play()
    say(`${Math.round((performance.now() - began) / 1000)} s in all`)
    process.exitCode = checks.end() ? 0 : 1
  } finally {
    for (const stop of stops.reverse()) {
      await stop()
    }
  }
}

main().catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  say("0 passed, 1 failed")
  process.exitCode = 1
})
