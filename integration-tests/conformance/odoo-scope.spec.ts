import { createOdooConnector } from "../../src/connectors/odoo"
import { pullAll } from "../../src/connectors/conformance/collect"
import { erpId } from "../../src/sync/ids"
import type { OdooSimulator } from "../erp/odoo"
import { startOdooSimulator } from "../erp/odoo"

/** Which of an Odoo's products take part: by the connection's filter, and by its company. */
const only = (process.env["ERP"] ?? "odoo") === "odoo" ? describe.each : describe.skip.each

only([17, 18, 19] as const)("the scope of a connection to Odoo %i", (version) => {
  let odoo: OdooSimulator
  const opened: { close(): Promise<void> }[] = []

  beforeEach(async () => {
    odoo = await startOdooSimulator({ version, products: 30, seed: 3, odd: false })
    const now = Date.now() * 1000 - 48 * 3_600_000_000
    odoo.world.clock = () => now
  })
  afterEach(async () => {
    for (const { close } of opened.splice(0)) await close()
    await odoo.close()
  })

  const connect = (settings: object = {}) => {
    const { url, database, login, apiKey } = odoo
    const connector = createOdooConnector({
      connection_id: "odoo",
      credentials: { url, database, login, api_key: apiKey },
      settings: { ...settings },
      http: { per_second: 10_000 },
      log: () => {},
    })
    opened.push(connector)
    return connector
  }
  const rename = (template: number, name: string) =>
    odoo.world.write("product.template", template, { name })
  const sold = () => odoo.world.search("product.template", [["sale_ok", "=", true]])

  describe("a domain as filter", () => {
    const filter = ["|", ["list_price", ">=", 100], ["categ_id.name", "ilike", "chosen"]]
    const inside = () => odoo.world.search("product.template", filter, { active_test: false })

    it("lets through what Odoo finds by it, in every stream and in a sweep", async () => {
      const [id = 0] = odoo.world.search("product.template", [["list_price", "<", 100]])
      const category = odoo.world.create("product.category", { name: "Chosen ones" })
      odoo.world.write("product.template", id, { categ_id: category })
      const connector = connect({ filter })
      const expected = inside().map(String).toSorted()
      expect(expected).toContain(String(id))
      for (const stream of ["products", "images"] as const) {
        const { records } = await pullAll(connector, stream, null)
        expect(records.map((record) => String(record.id)).toSorted()).toEqual(expected)
      }
      for (const stream of ["prices", "stock"] as const) {
        const { records } = await pullAll(connector, stream, null)
        const products = new Set(records.map(({ product_id }) => String(product_id)))
        expect([...products].every((product) => expected.includes(product))).toBe(true)
        expect(products.size).toBeGreaterThan(0)
      }
      const keys: string[] = []
      for await (const page of connector.keys("products", null)) {
        keys.push(...page.keys.map((key) => String(key.id)))
      }
      expect(keys.toSorted()).toEqual(expected)
    })

    it("reports who left it as gone, and who entered it as a record", async () => {
      const connector = connect({ filter })
      const [left = 0, other = 0] = inside()
      const [entered = 0] = odoo.world.search("product.template", [["list_price", "<", 100]])
      const { cursor } = await pullAll(connector, "products", null)
      odoo.world.write("product.template", left, { list_price: 1 })
      odoo.world.write("product.template", entered, { list_price: 500 })
      rename(other, "Still in")
      const { records, gone } = await pullAll(connector, "products", cursor)
      expect(gone).toContain(String(left))
      expect(gone).not.toContain(String(entered))
      expect(gone).not.toContain(String(other))
      const found = records.map(({ id }) => String(id))
      expect(found).toEqual(expect.arrayContaining([String(entered), String(other)]))
      expect(found).not.toContain(String(left))
      expect((await connector.read("products", [erpId(left)])).missing).toEqual([String(left)])
    })

    it.each([
      ["a field there is not", [["x_nope", "=", 1]], "stream.products"],
      ["a path there is not", [["categ_id.x_nope", "=", 1]], "filter"],
      ["one that lets nothing through", [["name", "=", "No such product"]], "filter"],
    ])("is found out by the checks: %s", async (_name, wrong, code) => {
      const found = (await connect({ filter: wrong }).check()).items.filter(({ ok }) => !ok)
      expect(found.map((item) => item.code)).toContain(code)
      expect(found.every(({ remedy }) => remedy !== "")).toBe(true)
    })

    it("says how many products take part", async () => {
      const all = odoo.world.search("product.template", [], { active_test: false }).length
      const { items } = await connect({ filter }).check()
      expect(items.find(({ code }) => code === "filter")).toMatchObject({
        ok: true,
        message: `${inside().length} of ${all} products in Odoo take part.`,
      })
    })
  })

  describe("with several companies", () => {
    const second = () => {
      const company = odoo.world.create("res.company", { name: "Second Ltd", currency_id: 1 })
      odoo.world.write("res.users", odoo.accounts.bot.uid, { company_ids: [[6, 0, [1, company]]] })
      return company
    }

    it("reads the products of its own and those that all share", async () => {
      const company = second()
      const [foreign = 0, own = 0] = sold()
      odoo.world.write("product.template", foreign, { company_id: company })
      odoo.world.write("product.template", own, { company_id: 1 })
      const idsOf = async (settings: object) =>
        (await pullAll(connect(settings), "products", null)).records.map(({ id }) => Number(id))
      const first = await idsOf({})
      expect(first).toContain(own)
      expect(first).not.toContain(foreign)
      const other = await idsOf({ company: "Second Ltd" })
      expect(other).toContain(foreign)
      expect(other).not.toContain(own)
      const shared = sold().filter((id) => id !== own && id !== foreign)
      expect(first).toEqual(expect.arrayContaining(shared))
      expect(other).toEqual(expect.arrayContaining(shared))
    })

    it("says whose products these are, and how to choose another", async () => {
      second()
      const item = (await connect().check()).items.find(({ code }) => code === "company")
      expect(item?.message).toContain("My Company")
      expect(item?.message).toContain("Second Ltd")
      expect(item?.remedy).toContain("company")
    })
  })
})
