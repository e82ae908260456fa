import Big from "big.js"

import { pullAll } from "../../src/connectors/conformance/collect"
import type { Connector } from "../../src/connectors/contract"
import { createOdooConnector } from "../../src/connectors/odoo"
import type { ErpPrice } from "../../src/sync/canonical"
import { Client } from "./client"
import { number } from "./rows"
import { type RunningOdoo, startOdoo } from "./server"

jest.setTimeout(300_000)

const RULE = "product.pricelist.item"
const QUANTITIES = [1, 5, 12]

/**
 * The prices of real price lists, compared with what Odoo puts on the lines of a quotation for the
 * same list, product and quantity: nothing else public shows what it computes.
 */
describe("price lists of a real Odoo 19", () => {
  let odoo: RunningOdoo
  let admin: Client
  const lists: Record<string, number> = {}
  let variants: { id: number; product_tmpl_id: number }[] = []
  const opened: Connector[] = []

  beforeAll(async () => {
    odoo = await startOdoo()
    admin = await Client.asAdmin(odoo)
    await seed()
  }, 600_000)
  afterEach(async () => {
    for (const connector of opened.splice(0)) await connector.close()
  })
  afterAll(() => odoo?.stop())

  const seed = async () => {
    const [eur = 0] = await admin.search("res.currency", [["name", "=", "EUR"]], {
      context: { active_test: false },
    })
    await admin.write("res.currency", eur, { active: true })
    await admin.create("res.currency.rate", { currency_id: eur, name: "2020-01-01", rate: 0.9 })
    const rows = await admin.searchRead(
      "product.product",
      [
        ["sale_ok", "=", true],
        ["type", "=", "consu"],
      ],
      ["product_tmpl_id", "categ_id"],
      { limit: 14 },
    )
    variants = rows.map((row) => ({ id: row.id, product_tmpl_id: idOf(row["product_tmpl_id"]) }))
    const templates = variants.map(({ product_tmpl_id: id }) => id)
    await admin.write("product.template", templates, { taxes_id: [[5]] })
    lists["retail"] = await admin.create("product.pricelist", { name: "Retail" })
    lists["europe"] = await admin.create("product.pricelist", { name: "Europe", currency_id: eur })
    const [first, second, third] = variants
    const categories = rows.map((row) => idOf(row["categ_id"])).filter((id) => id > 0)
    const rules = [
      { compute_price: "percentage", percent_price: 7.25 },
      { product_id: first?.id, fixed_price: 12.34 },
      { product_id: first?.id, fixed_price: 11, min_quantity: 5 },
      {
        product_tmpl_id: second?.product_tmpl_id,
        compute_price: "formula",
        price_discount: 12,
        price_round: 10,
        price_surcharge: -0.01,
      },
      {
        product_tmpl_id: third?.product_tmpl_id,
        compute_price: "formula",
        base: "standard_price",
        price_markup: 33.33,
        min_quantity: 12,
      },
      { categ_id: categories[0], compute_price: "percentage", percent_price: 20, min_quantity: 12 },
      { fixed_price: 1, date_end: "2020-01-01 00:00:00" },
    ]
    for (const rule of rules) await admin.create(RULE, { pricelist_id: lists["retail"], ...rule })
    await admin.create(RULE, {
      pricelist_id: lists["europe"],
      compute_price: "formula",
      base: "pricelist",
      base_pricelist_id: lists["retail"],
      price_surcharge: 1.5,
    })
  }

  const connect = (protocol: "json2" | "jsonrpc" | "xmlrpc") => {
    const { url, database, login, apiKey } = odoo
    const connector = createOdooConnector({
      connection_id: "prices",
      credentials: { url, database, login, api_key: apiKey },
      settings: { protocol },
      price_lists: ["list", `pricelist:${lists["retail"]}`, "pricelist:Europe"],
      http: { per_second: 10_000 },
      log: () => {},
    })
    opened.push(connector)
    return connector
  }

  /** Price of a piece when so many are bought, by list and variant, to the cent. */
  const quoted = async (list: number, quantity: number): Promise<Map<number, string>> => {
    const [partner = 0] = await admin.search("res.partner", [["is_company", "=", true]])
    const order = await admin.create("sale.order", {
      partner_id: partner,
      pricelist_id: list,
      order_line: variants.map(({ id }) => [0, 0, { product_id: id, product_uom_qty: quantity }]),
    })
    const lines = await admin.searchRead(
      "sale.order.line",
      [["order_id", "=", order]],
      ["product_id", "price_unit"],
    )
    return new Map(
      lines.map((line) => [idOf(line["product_id"]), cents(number(line, "price_unit"))]),
    )
  }

  const priceAt = (prices: readonly ErpPrice[], list: string, quantity: number): string => {
    const tiers = prices.filter(
      (price) => price.list === list && Number(price.min_quantity ?? 0) <= quantity,
    )
    return cents(tiers.at(-1)?.amount ?? "0")
  }

  it.each(["json2", "jsonrpc", "xmlrpc"] as const)(
    "are those of its quotations, over %s",
    async (protocol) => {
      const { records, rejected } = await pullAll(connect(protocol), "prices", null)
      expect(rejected).toEqual([])
      const prices = new Map(records.map((record) => [Number(record.id), record.prices]))
      for (const [name, list] of [
        [`pricelist:${lists["retail"]}`, lists["retail"] ?? 0],
        ["pricelist:Europe", lists["europe"] ?? 0],
      ] as const) {
        for (const quantity of QUANTITIES) {
          const expected = await quoted(list, quantity)
          expect(expected.size).toBe(variants.length)
          const ours = variants.map(({ id }) => priceAt(prices.get(id) ?? [], name, quantity))
          expect(ours).toEqual(variants.map(({ id }) => expected.get(id)))
        }
      }
    },
  )

  it("are seen by a delta when a rule is made, edited, moved and deleted, and a rate comes", async () => {
    const connector = connect("json2")
    const full = await pullAll(connector, "prices", null)
    const kept = new Map(full.records.map((record) => [record.id, record]))
    let { cursor } = full
    const [, , , fourth, fifth] = variants
    const id = await admin.create(RULE, {
      pricelist_id: lists["retail"],
      product_id: fourth?.id,
      fixed_price: 5,
    })
    const eur = (await admin.search("res.currency", [["name", "=", "EUR"]]))[0]
    const steps: (() => Promise<unknown>)[] = [
      () => Promise.resolve(),
      () => admin.write(RULE, id, { fixed_price: 6 }),
      () =>
        admin.write(RULE, id, { product_id: fifth?.id, product_tmpl_id: fifth?.product_tmpl_id }),
      () => admin.call(RULE, "unlink", [[id]]),
      () => admin.create("res.currency.rate", { currency_id: eur, name: "2021-01-01", rate: 0.95 }),
    ]
    for (const step of steps) {
      await step()
      const delta = await pullAll(connector, "prices", cursor)
      for (const record of delta.records) kept.set(record.id, record)
      cursor = delta.cursor
      const fresh = await pullAll(connector, "prices", null)
      expect(fresh.records.map((record) => kept.get(record.id))).toEqual(fresh.records)
    }
  })
})

const idOf = (value: unknown): number => (Array.isArray(value) ? Number(value[0]) : 0)
const cents = (value: number | string): string => new Big(value).toFixed(2, Big.roundHalfUp)
