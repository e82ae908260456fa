import { startOdooSimulator, type OdooSimulator } from ".."
import { get, post } from "./clients"

describe("the control addresses", () => {
  let simulator: OdooSimulator

  beforeAll(async () => {
    simulator = await startOdooSimulator({ version: 19, products: 60 })
  })
  afterAll(() => simulator.close())

  interface Listed {
    readonly total: number
    readonly products: ReadonlyArray<{
      readonly id: number
      readonly name: string
      readonly tracked: boolean
      readonly variants: ReadonlyArray<{ readonly id: number; readonly stock: readonly number[] }>
    }>
  }

  const list = async (query = "") =>
    (await get(simulator, `/simulator/products?${query}`)).body as Listed

  it("shows the demo page, which needs nothing from elsewhere", async () => {
    const page = await get(simulator, "/")
    expect(page.type).toMatch(/^text\/html/)
    expect(page.text).toContain("<title>Demo ERP (a simulated Odoo 19)</title>")
    expect(page.text).not.toMatch(/(src|href)=["']?(https?:)?\/\//)
  })

  it("finds products by title and by code", async () => {
    const all = await list()
    expect(all.total).toBeGreaterThan(50)
    const found = await list("q=sku-00007")
    expect(found.products).toHaveLength(1)
    expect((await list(`q=${encodeURIComponent(found.products[0]?.name ?? "")}`)).total).toBe(1)
  })

  it("changes title, price and visibility, like a person in the ERP", async () => {
    const [product] = (await list()).products
    const id = product?.id ?? 0
    const saved = await post(simulator, "/simulator/products", { id, name: "New", list_price: 7 })
    expect(saved.body).toMatchObject({ id, name: "New", list_price: 7 })
    await post(simulator, "/simulator/products", { id, active: false })
    expect(simulator.world.row("product.template", id)?.["active"]).toBe(false)
    expect((await list("archived=1&q=New")).total).toBe(1)
  })

  it("sets the stock of a warehouse, shelves included", async () => {
    const product = (await list()).products.find(({ tracked }) => tracked)
    const variant = product?.variants[0]?.id ?? 0
    const answer = await post(simulator, "/simulator/stock", {
      variant,
      warehouse: 2,
      quantity: 12.5,
    })
    expect(answer.body).toEqual({ variant, warehouse: 2, quantity: 12.5 })
    const [row] = simulator.world.read("product.product", variant, ["qty_available"], {
      warehouse_id: 2,
    })
    expect(row?.["qty_available"]).toBe(12.5)
  })

  it("edits, with the rules of the ORM, and reports their errors", async () => {
    const vals = { name: "By control" }
    const created = await post(simulator, "/simulator/edit", {
      op: "create",
      model: "product.template",
      vals,
    })
    const ids = [Number(created.body)]
    const edit = (body: Record<string, string | number | boolean | number[] | object>) =>
      post(simulator, "/simulator/edit", { model: "product.template", ids, ...body })
    expect((await edit({ op: "archive" })).body).toBe(true)
    expect((await edit({ op: "write", vals: { nope: 1 } })).status).toBe(422)
    expect((await edit({ op: "unlink" })).body).toBe(true)
    expect((await edit({ op: "unlink" })).body).toMatchObject({
      name: "odoo.exceptions.MissingError",
    })
    expect((await edit({ op: "sing" })).status).toBe(400)
  })

  it("holds transactions open for another process", async () => {
    const begun = await post(simulator, "/simulator/transactions", { action: "begin" })
    const { transaction } = begun.body as { transaction: number }
    const id = simulator.world.create("product.template", { name: "Before" })
    const edit = { op: "write", model: "product.template", ids: [id], vals: { name: "After" } }
    await post(simulator, "/simulator/transactions", { action: "edit", transaction, edit })
    expect(simulator.world.row("product.template", id)?.["name"]).toBe("Before")
    await post(simulator, "/simulator/transactions", { action: "commit", transaction })
    expect(simulator.world.row("product.template", id)?.["name"]).toBe("After")
  })

  it("tells and resets the counters, without counting itself", async () => {
    simulator.requests.reset()
    await post(simulator, "/web/webclient/version_info", {})
    const state = await get(simulator, "/simulator/state")
    expect(state.body).toMatchObject({ version: 19, requests: { total: 1 } })
    await post(simulator, "/simulator/reset", {})
    expect(simulator.requests.total).toBe(0)
  })

  it("takes only JSON, so that no foreign page can post", async () => {
    const answer = await fetch(`${simulator.url}/simulator/reset`, { method: "POST", body: "{}" })
    expect(answer.status).toBe(415)
  })
})
