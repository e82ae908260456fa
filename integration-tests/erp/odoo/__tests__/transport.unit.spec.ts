import { startOdooSimulator, type OdooSimulator } from ".."
import { get, jsonRpc, post } from "./clients"

describe("surprises of the transport", () => {
  let simulator: OdooSimulator

  beforeAll(async () => {
    simulator = await startOdooSimulator({ version: 19, empty: true, page: false })
  })
  afterAll(() => simulator.close())

  const raw = (path: string, init: RequestInit) => fetch(simulator.url + path, init)
  const authorized = { Authorization: "" }

  beforeAll(() => {
    authorized.Authorization = `bearer ${simulator.apiKey}`
  })

  it("refuses a wrong content type with a page, takes an empty body without one", async () => {
    const path = "/json/2/product.template/search_count"
    const wrong = await raw(path, {
      method: "POST",
      headers: { ...authorized, "Content-Type": "text/plain" },
      body: "{}",
    })
    expect(wrong.status).toBe(415)
    expect(wrong.headers.get("content-type")).toMatch(/^text\/html/)
    const empty = await raw(path, { method: "POST", headers: authorized })
    expect(empty.status).toBe(422)
  })

  it("answers 400 for bodies that do not parse", async () => {
    const direct = await raw("/json/2/product.template/search", {
      method: "POST",
      headers: { ...authorized, "Content-Type": "application/json" },
      body: "{bad",
    })
    expect(direct.status).toBe(400)
    expect(await direct.json()).toMatchObject({ name: "werkzeug.exceptions.BadRequest" })
    const rpc = await raw("/jsonrpc", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{bad",
    })
    expect([rpc.status, await rpc.text()]).toEqual([400, "Invalid JSON data"])
    const batch = await post(simulator, "/jsonrpc", [])
    expect([batch.status, batch.text]).toEqual([400, "Invalid JSON-RPC data"])
  })

  it("answers GET where POST is meant with a hint, and unknown addresses with pages", async () => {
    expect((await get(simulator, "/json/2/product.template/search")).body).toMatchObject({
      message: "Did you mean POST /json/2/<model>/<method>?",
    })
    expect((await get(simulator, "/jsonrpc")).status).toBe(405)
    const root = await get(simulator, "/")
    expect([root.status, root.type]).toEqual([200, "text/html; charset=utf-8"])
    expect((await get(simulator, "/nowhere")).status).toBe(404)
  })

  it("refuses compressed requests", async () => {
    const answer = await raw("/jsonrpc", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Content-Encoding": "gzip" },
      body: "x",
    })
    expect(answer.status).toBe(400)
  })

  it("takes a body that is no object for no arguments, and tells that it is well", async () => {
    const answer = await raw("/json/2/product.category/search_read", {
      method: "POST",
      headers: { ...authorized, "Content-Type": "application/json" },
      body: '[["id", "=", 1]]',
    })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toHaveLength(3)
    expect((await get(simulator, "/web/health")).body).toEqual({ status: "pass" })
  })

  it("lists its database", async () => {
    expect((await jsonRpc(simulator, "db", "list", [])).body).toMatchObject({
      result: [simulator.database],
    })
    expect((await jsonRpc(simulator, "common", "version", [])).body).toMatchObject({
      result: { server_version: "19.0" },
    })
  })
})
