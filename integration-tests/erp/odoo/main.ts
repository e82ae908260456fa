import { parseArgs } from "node:util"
import { startOdooSimulator } from "./index"
import type { OdooVersion } from "./orm/schema"

/**
 * Runs the simulator as a process of its own:
 * `tsx integration-tests/erp/odoo/main.ts --version 19 --port 8069 --products 500 --seed 1`.
 * Prints one JSON line when it is ready. `--variants-per-product N` makes a plain, regular catalog.
 */
const { values } = parseArgs({
  options: {
    version: { type: "string", default: "19" },
    host: { type: "string", default: "127.0.0.1" },
    port: { type: "string", default: "8069" },
    products: { type: "string", default: "500" },
    "variants-per-product": { type: "string" },
    seed: { type: "string", default: "1" },
    database: { type: "string" },
    empty: { type: "boolean", default: false },
    "no-odd": { type: "boolean", default: false },
    "no-page": { type: "boolean", default: false },
  },
})

function versionOf(text: string): OdooVersion {
  if (text === "17" || text === "18" || text === "19") return Number(text) as OdooVersion
  throw new Error(`--version must be 17, 18 or 19, not ${text}`)
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 0) return number
  throw new Error(`--${name} must be a whole number, not ${text}`)
}

async function main(): Promise<void> {
  const started = performance.now()
  const variants = values["variants-per-product"]
  const simulator = await startOdooSimulator({
    version: versionOf(values.version),
    host: values.host,
    port: wholeNumber("port", values.port),
    products: wholeNumber("products", values.products),
    seed: wholeNumber("seed", values.seed),
    empty: values.empty,
    odd: !values["no-odd"],
    page: !values["no-page"],
    ...(variants === undefined ? {} : { variants: wholeNumber("variants-per-product", variants) }),
    ...(values.database === undefined ? {} : { database: values.database }),
  })
  const { url, database, login, password, apiKey, uid, world } = simulator
  const ready = {
    url,
    version: simulator.version,
    database,
    login,
    password,
    api_key: apiKey,
    uid,
    products: world.count("product.template"),
    variants: world.count("product.product"),
    quants: world.count("stock.quant"),
    seconds: Math.round(performance.now() - started) / 1000,
    memory_mb: Math.round(process.memoryUsage().rss / 2 ** 20),
  }
  process.stdout.write(`${JSON.stringify(ready)}\n`)
  const stop = () => {
    simulator.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.once("SIGINT", stop)
  process.once("SIGTERM", stop)
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
