import { parseArgs } from "node:util"

export interface DemoOptions {
  /** Run the first sync, print its figures as JSON and stop. */
  once: boolean
  /** How many products the simulated ERP has. */
  products: number
  /** Ports to use when they are free. */
  port: number
  erpPort: number
}

export const USAGE = `npm run demo -- [options]

  --products N   products in the simulated Odoo (default 500)
  --once         sync once, print the figures as one line of JSON, stop
  --port N       port of the store (default 9000; another one when it is taken)
  --erp-port N   port of the simulated Odoo (default 8069; another one when it is taken)`

/**
 * Reads the command line.
 *
 * @throws Error that names the option and what it takes.
 */
export function parseOptions(args: string[]): DemoOptions | "help" {
  const { values } = parseArgs({
    args,
    options: {
      once: { type: "boolean", default: false },
      products: { type: "string", default: "500" },
      port: { type: "string", default: "9000" },
      "erp-port": { type: "string", default: "8069" },
      help: { type: "boolean", short: "h", default: false },
    },
  })
  if (values.help) return "help"
  return {
    once: values.once,
    products: whole("--products", values.products),
    port: whole("--port", values.port),
    erpPort: whole("--erp-port", values["erp-port"]),
  }
}

function whole(option: string, value: string): number {
  if (!/^[1-9]\d*$/.test(value)) {
    throw new Error(`${option} takes a whole number of 1 or more, not "${value}".`)
  }
  return Number(value)
}
