import { pullAll } from "../../src/connectors/conformance/collect"
import type { Connector, Cursor } from "../../src/connectors/contract"
import { createOdooConnector } from "../../src/connectors/odoo"
import type { ErpVariantPrices } from "../../src/sync/canonical"
import { erpId } from "../../src/sync/ids"
import type { OdooSimulator, OdooVersion, World } from "../erp/odoo"
import { startOdooSimulator } from "../erp/odoo"

/** Prices in Odoo's price lists, from the rules to the canonical records. */
const only = (process.env["ERP"] ?? "odoo") === "odoo" ? describe : describe.skip

const LIST = "product.pricelist"
const RULE = "product.pricelist.item"
const HOUR = 3_600_000_000

/** The simulator's web clock is the real one: rules are written around it. */
const stampIn = (seconds: number): string =>
  new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19).replace("T", " ")

only.each([17, 18, 19] as const)("price lists of Odoo %i", (version: OdooVersion) => {
  let odoo: OdooSimulator
  let world: World
  let retail = 0
  let europe = 0
  let templates: number[] = []
  let anchor = 0
  const opened: Connector[] = []

  beforeAll(async () => {
    odoo = await startOdooSimulator({ version, products: 30, seed: 3, odd: false, page: false })
    world = odoo.world
    const beginning = Date.UTC(2025, 5, 1) * 1000
    world.clock = () => beginning
    world.create("res.currency.rate", { currency_id: 2, name: "2025-01-01", rate: 0.9 })
    templates = world.search("product.template", [["sale_ok", "=", true]])
    anchor = product()
  })
  beforeEach(() => {
    later()
    retail = world.create(LIST, { name: `Retail ${world.count(LIST)}`, currency_id: 1 })
    europe = world.create(LIST, { name: `Europe ${world.count(LIST)}`, currency_id: 2 })
  })
  afterEach(async () => {
    for (const connector of opened.splice(0)) await connector.close()
  })
  afterAll(() => odoo.close())

  const later = () => {
    const now = world.clock() + HOUR
    world.clock = () => now
  }
  const connect = (
    price_lists: string[],
    settings: Record<string, unknown> = {},
    price_currencies?: Record<string, string[]>,
  ) => {
    const { url, database, login, apiKey, password } = odoo
    const connector = createOdooConnector({
      connection_id: "odoo",
      credentials: {
        url,
        database,
        login,
        ...(version >= 19 ? { api_key: apiKey } : { password }),
      },
      settings,
      price_lists: ["list", ...price_lists],
      ...(price_currencies && { price_currencies }),
      http: { per_second: 10_000 },
      log: () => {},
    })
    opened.push(connector)
    return connector
  }
  const rule = (vals: Parameters<World["create"]>[1], list = retail) =>
    world.create(RULE, { pricelist_id: list, ...vals })
  const variantOf = (template: number) =>
    world.search("product.product", [["product_tmpl_id", "=", template]])[0] ?? 0
  const product = (vals: Parameters<World["create"]>[1] = {}) =>
    world.create("product.template", { name: "Priced", list_price: 100, ...vals })
  const pricesOf = async (connector: Connector, template: number) => {
    const { records } = await connector.read("prices", [erpId(variantOf(template))])
    return records[0]
  }
  const amounts = (record: ErpVariantPrices | undefined) =>
    record?.prices.map(({ list, currency, amount, min_quantity }) =>
      [list, currency, amount, ...(min_quantity ? [`from ${min_quantity}`] : [])].join(" "),
    )

  it("come beside the sales price, by id and by name, each in its currency, with tiers", async () => {
    const template = product()
    rule({ applied_on: "1_product", product_tmpl_id: template, fixed_price: 90 })
    rule({
      applied_on: "1_product",
      product_tmpl_id: template,
      min_quantity: 10,
      compute_price: "percentage",
      percent_price: 12.5,
    })
    rule(
      {
        compute_price: "formula",
        base: "pricelist",
        base_pricelist_id: retail,
        price_surcharge: 0.5,
      },
      europe,
    )
    const named = String(world.read(LIST, europe, ["name"])[0]?.["name"])
    const names = [`pricelist:${retail}`, `pricelist:${named}`]
    const record = await pricesOf(connect(names), template)
    expect(amounts(record)).toEqual([
      "list usd 100",
      `${names[0]} usd 90`,
      `${names[0]} usd 87.5 from 10`,
      `${names[1]} eur 81.5`,
      `${names[1]} eur 79.25 from 10`,
    ])
    expect(record?.valid_until).toBeUndefined()
  })

  it("say until when they hold, and are others from then on", async () => {
    const template = product()
    const end = stampIn(3600)
    rule({ fixed_price: 50, date_start: stampIn(-60), date_end: end })
    rule({ fixed_price: 40, date_start: stampIn(7200) })
    const record = await pricesOf(connect([`pricelist:${retail}`]), template)
    expect(amounts(record)).toContain(`pricelist:${retail} usd 50`)
    const after = new Date(Date.parse(`${end.replace(" ", "T")}Z`) + 1000).toISOString()
    expect(record?.valid_until).toBe(after.replace(".000", ""))
  })

  it("are the same in products, in a full pull and read by id", async () => {
    rule({ compute_price: "percentage", percent_price: 10 })
    rule({ compute_price: "formula", price_discount: -7.25, price_round: 0.05 }, europe)
    const connector = connect([`pricelist:${retail}`, `pricelist:${europe}`], { page_size: 7 })
    const { records: products } = await pullAll(connector, "products", null)
    const { records: prices } = await pullAll(connector, "prices", null)
    const carried = new Map(
      products.flatMap(({ variants }) => variants.map((variant) => [variant.id, variant])),
    )
    expect(prices.length).toBeGreaterThan(30)
    for (const { id, prices: own } of prices) {
      const variant = carried.get(id)
      if (variant) expect(variant.prices).toEqual(own)
      expect(own).toHaveLength(3)
    }
    const ids = prices.slice(0, 20).map(({ id }) => id)
    const read = await connector.read("prices", ids)
    expect(read.records).toEqual(prices.slice(0, 20))
  })

  it("that cannot be computed are left out and reported with their rule; the others stand", async () => {
    const template = product()
    const id = rule({ compute_price: "formula" })
    world.rawUpdate(RULE, id, { base: "supplier" })
    rule({ fixed_price: -1 }, europe)
    const connector = connect([`pricelist:${retail}`, `pricelist:${europe}`])
    const { records, rejected } = await connector.read("prices", [erpId(variantOf(template))])
    expect(amounts(records[0])).toEqual(["list usd 100"])
    expect(rejected[0]?.field).toBe(`prices.pricelist:${retail}.amount`)
    expect(rejected[0]?.reason).toContain(`rule ${id}`)
  })

  it("of a list that is mapped to another currency are left out, and told with a remedy", async () => {
    const template = product()
    rule({ fixed_price: 90 })
    rule({ fixed_price: 80 }, europe)
    const names = [`pricelist:${retail}`, `pricelist:${europe}`] as const
    const mapped = { list: ["usd", "gbp"], [names[0]]: ["eur"], [names[1]]: ["eur"] }
    const connector = connect([...names], {}, mapped)
    const id = erpId(variantOf(template))
    const { records, rejected } = await connector.read("prices", [id])
    expect(amounts(records[0])).toEqual(["list usd 100", `${names[1]} eur 80`])
    expect(records[0]?.unknown_lists).toEqual([names[0]])
    expect(rejected).toMatchObject([
      {
        id,
        field: `prices.${names[0]}.currency`,
        value: "usd",
        reason: expect.stringContaining("EUR"),
      },
    ])
    const { items, ok } = await connector.check()
    expect(ok).toBe(true)
    const told = items.filter(({ code }) => code === "price_list_currency")
    expect(told.map(({ message }) => message)).toEqual([
      expect.stringContaining("The plain sales price is in USD in Odoo and mapped to GBP"),
      expect.stringContaining(`"${names[0]}" is in USD in Odoo and mapped to EUR`),
    ])
    expect(told.every((item) => !item.ok && item.remedy.includes("USD"))).toBe(true)
    const { records: products } = await pullAll(connector, "products", null)
    const carried = products.flatMap(({ variants }) => variants).find((entry) => entry.id === id)
    expect(carried?.prices).toEqual(records[0]?.prices)
    expect(carried?.unknown_lists).toEqual([names[0]])
  })

  it("of lists that are not there stop prices, with a remedy, and not products", async () => {
    const connector = connect(["pricelist:Nowhere"])
    await expect(pullAll(connector, "prices", null)).rejects.toMatchObject({
      kind: "config",
      code: "price_list_unknown",
    })
    const { records } = await pullAll(connector, "products", null)
    expect(records.length).toBeGreaterThan(0)
    expect(records.every(({ variants }) => variants.every(({ prices }) => !prices))).toBe(true)
    const failed = (await connector.check()).items.filter(({ ok }) => !ok)
    expect(failed.map(({ code }) => code)).toEqual(["stream.prices"])
    expect(failed[0]?.remedy).toContain(`pricelist:${retail}`)
  })

  it("of a name that two lists bear, and of an archived list, are refused", async () => {
    world.create(LIST, { name: "Twin" })
    world.create(LIST, { name: "Twin" })
    await expect(pullAll(connect(["pricelist:Twin"]), "prices", null)).rejects.toMatchObject({
      code: "price_list_ambiguous",
    })
    world.write(LIST, retail, { active: false })
    const archived = pullAll(connect([`pricelist:${retail}`]), "prices", null)
    await expect(archived).rejects.toMatchObject({ code: "price_list_unknown" })
  })

  describe("are seen by a delta", () => {
    /**
     * A copy kept by deltas must equal a fresh full pull. One product is saved long after all rules,
     * and read again for that; besides, `most` records may come.
     */
    const sees = async (
      make: () => void | Promise<void>,
      { most = Infinity, page_size = 500 } = {},
    ): Promise<Cursor | null> => {
      const connector = connect([`pricelist:${retail}`, `pricelist:${europe}`], { page_size })
      later()
      world.write("product.template", anchor, {})
      const full = await pullAll(connector, "prices", null)
      // The change lies far behind what stamps of products tell.
      for (let hours = 0; hours < 3; hours += 1) later()
      await make()
      const delta = await pullAll(connector, "prices", full.cursor)
      const kept = new Map(full.records.map((record) => [record.id, record]))
      for (const record of delta.records) kept.set(record.id, record)
      const fresh = await pullAll(connector, "prices", null)
      for (const record of fresh.records) expect(kept.get(record.id)).toEqual(record)
      expect(fresh.records).not.toEqual(full.records)
      expect(delta.records.length - 1).toBeLessThanOrEqual(most)
      expect(JSON.stringify(delta.cursor).length).toBeLessThan(1024)
      const quiet = await pullAll(connector, "prices", delta.cursor)
      for (const record of quiet.records) expect(kept.get(record.id)).toEqual(record)
      return quiet.cursor
    }

    it("when a rule of one product is made, and only that product is read", async () => {
      const template = templates[0] ?? 0
      const variants = world.search("product.product", [["product_tmpl_id", "=", template]])
      const make = () => {
        rule({ applied_on: "1_product", product_tmpl_id: template, fixed_price: 1 })
      }
      await sees(make, { most: variants.length })
    })

    it("when a rule of a variant changes", async () => {
      const id = rule({ product_id: variantOf(templates[1] ?? 0), fixed_price: 2 })
      await sees(() => world.write(RULE, id, { fixed_price: 3 }), { most: 1 })
    })

    it("when a rule of a category changes, in the categories below", async () => {
      const top = world.create("product.category", { name: "Top" })
      const below = world.create("product.category", { name: "Below", parent_id: top })
      const template = product({ categ_id: below })
      const id = rule({ categ_id: top, fixed_price: 2 })
      later()
      await sees(() => world.write(RULE, id, { fixed_price: 3 }), { most: 1 })
      expect(world.row("product.template", template)?.["categ_id"]).toBe(below)
    })

    it("when a rule for all changes, over several pages", async () => {
      const id = rule({ fixed_price: 2 })
      await sees(() => world.write(RULE, id, { fixed_price: 3 }), { page_size: 7 })
    })

    it("when a rule of the list below changes", async () => {
      const trade = world.create(LIST, { name: `Trade ${world.count(LIST)}` })
      rule({ compute_price: "formula", base: "pricelist", base_pricelist_id: trade })
      await sees(() => {
        rule({ product_id: variantOf(templates[2] ?? 0), fixed_price: 4 }, trade)
      })
    })

    it("when a rule is deleted", async () => {
      const id = rule({ product_id: variantOf(templates[3] ?? 0), fixed_price: 2 })
      await sees(() => world.unlink(RULE, id))
    })

    it("when a rule moves from one product to another", async () => {
      const id = rule({ product_id: variantOf(templates[3] ?? 0), fixed_price: 2 })
      const target = templates[4] ?? 0
      await sees(() =>
        world.write(RULE, id, { product_id: variantOf(target), product_tmpl_id: target }),
      )
    })

    it("when a category moves under one with a rule", async () => {
      const top = world.create("product.category", { name: "Ruled" })
      const apart = world.create("product.category", { name: "Apart" })
      product({ categ_id: apart })
      rule({ categ_id: top, fixed_price: 2 })
      await sees(() => world.write("product.category", apart, { parent_id: top }))
    })

    it("when a list's currency or a rate changes", async () => {
      await sees(() => world.write(LIST, retail, { currency_id: 2 }))
      await sees(() => {
        world.create("res.currency.rate", { currency_id: 2, name: "2025-02-01", rate: 0.93 })
      })
    })

    it("when a cost that a rule is based on changes", async () => {
      rule({ compute_price: "formula", base: "standard_price", price_discount: -10 })
      const variant = variantOf(templates[5] ?? 0)
      await sees(() => world.write("product.product", variant, { standard_price: 7.5 }), {
        most: 1,
      })
    })

    it("when a rule begins and ceases to hold, though nobody edits it", async () => {
      rule({ product_id: variantOf(templates[6] ?? 0), fixed_price: 5, date_start: stampIn(2) })
      await sees(() => new Promise((resolve) => setTimeout(resolve, 3000)), { most: 1 })
      rule({ product_id: variantOf(templates[7] ?? 0), fixed_price: 6, date_end: stampIn(2) })
      await sees(() => new Promise((resolve) => setTimeout(resolve, 4000)), { most: 2 })
    })

    it("when the mapping is another one", async () => {
      const before = await pullAll(connect([]), "prices", null)
      rule({ fixed_price: 2 })
      const mapped = connect([`pricelist:${retail}`])
      const { records, cursor } = await pullAll(mapped, "prices", before.cursor)
      expect(records).toHaveLength(before.records.length)
      const without = await pullAll(connect([]), "prices", cursor)
      expect(without.records).toEqual(before.records)
    })

    it("when a pull was taken up in another process after its rules had changed", async () => {
      const id = rule({ fixed_price: 2 })
      const lists = [`pricelist:${retail}`]
      const full = await pullAll(connect(lists), "prices", null)
      const first = connect(lists, { page_size: 5 })
      later()
      world.write(RULE, id, { fixed_price: 3 })
      let cursor: Cursor | null = null
      for await (const page of first.pull("prices", full.cursor)) {
        cursor = JSON.parse(JSON.stringify(page.cursor)) as Cursor
        break
      }
      later()
      rule({ fixed_price: 4 })
      const second = await pullAll(connect(lists), "prices", cursor)
      const third = await pullAll(connect(lists), "prices", second.cursor)
      expect(third.records).toHaveLength(full.records.length)
      expect(third.records.every((record) => amounts(record)?.[1]?.endsWith(" 4"))).toBe(true)
    })
  })
})
