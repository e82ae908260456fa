import { startOdooSimulator, type FaultRule, type Json, type OdooSimulator } from ".."
import { json2, post } from "./clients"

const SEARCH = "product.template.search_count"

describe("planned faults", () => {
  let simulator: OdooSimulator

  beforeAll(async () => {
    simulator = await startOdooSimulator({ version: 19, products: 10, odd: false })
  })
  beforeEach(() => {
    simulator.faults.clear()
    simulator.requests.reset()
  })
  afterAll(() => simulator.close())

  const count = () => json2(simulator, SEARCH, { domain: [] })
  const create = () =>
    json2(simulator, "product.template.create", { vals_list: [{ name: "Once" }] })
  const created = () => simulator.world.search("product.template", [["name", "=", "Once"]]).length

  it("hits the next matching requests, then stops", async () => {
    simulator.faults.add({ kind: "status", status: 429, retryAfter: 3, match: SEARCH, times: 2 })
    expect((await json2(simulator, "product.template.search", { domain: [] })).status).toBe(200)
    const first = await count()
    expect([first.status, first.headers.get("retry-after")]).toEqual([429, "3"])
    expect((await count()).status).toBe(429)
    expect((await count()).status).toBe(200)
    expect(simulator.faults.hits["status"]).toBe(2)
  })

  it("can wait for a number of requests first, and be taken back", async () => {
    const remove = simulator.faults.add({ kind: "empty", after: 1, times: 5 })
    expect((await count()).status).toBe(200)
    expect((await count()).text).toBe("")
    remove()
    expect((await count()).text).not.toBe("")
  })

  it("strikes by chance, the same way for the same seed", async () => {
    const run = async () => {
      simulator.faults.clear()
      simulator.faults.seed(42)
      simulator.faults.add({ kind: "status", status: 503, probability: 0.4 })
      const statuses: number[] = []
      for (let at = 0; at < 20; at += 1) statuses.push((await count()).status)
      return statuses
    }
    const first = await run()
    expect(new Set(first)).toEqual(new Set([200, 503]))
    expect(await run()).toEqual(first)
  })

  const pages: ReadonlyArray<readonly [FaultRule, number, string]> = [
    [{ kind: "status", status: 500 }, 500, "500 Internal Server Error"],
    [{ kind: "status", status: 502 }, 502, "502 Bad Gateway"],
    [{ kind: "status", status: 503 }, 503, "503 Service Temporarily Unavailable"],
    [{ kind: "html" }, 200, "oe_login_form"],
  ]

  test.each(pages)("%j is a page", async (rule, status, text) => {
    simulator.faults.add(rule)
    const answer = await count()
    expect(answer.status).toBe(status)
    expect(answer.type).toMatch(/^text\/html/)
    expect(answer.text).toContain(text)
  })

  it("breaks the connection before or after the call ran", async () => {
    simulator.faults.add({ kind: "reset" })
    await expect(create()).rejects.toThrow()
    expect(created()).toBe(0)
    simulator.faults.add({ kind: "reset", when: "after" })
    await expect(create()).rejects.toThrow()
    expect(created()).toBe(1)
  })

  it("answers 502 although the call committed: the outcome is unknown", async () => {
    const before = created()
    simulator.faults.add({ kind: "status", status: 502, when: "after" })
    expect((await create()).status).toBe(502)
    expect(created()).toBe(before + 1)
  })

  it("never answers a hanging request", async () => {
    simulator.faults.add({ kind: "hang" })
    const request = fetch(`${simulator.url}/json/2/product.template/search`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
      signal: AbortSignal.timeout(50),
    })
    await expect(request).rejects.toThrow("aborted due to timeout")
  })

  it("cuts a body in the middle", async () => {
    simulator.faults.add({ kind: "truncate" })
    await expect(
      json2(simulator, "product.template.search_read", { domain: [], fields: ["name"] }),
    ).rejects.toThrow()
  })

  it("delays an answer", async () => {
    simulator.faults.add({ kind: "delay", milliseconds: 60 })
    const started = performance.now()
    expect((await count()).status).toBe(200)
    expect(performance.now() - started).toBeGreaterThan(50)
  })

  it("raises any exception, SerializationFailure by default", async () => {
    simulator.faults.add({ kind: "error" })
    expect((await count()).body).toMatchObject({ name: "psycopg2.errors.SerializationFailure" })
    simulator.faults.add({ kind: "error", name: "builtins.MemoryError", message: "" })
    expect((await count()).body).toMatchObject({ name: "builtins.MemoryError" })
  })

  it("sends wrong types, by a function or by a field", async () => {
    const read = () =>
      json2(simulator, "product.template.search_read", { domain: [], fields: ["name"], limit: 1 })
    const change = (result: Json): Json => (Array.isArray(result) ? { records: result } : result)
    simulator.faults.add({ kind: "mutate", change })
    expect((await read()).body).toMatchObject({ records: [{ id: expect.any(Number) }] })
    simulator.faults.add({ kind: "mutate", field: "name", value: 12 })
    expect((await read()).body).toMatchObject([{ name: 12 }])
  })

  it("is planned from another process too", async () => {
    await post(simulator, "/simulator/faults", { add: { kind: "status", status: 503 } })
    expect((await count()).status).toBe(503)
    const answer = await post(simulator, "/simulator/faults", { clear: true })
    expect(answer.body).toMatchObject({ hits: { status: expect.any(Number) } })
  })

  it("counts requests by model and method, faulty ones included", async () => {
    simulator.faults.add({ kind: "status", status: 503 })
    await count()
    await count()
    await create()
    expect(simulator.requests.counts).toEqual({ [SEARCH]: 2, "product.template.create": 1 })
    expect(simulator.requests.count(/^product\.template\./)).toBe(3)
    expect(simulator.requests.total).toBe(3)
    expect(simulator.requests.bytesOut).toBeGreaterThan(0)
    expect(simulator.requests.entries.map((entry) => entry.status)).toEqual([503, 200, 200])
    simulator.requests.reset()
    expect(simulator.requests.total).toBe(0)
  })
})
