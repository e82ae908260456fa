import { setTimeout as sleep } from "node:timers/promises"

import type { Change, WriteOutcome } from "../../src/connectors/contract"
import { createOdooConnector } from "../../src/connectors/odoo"
import { erpId } from "../../src/sync/ids"
import type { Values } from "../../src/sync/values"
import type { OdooSimulator } from "../erp/odoo"
import { startOdooSimulator } from "../erp/odoo"

/** What only writing to Odoo brings with it, beyond what every connector must do. */
const only = (process.env["ERP"] ?? "odoo") === "odoo" ? describe : describe.skip

const TEMPLATE = "product.template"
const VARIANT = "product.product"
const QUANT = "stock.quant"
const WH = "on_hand:WH"

only.each([17, 18, 19] as const)("writing to Odoo %i", (version) => {
  let odoo: OdooSimulator
  let connector: ReturnType<typeof createOdooConnector>

  beforeEach(async () => {
    odoo = await startOdooSimulator({ version, products: 8, seed: 5, odd: false })
    connector = connect()
  })
  afterEach(async () => {
    await connector.close()
    await odoo.close()
  })

  const connect = (settings: object = {}, account = odoo.accounts.bot) =>
    createOdooConnector({
      connection_id: "odoo",
      credentials: {
        url: odoo.url,
        database: odoo.database,
        login: account.login,
        ...(version === 19 ? { api_key: account.apiKey } : { password: account.password }),
      },
      settings: { ...settings },
      http: { per_second: 10_000 },
      log: () => {},
    })
  const goods = version === 17 ? { detailed_type: "product" } : { is_storable: true }
  const create = (vals: object = {}) => {
    const template = odoo.world.create(TEMPLATE, { name: "Desk", list_price: 10, ...vals })
    const variants = variantsOf(template)
    return { template, variants, variant: variants[0] ?? 0 }
  }
  const variantsOf = (template: number) =>
    odoo.world.search(VARIANT, [["product_tmpl_id", "=", template]], { active_test: false })
  const change = (
    entity: Change["entity"],
    id: number,
    expected: Values,
    patch: Values,
    product: number | null = null,
  ): Change => ({
    entity,
    id: erpId(id),
    product_id: product === null ? null : erpId(product),
    expected_version: null,
    ...{ expected, patch, weight_unit: "kg" },
  })
  const write = (...changes: Change[]): Promise<WriteOutcome[]> =>
    connector.write?.(changes) ?? Promise.resolve([])

  it("takes few requests for many records", async () => {
    const made = Array.from({ length: 10 }, () => create())
    const changes = made.flatMap(({ template, variant }, at) => [
      change("product", template, { title: "Desk" }, { title: `Desk ${at}` }),
      change("variant", variant, { sku: null }, { sku: `D-${at}` }, template),
    ])
    await write(...changes.splice(0, 2))
    const before = connector.requests
    const outcomes = await write(...changes)
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array(18).fill("written"))
    // Two reads, then one save a model on 19, and one a product before.
    expect(connector.requests - before).toBe(version === 19 ? 4 : 2 + 9)
  })

  it("wakes the variants of a product that comes back, and changes them with it", async () => {
    const { template, variant } = create()
    odoo.world.archive(TEMPLATE, template)
    const outcomes = await write(
      change("product", template, { active: false }, { active: true }),
      change("variant", variant, { sku: null }, { sku: "BACK" }, template),
    )
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(["written", "written"])
    expect(odoo.world.row(VARIANT, variant)).toMatchObject({ active: true, default_code: "BACK" })
  })

  it("changes the prices of all variants together, and of one alone not at all", async () => {
    const [template = 0] = odoo.world
      .search(TEMPLATE, [["sale_ok", "=", true]])
      .filter((id) => variantsOf(id).length > 1)
    const { records } = await connector.read("prices", variantsOf(template).map(erpId))
    const changes = records.map(({ id, prices }) => {
      const amount = prices[0]?.amount ?? "0"
      const raised = String(Number(amount) + 1)
      const field = `price:list:${prices[0]?.currency ?? ""}`
      return change("variant", Number(id), { [field]: amount }, { [field]: raised }, template)
    })
    const [alone] = await write(...changes.slice(0, 1))
    expect(alone).toMatchObject({ outcome: "unsupported", remedy: expect.any(String) as string })
    for (const [at, outcome] of (await write(...changes)).entries()) {
      expect(outcome).toMatchObject({ outcome: "written", holds: changes[at]?.patch })
    }
  })

  it("refuses a count when goods moved between its noting and its applying", async () => {
    const { template, variant } = create(goods)
    const [place = 0, other = 0] = odoo.world.search("stock.location", [["usage", "=", "internal"]])
    odoo.world.setStock(variant, place, 9)
    odoo.faults.add({ kind: "delay", match: "action_apply_inventory", milliseconds: 300 })
    const counted = write(change("stock", variant, { [WH]: "9" }, { [WH]: "12" }, template))
    await sleep(150)
    odoo.world.move(variant, place, customers(odoo), 2)
    expect(await counted).toEqual([{ outcome: "refused", reason: "newer_version" }])
    const [quant = 0] = odoo.world.search(QUANT, [
      ["product_id", "=", variant],
      ["location_id", "=", place],
    ])
    expect(odoo.world.row(QUANT, quant)).toMatchObject({
      quantity: 7,
      inventory_quantity_set: false,
    })
    expect(other).not.toBe(place)
  })

  it("counts nothing that lies on several shelves, in lots, or is being counted", async () => {
    const [place = 0] = odoo.world.search("stock.location", [["usage", "=", "internal"]])
    const shelf = odoo.world.create("stock.location", {
      name: "Shelf",
      usage: "internal",
      location_id: place,
    })
    const split = create(goods)
    odoo.world.setStock(split.variant, place, 5)
    odoo.world.setStock(split.variant, shelf, 1)
    const lots = create({ ...goods, tracking: "lot" })
    const counted = create(goods)
    odoo.world.setStock(counted.variant, place, 6)
    const [quant = 0] = odoo.world.search(QUANT, [
      ["product_id", "=", counted.variant],
      ["location_id", "=", place],
    ])
    odoo.world.rawUpdate(QUANT, quant, { inventory_quantity_set: true, user_id: 1 })
    const service = create({ type: "service", ...(version === 17 && { detailed_type: "service" }) })
    const outcomes = await write(
      change("stock", split.variant, { [WH]: "6" }, { [WH]: "7" }, split.template),
      change("stock", lots.variant, { [WH]: "0" }, { [WH]: "7" }, lots.template),
      change("stock", counted.variant, { [WH]: "6" }, { [WH]: "7" }, counted.template),
      change("stock", service.variant, { [WH]: null }, { [WH]: "7" }, service.template),
    )
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array(4).fill("unsupported"))
    expect(odoo.requests.count("stock.quant.create")).toBe(0)
  })

  it("sends a write once when others are in its way, and says that nothing happened", async () => {
    const { template } = create()
    odoo.faults.lockWaitMilliseconds = 200
    const open = odoo.world.begin()
    open.write(TEMPLATE, template, { name: "Being edited" })
    const [outcome] = await write(change("product", template, { title: "Desk" }, { title: "Mine" }))
    expect(outcome).toMatchObject({
      outcome: "failed",
      error: { kind: "transient", code: "locked", outcome_unknown: false },
    })
    expect(odoo.requests.count(/web_save/)).toBe(1)
    open.commit()
    expect(await write(change("product", template, { title: "Desk" }, { title: "Mine" }))).toEqual([
      { outcome: "refused", reason: "newer_version" },
    ])
  })

  it("writes no text in a language that is not active", async () => {
    const { template } = create()
    const french = connect({ language: "xx_XX" })
    const changes = [change("product", template, { title: "Desk" }, { title: "Bureau" })]
    await expect(french.write?.(changes)).rejects.toMatchObject({ code: "language_unknown" })
    await french.close()
    expect(odoo.requests.count(/web_save/)).toBe(0)
  })

  it("writes texts in the connection's language, and leaves the others", async () => {
    const { template } = create()
    const french = connect({ language: "fr_FR" })
    const changes = [change("product", template, { title: "Desk" }, { title: "Bureau" })]
    expect(await french.write?.(changes)).toMatchObject([{ holds: { title: "Bureau" } }])
    await french.close()
    expect(odoo.world.row(TEMPLATE, template)?.["name"]).toEqual({ en_US: "Desk", fr_FR: "Bureau" })
  })

  it("reports a missing right as what it is, and says it in the check", async () => {
    const { template } = create()
    const reader = connect({}, odoo.accounts.reader)
    const changes = [change("product", template, { title: "Desk" }, { title: "Mine" })]
    expect(await reader.write?.(changes)).toMatchObject([
      { outcome: "failed", error: { kind: "config", code: "forbidden", outcome_unknown: false } },
    ])
    const item = (await reader.check()).items.find(({ code }) => code === "writing")
    expect(item).toMatchObject({ ok: true, remedy: expect.stringContaining("groups") as string })
    await reader.close()
  })
})

const customers = (odoo: OdooSimulator): number =>
  odoo.world.search("stock.location", [["usage", "=", "customer"]])[0] ?? 0
