import { createOdooConnector } from "../../src/connectors/odoo"
import { pullAll } from "../../src/connectors/conformance/collect"
import { erpId } from "../../src/sync/ids"
import type { OdooSimulator } from "../erp/odoo"
import { startOdooSimulator } from "../erp/odoo"

/** What only the Odoo connector promises, beyond what every connector must do. */
const only = (process.env["ERP"] ?? "odoo") === "odoo" ? describe : describe.skip

const MINUTE = 60_000_000

only("the Odoo connector", () => {
  let odoo: OdooSimulator
  let now = 0
  const opened: { close(): Promise<void> }[] = []

  beforeEach(async () => {
    odoo = await startOdooSimulator({ version: 19, products: 30, seed: 3, odd: false })
    now = Date.now() * 1000 - 48 * 60 * MINUTE
    odoo.world.clock = () => now
  })
  afterEach(async () => {
    for (const { close } of opened.splice(0)) await close()
    await odoo.close()
  })

  const connect = (settings: object = {}, credentials: object = {}, http: object = {}) => {
    const { url, database, login, apiKey } = odoo
    const connector = createOdooConnector({
      connection_id: "odoo",
      credentials: { url, database, login, api_key: apiKey, ...credentials },
      settings: { ...settings },
      http: { per_second: 10_000, ...http },
      log: () => {},
    })
    opened.push(connector)
    return connector
  }
  const rename = (template: number, name: string) =>
    odoo.world.write("product.template", template, { name })
  const sold = () => odoo.world.search("product.template", [["sale_ok", "=", true]])
  const codes = async (settings: object, credentials: object = {}) =>
    (await connect(settings, credentials).check()).items.filter(({ ok }) => !ok)

  describe("polls", () => {
    it.each([
      ["categories", 1],
      ["products", 1],
      ["prices", 1],
      ["stock", 2],
    ] as const)("%s that few changed in %i request", async (stream, requests) => {
      const connector = connect()
      const { cursor } = await pullAll(connector, stream, null)
      const [category = 0] = odoo.world.search("product.category", [])
      odoo.world.write("product.category", category, { name: "Renamed" })
      rename(sold()[0] ?? 0, "Renamed")
      const before = connector.requests
      const { records } = await pullAll(connector, stream, cursor)
      expect(records.length).toBeGreaterThan(0)
      expect(connector.requests - before).toBe(requests)
    })

    it("learn from a fresh stamp how close the two clocks are, so that the window moves on", async () => {
      const connector = connect()
      const full = await pullAll(connector, "products", null)
      now = Date.now() * 1000
      odoo.world.write("product.template", sold(), { description: "<p>Imported</p>" })
      const { cursor } = await pullAll(connector, "products", full.cursor)
      expect((cursor?.["mark"] as { lead: number }).lead).toBeLessThanOrEqual(5)
    })

    it("finds changes though a record carries a stamp of the year 2099", async () => {
      const connector = connect()
      const [first = 0, second = 0] = sold()
      odoo.world.rawUpdate("product.template", first, { write_date: Date.UTC(2099, 0, 1) * 1000 })
      let { cursor } = await pullAll(connector, "products", null)
      ;({ cursor } = await pullAll(connector, "products", cursor))
      now = Date.now() * 1000
      rename(second, "After all")
      const { records } = await pullAll(connector, "products", cursor)
      expect(records.map(({ title }) => title)).toContain("After all")
    })

    it("says when the newest record is no more, as after a restored backup", async () => {
      const connector = connect()
      now += MINUTE
      const id = odoo.world.create("product.template", { name: "Newest" })
      const { cursor } = await pullAll(connector, "products", null)
      odoo.world.unlink("product.template", id)
      const after = await pullAll(connector, "products", cursor)
      expect(after.pages.at(-1)?.regressed).toBe(true)
      const next = await pullAll(connector, "products", after.cursor)
      expect(next.pages.at(-1)?.regressed).toBeUndefined()
    })

    it("reports a product that left the filter as gone, and reads it as missing", async () => {
      const connector = connect()
      const { cursor } = await pullAll(connector, "products", null)
      const [id = 0] = sold()
      odoo.world.write("product.template", id, { sale_ok: false })
      expect((await pullAll(connector, "products", cursor)).gone).toEqual([String(id)])
      expect((await connector.read("products", [erpId(id)])).missing).toEqual([String(id)])
    })
  })

  describe("pages", () => {
    it("shrink until an answer is small enough", async () => {
      // Three bytes a character, 2.8 MB a product: more than 64 MB in all.
      const large = "漢".repeat(950_000)
      odoo.world.write("product.template", sold(), { description_sale: large })
      const connector = connect()
      const { records, pages } = await pullAll(connector, "products", null)
      expect(pages.length).toBeGreaterThan(1)
      expect(connector.requests).toBeLessThan(20)
      expect(records.length).toBeGreaterThanOrEqual(sold().length)
    })

    it("come again after a serialization failure, of which nothing was committed", async () => {
      odoo.faults.add({ kind: "error", match: "web_search_read", times: 2 })
      const { records } = await pullAll(connect(), "categories", null)
      expect(records.length).toBeGreaterThan(0)
    })

    it("that lie about being the last are found out by the count", async () => {
      odoo.faults.add({
        kind: "mutate",
        match: "product.template.web_search_read",
        after: 1,
        change: (result) => ({ ...(result as object), records: [], length: 0 }),
      })
      await expect(pullAll(connect(), "products", null)).rejects.toMatchObject({
        kind: "transient",
        code: "short_page",
      })
    })
  })

  describe("check", () => {
    it.each([
      ["a company there is not", { company: "Nobody Ltd" }, "credentials"],
      ["a language that is not active", { language: "xx_XX" }, "language"],
      ["a warehouse there is not", { warehouses: ["NOPE"] }, "stream.stock"],
      ["a filter on a field there is not", { filter: { x_nope: 1 } }, "stream.products"],
    ])("names %s, with a remedy", async (_name, settings, code) => {
      const item = (await codes(settings)).find((found) => found.code === code)
      expect(item?.remedy).toBeTruthy()
    })

    it("names an expired key", async () => {
      odoo.accounts.expireKey(odoo.accounts.bot)
      expect((await codes({})).map(({ code }) => code)).toEqual(["credentials"])
    })

    it("names a database there is not", async () => {
      expect((await codes({}, { database: "nodb" }))[0]?.remedy).toContain("database")
    })

    it("names an address where nothing answers", async () => {
      const connector = connect({}, { url: "http://127.0.0.1:9" }, { max_attempts: 1 })
      expect((await connector.check()).items[0]).toMatchObject({ code: "reachable", ok: false })
    })
  })

  it("logs in once a minute at most after a refusal", async () => {
    const connector = connect({ protocol: "jsonrpc" }, { api_key: "wrong" })
    for (let i = 0; i < 8; i += 1) await connector.check()
    expect(odoo.requests.count("common.authenticate")).toBe(1)
  })

  it("sums stock of locations made after the connector started", async () => {
    const connector = connect()
    const { cursor, records } = await pullAll(connector, "stock", null)
    const variant = records.find(({ tracked }) => tracked)?.id ?? ""
    const [stock = 0] = odoo.world.search("stock.location", [["usage", "=", "internal"]])
    const shelf = odoo.world.create("stock.location", {
      name: "New shelf",
      usage: "internal",
      location_id: stock,
    })
    odoo.world.setStock(Number(variant), shelf, 1234)
    const after = await pullAll(connector, "stock", cursor)
    const level = after.records.find(({ id }) => id === variant)?.levels[0]
    expect(Number(level?.on_hand)).toBeGreaterThanOrEqual(1234)
  })

  it("chooses JSON-2 from 19 on with a key, and JSON-RPC otherwise", async () => {
    await connect().check()
    expect(odoo.requests.count("common.authenticate")).toBe(0)
    await connect({}, { api_key: undefined, password: odoo.password }).check()
    expect(odoo.requests.count("common.authenticate")).toBe(1)
  })
})

only("an Odoo before 19", () => {
  it("has no JSON-2, and check says what to set instead", async () => {
    const odoo = await startOdooSimulator({ version: 18, empty: true })
    const { url, database, login, apiKey } = odoo
    const connector = createOdooConnector({
      connection_id: "odoo",
      credentials: { url, database, login, api_key: apiKey },
      settings: { protocol: "json2" },
      http: {},
      log: () => {},
    })
    const failed = (await connector.check()).items.find(({ ok }) => !ok)
    expect(failed?.remedy).toContain("jsonrpc")
    await connector.close()
    await odoo.close()
  })
})
