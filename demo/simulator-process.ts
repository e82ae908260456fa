import { startOdooSimulator } from "../integration-tests/erp/odoo"

/** A process of its own for the simulated Odoo: it tells where it is, and its requests when asked. */
async function main(): Promise<void> {
  const [products, port] = process.argv.slice(2).map(Number)
  const odoo = await startOdooSimulator({ version: 19, products, port, seed: 1 })
  process.on("message", () => process.send?.({ requests: odoo.requests.total }))
  process.on("disconnect", () => process.exit())
  process.send?.({
    url: odoo.url,
    database: odoo.database,
    login: odoo.login,
    password: odoo.password,
    apiKey: odoo.apiKey,
  })
}

void main()
