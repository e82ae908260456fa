import type { Json, OdooSimulator, OdooVersion, World } from ".."
import { executeKw, get, json2, post } from "./clients"
import { emptyShop, goods, mainStock, productWith, variantsOf, VERSIONS, TestClock } from "./shop"

type Expectation<T> = Readonly<Record<OdooVersion, T>>

describe("how versions compare a stamp of 10:00:00.5", () => {
  const rows: ReadonlyArray<
    readonly [operator: string, value: string, Expectation<boolean | "error">]
  > = [
    [">", "2026-01-01 10:00:00", { 17: true, 18: true, 19: false }],
    [">=", "2026-01-01 10:00:00", { 17: true, 18: true, 19: true }],
    ["=", "2026-01-01 10:00:00", { 17: false, 18: false, 19: true }],
    ["!=", "2026-01-01 10:00:00", { 17: true, 18: true, 19: false }],
    ["<=", "2026-01-01 10:00:00", { 17: false, 18: false, 19: true }],
    ["<", "2026-01-01 10:00:00", { 17: false, 18: false, 19: false }],
    [">", "2026-01-01 10:00:00.400000", { 17: true, 18: true, 19: false }],
    [">", "2026-01-01 09:59:59", { 17: true, 18: true, 19: true }],
    ["<", "2026-01-01 10:00:01", { 17: true, 18: true, 19: true }],
    [">", "2026-01-01", { 17: false, 18: false, 19: false }],
    [">=", "2026-01-01", { 17: true, 18: true, 19: true }],
    ["<=", "2026-01-01", { 17: true, 18: true, 19: true }],
    [">=", "2026-01-01T10:00:00Z", { 17: true, 18: true, 19: "error" }],
    [">=", "2026-01-01 10:00:00+02:00", { 17: true, 18: true, 19: "error" }],
    [">=", "2026-01-01T10:00:00", { 17: true, 18: true, 19: true }],
  ]

  describe.each(VERSIONS)("Odoo %i", (version) => {
    let simulator: OdooSimulator
    let world: World

    beforeAll(async () => {
      let clock: TestClock
      ;({ simulator, world, clock } = await emptyShop(version))
      clock.now = Date.UTC(2026, 0, 1, 10) * 1000 + 500_000
      world.create("product.template", { name: "Mug" })
    })
    afterAll(() => simulator.close())

    test.each(rows)("%s %s", (operator, value, expected) => {
      const search = () => world.search("product.template", [["write_date", operator, value]])
      if (expected[version] === "error") expect(search).toThrow()
      else expect(search().length).toBe(expected[version] ? 1 : 0)
    })

    it("shows whole seconds whatever is stored", () => {
      const [row] = world.read("product.template", world.ids("product.template"), ["write_date"])
      expect(row?.["write_date"]).toBe("2026-01-01 10:00:00")
    })
  })
})

describe.each(VERSIONS)("what differs on Odoo %i", (version) => {
  let simulator: OdooSimulator
  let world: World
  let color: number
  let values: [number, number, number]

  beforeAll(async () => {
    ;({ simulator, world, color, values } = await emptyShop(version))
  })
  afterAll(() => simulator.close())

  const is = <T>(expected: Expectation<T>): T => expected[version]
  const fields = (model: string): Readonly<Record<string, Json>> =>
    world.call(model, "fields_get", { attributes: ["type"] }) as Readonly<Record<string, Json>>

  it("answers JSON-2 on 19, a missing page on 17, a login page with status 200 on 18", async () => {
    const answer = await json2(simulator, "product.template.search", { domain: [] })
    expect(answer.status).toBe(is({ 17: 404, 18: 200, 19: 200 }))
    expect(answer.type.split(";")[0]).toBe(
      is({ 17: "text/html", 18: "text/html", 19: "application/json" }),
    )
  })

  it("tells its version everywhere by POST, by GET only on 19", async () => {
    const info = await post(simulator, "/web/webclient/version_info", {})
    expect(info.body).toMatchObject({
      result: { server_version_info: [version, 0, 0, "final", 0, ""] },
    })
    const web = await get(simulator, "/web/version")
    expect(web.status).toBe(is({ 17: 404, 18: 404, 19: 200 }))
  })

  it("says in its own words that goods are tracked", () => {
    const names = Object.keys(fields("product.template"))
    expect(names.includes("is_storable")).toBe(is({ 17: false, 18: true, 19: true }))
    expect(names.includes("detailed_type")).toBe(is({ 17: true, 18: false, 19: false }))
    const id = world.create("product.template", { name: "Goods", ...goods(version) })
    const [row] = world.read("product.template", id, ["type"])
    expect(row?.["type"]).toBe(is({ 17: "product", 18: "consu", 19: "consu" }))
  })

  it("requires a category up to 18", () => {
    const facts = world.call("product.template", "fields_get", { attributes: ["required"] })
    expect(facts).toMatchObject({ categ_id: { required: version < 19 } })
    const id = world.create("product.template", { name: "Loose" })
    const [row] = world.read("product.template", id, ["categ_id"])
    expect(row?.["categ_id"]).toEqual(is<Json>({ 17: [1, "All"], 18: [1, "All"], 19: false }))
  })

  it("rounds prices to two places up to 18", () => {
    const id = world.create("product.template", { name: "Third", list_price: 0.3333 })
    const [row] = world.read("product.template", id, ["list_price"])
    expect(row?.["list_price"]).toBe(is({ 17: 0.33, 18: 0.33, 19: 0.3333 }))
  })

  it("adds extra prices, with the noise of binary fractions on 19", () => {
    const id = productWith(world, version, color, values.slice(0, 2))
    const [ptav = 0] = world.search("product.template.attribute.value", [
      ["product_tmpl_id", "=", id],
    ])
    world.write("product.template", id, { list_price: 0.1 })
    world.write("product.template.attribute.value", ptav, { price_extra: 0.2 })
    const [row] = world.read("product.product", variantsOf(world, id), ["lst_price"])
    expect(row?.["lst_price"]).toBe(is({ 17: 0.3, 18: 0.3, 19: 0.1 + 0.2 }))
  })

  it("listens to its own context key for a warehouse and ignores the other", () => {
    const [variant = 0] = variantsOf(world, productWith(world, version, color, values.slice(0, 1)))
    const [main = 0, outlet = 0] = world.ids("stock.warehouse")
    const outletStock = Number(world.row("stock.warehouse", outlet)?.["lot_stock_id"])
    world.setStock(variant, mainStock(world), 5)
    world.setStock(variant, outletStock, 2)
    const onHand = (context: Readonly<Record<string, Json>>) =>
      world.read("product.product", variant, ["qty_available"], context)[0]?.["qty_available"]
    expect(onHand({ warehouse: main })).toBe(is({ 17: 5, 18: 7, 19: 7 }))
    expect(onHand({ warehouse_id: main })).toBe(is({ 17: 7, 18: 5, 19: 5 }))
    expect(onHand({ location: outletStock })).toBe(2)
  })

  it("takes a language that is not active for the source on 17, refuses it later", () => {
    const id = world.create("product.template", { name: "Source" })
    const write = () => world.write("product.template", id, { name: "Fuente" }, { lang: "es_ES" })
    if (version >= 18) expect(write).toThrow("Invalid language code: es_ES")
    else {
      write()
      expect(world.read("product.template", id, ["name"])[0]?.["name"]).toBe("Fuente")
    }
  })

  it("faults on an order by a computed field from 18", async () => {
    const answer = await executeKw(simulator, "product.template", "search", [[]], {
      order: "qty_available",
    })
    const failed = is({ 17: false, 18: true, 19: true })
    expect("error" in (answer.body as object)).toBe(failed)
  })

  it("groups quants by warehouse from 18", () => {
    const group = () =>
      world.executeKw("stock.quant", "read_group", [[], ["quantity"], ["warehouse_id"]])
    if (version === 17) expect(group).toThrow("not stored")
    else
      expect(group()).toEqual(
        expect.arrayContaining([expect.objectContaining({ warehouse_id: expect.any(Array) })]),
      )
  })

  it("has has_access from 18, formatted_read_group and web_save_multi on 19", async () => {
    const known = async (method: string, args: readonly Json[]) => {
      const { body } = await executeKw(simulator, "product.template", method, args)
      return "result" in (body as object)
    }
    expect(await known("has_access", [[], "write"])).toBe(is({ 17: false, 18: true, 19: true }))
    expect(await known("formatted_read_group", [[], ["type"]])).toBe(version === 19)
    expect(await known("web_save_multi", [[], [], {}])).toBe(version === 19)
    expect(await known("check_access_rights", ["read"])).toBe(true)
  })

  it("keeps names of values unique on 17 only", () => {
    const twin = () =>
      world.create("product.attribute.value", { name: "White", attribute_id: color })
    if (version === 17) expect(twin).toThrow("same name")
    else expect(twin()).toBeGreaterThan(0)
  })

  it("writes qty_available on 19, ignores the write before", () => {
    const id = world.create("product.template", { name: "Counted", ...goods(version) })
    const [variant = 0] = variantsOf(world, id)
    world.write("product.product", variant, { qty_available: 6 })
    const [row] = world.read("product.product", variant, ["qty_available"])
    expect(row?.["qty_available"]).toBe(is({ 17: 0, 18: 0, 19: 6 }))
  })

  it("takes stock of lot goods without a lot on 19, leaves it at zero before", () => {
    const id = world.create("product.template", {
      name: "Lots",
      tracking: "lot",
      ...goods(version),
    })
    const [variant = 0] = variantsOf(world, id)
    world.setStock(variant, mainStock(world), 6)
    const [row] = world.read("product.product", variant, ["qty_available"])
    expect(row?.["qty_available"]).toBe(is({ 17: 0, 18: 0, 19: 6 }))
  })

  it("names the groups of a user group_ids from 19", () => {
    expect("group_ids" in fields("res.users")).toBe(version === 19)
    expect("groups_id" in fields("res.users")).toBe(version !== 19)
  })

  it("puts JSON-RPC's own error code at 200 on 17, at 0 later", async () => {
    const { body } = await executeKw(simulator, "product.template", "write", [[999999], {}])
    expect(body).toMatchObject({ error: { code: version === 17 ? 200 : 0 } })
  })
})
