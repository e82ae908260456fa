import { startOdooSimulator, type OdooSimulator } from ".."
import { executeKw, json2 } from "./clients"

const TEMPLATE = "product.template"

describe("answers, over JSON-2 and JSON-RPC", () => {
  let simulator: OdooSimulator

  beforeAll(async () => {
    simulator = await startOdooSimulator({ version: 19, products: 20, odd: false })
  })
  afterAll(() => simulator.close())

  it("leaves missing ids out of a read", async () => {
    const answer = await json2(simulator, `${TEMPLATE}.read`, {
      ids: [1, 999999],
      fields: ["active"],
    })
    expect(answer.body).toEqual([{ id: 1, active: expect.any(Boolean) }])
  })

  it("answers None as null over JSON-2 and without a result over JSON-RPC", async () => {
    const created = simulator.world.create(TEMPLATE, { name: "Gone" })
    const direct = await json2(simulator, `${TEMPLATE}.action_archive`, { ids: [created] })
    expect(direct.text).toBe("null")
    const rpc = await executeKw(simulator, TEMPLATE, "action_unarchive", [[created]])
    expect(rpc.body).toEqual({ jsonrpc: "2.0", id: 1 })
    expect(simulator.world.row(TEMPLATE, created)?.["active"]).toBe(true)
  })

  it("creates one or many, as each protocol does", async () => {
    const vals = { name: "New" }
    const ids = [expect.any(Number), expect.any(Number)]
    const direct = await json2(simulator, `${TEMPLATE}.create`, { vals_list: [vals, vals] })
    expect(direct.body).toEqual(ids)
    expect((await executeKw(simulator, TEMPLATE, "create", [vals])).body).toMatchObject({
      result: expect.any(Number),
    })
    expect((await executeKw(simulator, TEMPLATE, "create", [[vals, vals]])).body).toMatchObject({
      result: ids,
    })
  })

  it("writes a bare NaN, which is no JSON", async () => {
    const id = simulator.world.create(TEMPLATE, { name: "NaN", list_price: NaN })
    const body = { ids: [id], fields: ["list_price"] }
    expect((await json2(simulator, `${TEMPLATE}.read`, body)).text).toBe(
      `[{"id":${id},"list_price":NaN}]`,
    )
  })

  it("looks like Werkzeug: a date, a closed connection, no compression", async () => {
    const { headers } = await json2(simulator, `${TEMPLATE}.search_count`, { domain: [] })
    expect(Date.parse(headers.get("date") ?? "")).not.toBeNaN()
    expect(headers.get("connection")).toBe("close")
    expect(headers.get("content-encoding")).toBeNull()
    expect(headers.get("server")).toMatch(/^Werkzeug/)
  })
})
