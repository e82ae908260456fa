import { createOdooConnector } from "../../src/connectors/odoo"
import { pullAll } from "../../src/connectors/conformance/collect"
import { erpId } from "../../src/sync/ids"
import type { OdooSimulator } from "../erp/odoo"
import { startOdooSimulator } from "../erp/odoo"

/** Kits of the Manufacturing app: products whose stock is what their components make. */
const only = (process.env["ERP"] ?? "odoo") === "odoo" ? describe.each : describe.skip.each

only([17, 18, 19] as const)("kits of Odoo %i", (version) => {
  let odoo: OdooSimulator
  let now = 0
  const opened: { close(): Promise<void> }[] = []

  beforeEach(async () => {
    odoo = await startOdooSimulator({ version, empty: true, addons: ["mrp"] })
    now = Date.now() * 1000 - 48 * 3_600_000_000
    odoo.world.clock = () => now
  })
  afterEach(async () => {
    for (const { close } of opened.splice(0)) await close()
    await odoo.close()
  })

  const connect = () => {
    const { url, database, login, apiKey } = odoo
    const connector = createOdooConnector({
      connection_id: "odoo",
      credentials: { url, database, login, api_key: apiKey },
      settings: {},
      http: { per_second: 10_000 },
      log: () => {},
    })
    opened.push(connector)
    return connector
  }
  const storable = version === 17 ? { detailed_type: "product" } : { is_storable: true }
  /** A stored product; answers its template and its variant. */
  const product = (name: string): [template: number, variant: number] => {
    const template = odoo.world.create("product.template", { name, ...storable })
    const [variant = 0] = odoo.world.search("product.product", [["product_tmpl_id", "=", template]])
    return [template, variant]
  }
  const placeOf = (code: string): number => {
    const [id = 0] = odoo.world.search("stock.warehouse", [["code", "=", code]])
    return Number(odoo.world.row("stock.warehouse", id)?.["lot_stock_id"])
  }
  /** A table of one top and four legs. */
  const table = () => {
    const [[template, kit], [, top], [, leg]] = [product("Table"), product("Top"), product("Leg")]
    const bom = odoo.world.create("mrp.bom", { type: "phantom", product_tmpl_id: template })
    odoo.world.create("mrp.bom.line", { bom_id: bom, product_id: top, product_qty: 1 })
    odoo.world.create("mrp.bom.line", { bom_id: bom, product_id: leg, product_qty: 4 })
    odoo.world.setStock(top, placeOf("WH"), 10)
    odoo.world.setStock(leg, placeOf("WH"), 14)
    odoo.world.setStock(top, placeOf("WH2"), 2)
    return { kit, top, leg, bom }
  }

  it("have as many pieces as their components make, per warehouse", async () => {
    const { kit, leg } = table()
    odoo.world.reserve(leg, placeOf("WH"), 3)
    const [record] = (await connect().read("stock", [erpId(kit)])).records
    expect(record).toMatchObject({
      tracked: true,
      levels: [
        { warehouse: "WH", on_hand: "3", available: "2" },
        { warehouse: "WH2", on_hand: "0", available: "0" },
      ],
    })
  })

  it("are found by a delta when a component's stock moves, and nothing of theirs", async () => {
    const { kit, leg } = table()
    const connector = connect()
    const { cursor } = await pullAll(connector, "stock", null)
    now += 3_600_000_000
    odoo.world.setStock(leg, placeOf("WH"), 40)
    const { records } = await pullAll(connector, "stock", cursor)
    expect(records.find(({ id }) => id === String(kit))?.levels[0]).toMatchObject({ on_hand: "10" })
    expect(records.map(({ id }) => Number(id))).toContain(leg)
  })

  it("are goods like others once their bill of materials is none of a kit", async () => {
    const { kit, bom } = table()
    odoo.world.write("mrp.bom", bom, { type: "normal" })
    odoo.world.setStock(kit, placeOf("WH"), 1)
    const [record] = (await connect().read("stock", [erpId(kit)])).records
    expect(record?.levels[0]).toMatchObject({ warehouse: "WH", on_hand: "1" })
  })

  it("are not counted, with the reason", async () => {
    const { kit, leg } = table()
    const count = (variant: number, expected: string) => ({
      entity: "stock" as const,
      id: erpId(variant),
      product_id: null,
      expected_version: null,
      expected: { "on_hand:WH": expected },
      patch: { "on_hand:WH": "5" },
      weight_unit: "kg" as const,
    })
    const outcomes = await connect().write?.([count(kit, "3"), count(leg, "14")])
    expect(outcomes).toMatchObject([
      { outcome: "unsupported", field: "on_hand:WH", message: expect.stringContaining("kit") },
      { outcome: "written" },
    ])
    const quants = odoo.world.search("stock.quant", [["product_id", "=", kit]])
    expect(quants).toEqual([])
  })
})
