import { Cursor } from "../../src/connectors/contract"
import { createOdooConnector } from "../../src/connectors/odoo"
import { OdooSimulator, startOdooSimulator } from "../erp/odoo"

const ROWS = 10_000

describe("ten thousand rows of one stamp", () => {
  let odoo: OdooSimulator

  beforeAll(async () => {
    odoo = await startOdooSimulator({ version: 19, products: ROWS, variants: 1, page: false })
  })

  afterAll(() => odoo.close())

  it("arrive once each by a delta that ends, and leave a cursor that finds the next edit", async () => {
    const connector = createOdooConnector({
      connection_id: "one-stamp",
      credentials: {
        url: odoo.url,
        database: odoo.database,
        login: odoo.login,
        api_key: odoo.apiKey,
      },
      settings: {},
      http: { per_second: 10_000 },
      log: () => undefined,
    })
    const pull = async (from: Cursor | null): Promise<{ ids: string[]; cursor: Cursor | null }> => {
      const ids: string[] = []
      let cursor = from
      for await (const page of connector.pull("products", from)) {
        ids.push(...page.records.map((record) => record.id))
        cursor = page.cursor
      }
      return { ids, cursor }
    }
    const full = await pull(null)
    expect(new Set(full.ids).size).toBe(ROWS)

    const all = odoo.world.ids("product.template")
    odoo.world.write("product.template", all, { description_sale: "One stamp for all" })
    const delta = await pull(full.cursor)
    expect(delta.ids).toHaveLength(ROWS)
    expect(new Set(delta.ids).size).toBe(ROWS)

    const [last = 0] = all.slice(-1)
    odoo.world.write("product.template", last, { description_sale: "One more" })
    expect((await pull(delta.cursor)).ids).toContain(String(last))
    await connector.close()
  })
})
