import { createOdooConnector } from "../../src/connectors/odoo"
import { pullAll } from "../../src/connectors/conformance/collect"
import type { Change } from "../../src/connectors/contract"
import { erpId } from "../../src/sync/ids"
import type { Values } from "../../src/sync/values"
import type { OdooSimulator } from "../erp/odoo"
import { startOdooSimulator } from "../erp/odoo"

/** Tags of products, where a connection maps them. */
const only = (process.env["ERP"] ?? "odoo") === "odoo" ? describe.each : describe.skip.each

const PROTOCOLS = [
  [17, "jsonrpc"],
  [18, "xmlrpc"],
  [19, "json2"],
] as const

only(PROTOCOLS)("tags of Odoo %i over %s", (version, protocol) => {
  let odoo: OdooSimulator
  let now = 0
  const opened: { close(): Promise<void> }[] = []

  beforeEach(async () => {
    odoo = await startOdooSimulator({ version, empty: true })
    now = Date.now() * 1000 - 48 * 3_600_000_000
    odoo.world.clock = () => now
  })
  afterEach(async () => {
    for (const { close } of opened.splice(0)) await close()
    await odoo.close()
  })

  const connect = (tags = true) => {
    const { url, database, login, apiKey } = odoo
    const connector = createOdooConnector({
      connection_id: "odoo",
      credentials: { url, database, login, api_key: apiKey },
      settings: { protocol },
      tags,
      http: { per_second: 10_000 },
      log: () => {},
    })
    opened.push(connector)
    return connector
  }
  const tag = (name: string) => odoo.world.create("product.tag", { name })
  const product = (tags: number[]) =>
    odoo.world.create("product.template", { name: "Lamp", product_tag_ids: [[6, 0, tags]] })
  const held = (id: number) =>
    (odoo.world.row("product.template", id)?.["product_tag_ids"] as number[])
      .map((one) => String(odoo.world.row("product.tag", one)?.["name"]))
      .toSorted()
  const change = (id: number, expected: Values, patch: Values): Change => ({
    entity: "product",
    id: erpId(id),
    product_id: null,
    expected_version: null,
    expected,
    patch,
    weight_unit: "kg",
  })
  const write = async (...changes: Change[]) => (await connect().write?.(changes)) ?? []

  it("come by name, and only where they are mapped", async () => {
    const id = product([tag("Summer"), tag("A: b")])
    const bare = product([])
    const { records } = await pullAll(connect(), "products", null)
    expect(records.map((record) => [record.id, record.tags])).toEqual([
      [String(id), ["A: b", "Summer"]],
      [String(bare), []],
    ])
    const unmapped = await pullAll(connect(false), "products", null)
    expect(unmapped.records.map(({ tags }) => tags)).toEqual([undefined, undefined])
  })

  it("are found by a delta when one is renamed, or given from its own form", async () => {
    const [summer, sale] = [tag("Summer"), tag("Sale")]
    const [first, second] = [product([summer]), product([])]
    const connector = connect()
    const full = await pullAll(connector, "products", null)
    now += 3_600_000_000
    odoo.world.write("product.tag", summer, { name: "Winter" })
    odoo.world.write("product.tag", sale, { product_template_ids: [[4, second]] })
    const { records } = await pullAll(connector, "products", full.cursor)
    expect(records.map((record) => [record.id, record.tags])).toEqual([
      [String(first), ["Winter"]],
      [String(second), ["Sale"]],
    ])
  })

  it("are linked and unlinked one by one; those that there are not are made once", async () => {
    const [summer, sale, kept] = [tag("Summer"), tag("Sale"), tag("Kept")]
    const [first, second] = [product([summer, kept]), product([])]
    const outcomes = await write(
      change(
        first,
        { "tag:Summer": true, "tag:Sale": null, "tag:New": null },
        { "tag:Summer": null, "tag:Sale": true, "tag:New": true },
      ),
      change(second, { "tag:New": null }, { "tag:New": true }),
    )
    expect(outcomes).toMatchObject([
      {
        outcome: "written",
        holds: { "tag:Summer": null, "tag:Sale": true, "tag:New": true },
      },
      { outcome: "written", holds: { "tag:New": true } },
    ])
    expect(held(first)).toEqual(["Kept", "New", "Sale"])
    expect(held(second)).toEqual(["New"])
    expect(odoo.world.search("product.tag", [["name", "=", "Sale"]])).toEqual([sale])
    expect(odoo.world.search("product.tag", [["name", "=", "New"]])).toHaveLength(1)
  })

  it("that the product has already, or has lost already, are not written again", async () => {
    const id = product([tag("Summer")])
    const stamp = odoo.world.row("product.template", id)?.["write_date"]
    now += 60_000_000
    const patch = { "tag:Summer": true, "tag:Old": null }
    expect(await write(change(id, { "tag:Summer": null, "tag:Old": true }, patch))).toMatchObject([
      { outcome: "written", holds: patch },
    ])
    expect(odoo.world.row("product.template", id)?.["write_date"]).toEqual(stamp)
  })

  it("are refused where somebody moved one of them meanwhile", async () => {
    const id = product([])
    const outcomes = await write(change(id, { "tag:Summer": true }, { "tag:Summer": null }))
    expect(outcomes).toMatchObject([{ outcome: "written" }])
    const other = product([tag("Summer")])
    const moved = change(other, { "tag:Sale": true, title: "Lamp" }, { "tag:Sale": true })
    expect(await write(moved)).toMatchObject([{ outcome: "refused", reason: "newer_version" }])
    expect(held(other)).toEqual(["Summer"])
  })

  it("with blanks at the ends, or control characters, are said to have no place", async () => {
    const id = product([])
    for (const name of [" Sale", "Sa\u0007le"]) {
      const field = `tag:${name}`
      const outcomes = await write(change(id, { [field]: null }, { [field]: true }))
      const unfit = name === " Sale" || protocol === "xmlrpc"
      expect(outcomes).toMatchObject([
        unfit ? { outcome: "unsupported", field } : { outcome: "written" },
      ])
    }
    expect(odoo.world.search("product.tag", [["name", "=", " Sale"]])).toEqual([])
  })
})
