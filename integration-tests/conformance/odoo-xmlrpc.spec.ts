import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { gzipSync } from "node:zlib"

import { pullAll } from "../../src/connectors/conformance/collect"
import type { Change } from "../../src/connectors/contract"
import { createOdooConnector } from "../../src/connectors/odoo"
import { erpId } from "../../src/sync/ids"
import type { Values } from "../../src/sync/values"
import type { OdooSimulator } from "../erp/odoo"
import { startOdooSimulator } from "../erp/odoo"

/** What only XML-RPC brings with it. */
const only = (process.env["ERP"] ?? "odoo") === "odoo" ? describe : describe.skip

const TEMPLATE = "product.template"
const VARIANT = "product.product"

const open = (url: string, odoo: OdooSimulator, http: object = {}, credentials: object = {}) =>
  createOdooConnector({
    connection_id: "odoo",
    credentials: {
      url,
      database: odoo.database,
      login: odoo.login,
      password: odoo.password,
      ...credentials,
    },
    settings: { protocol: "xmlrpc" },
    http: { per_second: 10_000, max_attempts: 1, ...http },
    log: () => {},
  })

only.each([17, 18, 19] as const)("Odoo %i over XML-RPC", (version) => {
  let odoo: OdooSimulator
  let connector: ReturnType<typeof open>

  beforeAll(async () => {
    odoo = await startOdooSimulator({ version, products: 12, seed: 4, odd: false })
  })
  beforeEach(() => {
    odoo.faults.clear()
    connector = open(odoo.url, odoo)
  })
  afterEach(() => connector.close())
  afterAll(() => odoo.close())

  const goods = version === 17 ? { detailed_type: "product" } : { is_storable: true }
  const create = (vals: object = {}) => {
    const template = odoo.world.create(TEMPLATE, { name: "Desk", list_price: 10, ...vals })
    const [variant = 0] = odoo.world.search(VARIANT, [["product_tmpl_id", "=", template]])
    return { template, variant }
  }
  const change = (
    entity: Change["entity"],
    id: number,
    [expected, patch]: readonly [Values, Values],
    product: number | null = null,
  ): Change => ({
    entity,
    id: erpId(id),
    product_id: product === null ? null : erpId(product),
    expected_version: null,
    ...{ expected, patch, weight_unit: "kg" },
  })
  const write = async (...changes: Change[]) => (await connector.write?.(changes)) ?? []
  const nameOf = (template: number) => odoo.world.row(TEMPLATE, template)?.["name"]

  it("speaks nothing else, and says that it works", async () => {
    odoo.requests.reset()
    const { ok, items } = await connector.check()
    expect(items.filter((item) => !item.ok)).toEqual([])
    expect(ok).toBe(true)
    expect(odoo.requests.count("common.authenticate")).toBe(1)
  })

  it("takes the fault after a count was applied for the success that it is", async () => {
    const { template, variant } = create(goods)
    const [outcome] = await write(
      change("stock", variant, [{ "on_hand:WH": "0" }, { "on_hand:WH": "5" }], template),
    )
    expect(outcome).toMatchObject({ outcome: "written", holds: { "on_hand:WH": "5" } })
  })

  it("refuses a text with control characters alone, and writes what stands beside it", async () => {
    const [bad, good] = [create(), create()]
    odoo.requests.reset()
    const outcomes = await write(
      change("product", bad.template, [{ title: "Desk" }, { title: "Pasted\u000bdesk" }]),
      change("variant", bad.variant, [{ sku: null }, { sku: "A\u0001" }], bad.template),
      change("product", good.template, [{ title: "Desk" }, { title: "Tab\tand <b>]]>\r\n&amp;" }]),
    )
    expect(outcomes).toMatchObject([
      { outcome: "invalid", field: "title", value: "Pasted\ufffddesk" },
      { outcome: "invalid", field: "sku", value: "A\ufffd" },
      { outcome: "written" },
    ])
    expect(nameOf(bad.template)).toBe("Desk")
    expect(nameOf(good.template)).toBe("Tab\tand <b>]]>\r\n&amp;")
    expect(odoo.requests.count(/web_save/)).toBe(1)
  })

  it("creates no product with such a text, and looks for no such barcode", async () => {
    const variant = {
      ...{ key: "v", options: {}, sku: null, weight: null, tracked: false },
      prices: [{ list: "list", currency: "usd", amount: "1" }],
    }
    const creation = {
      description: null,
      category_ids: [],
      options: [],
      weight_unit: "kg" as const,
    }
    const outcomes = await connector.create?.([
      { ...creation, key: "bad", title: "A", variants: [{ ...variant, barcode: "7\u0007" }] },
      { ...creation, key: "good", title: "B", variants: [{ ...variant, barcode: "77" }] },
    ])
    expect(outcomes).toMatchObject([
      { outcome: "invalid", field: "barcode" },
      { outcome: "created" },
    ])
  })

  it("divides a batch of which Odoo refuses one record, as by name over JSON", async () => {
    create({ barcode: `taken-${version}` })
    const [one, two] = [create(), create()]
    const outcomes = await write(
      change(
        "variant",
        one.variant,
        [{ barcode: null }, { barcode: `taken-${version}` }],
        one.template,
      ),
      change("variant", two.variant, [{ sku: null }, { sku: "FREE" }], two.template),
    )
    expect(outcomes).toMatchObject([
      { outcome: "invalid", field: "barcode" },
      { outcome: "written" },
    ])
  })

  it("finds out that a record is gone, which its fault tells by the text alone", async () => {
    const { template } = create()
    odoo.faults.add({ kind: "delay", match: /web_save/, milliseconds: 200 })
    const writing = write(change("product", template, [{ title: "Desk" }, { title: "Gone" }]))
    setTimeout(() => odoo.world.unlink(TEMPLATE, template), 100)
    expect(await writing).toEqual([{ outcome: "refused", reason: "gone" }])
  })

  it("sends a write once when others are in its way", async () => {
    const { template } = create()
    odoo.requests.reset()
    odoo.faults.add({ kind: "error", match: /web_save/ })
    const [outcome] = await write(change("product", template, [{ title: "Desk" }, { title: "X" }]))
    expect(outcome).toMatchObject({
      outcome: "failed",
      error: { kind: "transient", code: "locked", outcome_unknown: false },
    })
    expect(odoo.requests.count(/web_save/)).toBe(1)
  })

  it("refuses the one record with a price that is no number, and reads the others", async () => {
    const { template, variant } = create()
    odoo.world.rawUpdate(TEMPLATE, template, { list_price: NaN })
    const { records, rejected } = await pullAll(connector, "prices", null)
    odoo.world.unlink(TEMPLATE, template)
    expect(rejected).toMatchObject([{ id: String(variant), value: "NaN" }])
    expect(records.length).toBeGreaterThan(10)
  })

  it.each([
    ["a page of a login", { kind: "html" }, "html_answer"],
    ["a gateway's page", { kind: "status", status: 502 }, "server_error"],
    ["nothing", { kind: "empty" }, "empty_answer"],
    ["a broken connection", { kind: "truncate" }, "connection_lost"],
    ["too many requests", { kind: "status", status: 429 }, "rate_limited"],
  ] as const)("tries again after %s", async (_name, fault, code) => {
    odoo.faults.add({ ...fault, match: "web_search_read" })
    await expect(pullAll(connector, "categories", null)).rejects.toMatchObject({
      kind: "transient",
      code,
    })
    const patient = open(odoo.url, odoo, { max_attempts: 3 })
    odoo.faults.add({ ...fault, match: "web_search_read" })
    const { records } = await pullAll(patient, "categories", null)
    await patient.close()
    expect(records.length).toBeGreaterThan(0)
  })

  it("keeps wrong credentials apart from a fault, and tries them once a minute", async () => {
    const wrong = open(odoo.url, odoo, {}, { password: "wrong-password-2718" })
    odoo.requests.reset()
    const refused = { kind: "config", code: "unauthorised" }
    await expect(pullAll(wrong, "categories", null)).rejects.toMatchObject(refused)
    await expect(pullAll(wrong, "products", null)).rejects.toMatchObject(refused)
    await wrong.close()
    expect(odoo.requests.count("common.authenticate")).toBe(1)
  })

  it("says which credential XML has no place for, and not what it is", async () => {
    const wrong = open(odoo.url, odoo, {}, { password: "se\u0001cret-2718" })
    const error: unknown = await pullAll(wrong, "categories", null).catch(
      (thrown: unknown) => thrown,
    )
    await wrong.close()
    expect(error).toMatchObject({ kind: "config", code: "options_invalid" })
    expect(String(error)).not.toContain("2718")
  })
})

only("XML-RPC", () => {
  let odoo: OdooSimulator
  beforeAll(async () => {
    odoo = await startOdooSimulator({ version: 19, products: 5, odd: false })
  })
  afterAll(() => odoo.close())

  /** A server before the simulator that makes another answer of its own. */
  const before = async (
    make: (url: string, body: Buffer) => { headers: object; body: Buffer },
  ): Promise<{ url: string; close(): void }> => {
    const server = createServer((request, response) => {
      const parts: Buffer[] = []
      request.on("data", (part: Buffer) => parts.push(part))
      request.on("end", () => {
        void fetch(`${odoo.url}${request.url ?? ""}`, {
          method: request.method ?? "POST",
          headers: { "Content-Type": request.headers["content-type"] ?? "" },
          body: Buffer.concat(parts).toString("utf8"),
        }).then(async (answer) => {
          const type = { "Content-Type": answer.headers.get("content-type") ?? "" }
          const made = make(request.url ?? "", Buffer.from(await answer.arrayBuffer()))
          response.writeHead(answer.status, { ...type, ...made.headers })
          response.end(made.body)
        })
      })
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const { port } = server.address() as AddressInfo
    return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
  }

  it("is read compressed, as a proxy before Odoo sends it", async () => {
    const proxy = await before((_url, body) => ({
      headers: { "Content-Encoding": "gzip" },
      body: gzipSync(body),
    }))
    const connector = open(proxy.url, odoo)
    const { records } = await pullAll(connector, "products", null)
    await connector.close()
    proxy.close()
    expect(records.length).toBeGreaterThan(3)
  })

  it.each([
    ["cut", (body: Buffer) => body.subarray(0, body.length / 2)],
    ["cut at its last line", (body: Buffer) => body.subarray(0, body.length - 10)],
    ["another document", () => Buffer.from("<?xml version='1.0'?><error>busy</error>")],
  ])("is tried again when an answer is %s", async (_name, spoil) => {
    const proxy = await before((url, body) => ({
      headers: {},
      body: url.startsWith("/xmlrpc") ? spoil(body) : body,
    }))
    const connector = open(proxy.url, odoo)
    await expect(pullAll(connector, "products", null)).rejects.toMatchObject({
      kind: "transient",
      code: "truncated_answer",
    })
    await connector.close()
    proxy.close()
  })

  it("is gone from Odoo 22 on, which the check says with what to set instead", async () => {
    const proxy = await before((url, body) => ({
      headers: {},
      body: url.includes("version_info")
        ? Buffer.from(body.toString().replaceAll("19", "22"))
        : body,
    }))
    const connector = open(proxy.url, odoo)
    const failed = (await connector.check()).items.find(({ code }) => code === "credentials")
    await connector.close()
    proxy.close()
    expect(failed).toMatchObject({ ok: false })
    expect(failed?.message).toContain("neither XML-RPC nor JSON-RPC")
    expect(failed?.remedy).toContain("api_key")
  })
})
