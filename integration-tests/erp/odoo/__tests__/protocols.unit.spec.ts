import { startOdooSimulator, type Json, type JsonObject, type OdooSimulator } from ".."
import { executeKw, get, json2, jsonRpc, post } from "./clients"

/** A name and a message as `error.data` (JSON-RPC) or the body (JSON-2) carries them. */
interface Fault {
  readonly name: string
  readonly message: string
  readonly arguments: readonly unknown[]
  readonly debug: string
}

const TEMPLATE = "product.template"

describe("errors, over JSON-2 and JSON-RPC", () => {
  let simulator: OdooSimulator

  beforeAll(async () => {
    simulator = await startOdooSimulator({ version: 19, products: 20, odd: false })
  })
  afterAll(() => simulator.close())

  const missing =
    "Record does not exist or has been deleted.\n(Record: product.template(999999,), User: 7)"

  type Row = readonly [
    what: string,
    call: readonly [model: string, method: string, args: readonly Json[], named: JsonObject],
    status: number,
    name: string,
    message: string | RegExp,
  ]

  const rows: readonly Row[] = [
    [
      "a write to a deleted record",
      [TEMPLATE, "write", [[999999], { name: "x" }], { ids: [999999], vals: { name: "x" } }],
      404,
      "odoo.exceptions.MissingError",
      missing,
    ],
    [
      "a delete of a deleted record",
      [TEMPLATE, "unlink", [[999999]], { ids: [999999] }],
      404,
      "odoo.exceptions.MissingError",
      missing,
    ],
    [
      "a link to a deleted record",
      [TEMPLATE, "write", [[1], { categ_id: 9999 }], { ids: [1], vals: { categ_id: 9999 } }],
      404,
      "odoo.exceptions.MissingError",
      /product\.category\(9999,\)/,
    ],
    [
      "a missing required value",
      [TEMPLATE, "create", [{ list_price: 1 }], { vals_list: [{ list_price: 1 }] }],
      422,
      "odoo.exceptions.ValidationError",
      /Missing required value for the field 'Name' \(name\)/,
    ],
    [
      "an unknown field in a read",
      [TEMPLATE, "search_read", [[], ["nope"]], { domain: [], fields: ["nope"] }],
      500,
      "builtins.ValueError",
      "Invalid field 'nope' on 'product.template'",
    ],
    [
      "an unknown field in a domain",
      [TEMPLATE, "search", [[["nope", "=", 1]]], { domain: [["nope", "=", 1]] }],
      500,
      "builtins.ValueError",
      "Invalid field product.template.nope in condition ('nope', '=', 1)",
    ],
    [
      "an unknown field in a write",
      [TEMPLATE, "write", [[1], { nope: 1 }], { ids: [1], vals: { nope: 1 } }],
      500,
      "builtins.ValueError",
      "Invalid field 'nope' in 'product.template'",
    ],
    [
      "an unknown operator",
      [TEMPLATE, "search", [[["name", "~~", "x"]]], { domain: [["name", "~~", "x"]] }],
      500,
      "builtins.ValueError",
      "Invalid operator in condition ('name', '~~', 'x')",
    ],
    [
      "a text for a number",
      [TEMPLATE, "write", [[1], { list_price: "abc" }], { ids: [1], vals: { list_price: "abc" } }],
      500,
      "builtins.ValueError",
      "could not convert string to float: 'abc'",
    ],
    [
      "an unknown choice",
      [TEMPLATE, "write", [[1], { type: "zzz" }], { ids: [1], vals: { type: "zzz" } }],
      500,
      "builtins.ValueError",
      "Wrong value for product.template.type: 'zzz'",
    ],
    [
      "a misspelt option of search_read",
      [TEMPLATE, "search_read", [[]], { domain: [], nope: 1 }],
      500,
      "builtins.TypeError",
      "BaseModel._read_format() got an unexpected keyword argument 'nope'",
    ],
    [
      "an order by what is not stored",
      [TEMPLATE, "search", [[]], { domain: [], order: "qty_available" }],
      500,
      "builtins.ValueError",
      /because it is not stored/,
    ],
    [
      "a private method",
      [TEMPLATE, "_search", [[]], { domain: [] }],
      403,
      "odoo.exceptions.AccessError",
      "Private methods (such as 'product.template._search') cannot be called remotely.",
    ],
    [
      "a closed model",
      ["ir.config_parameter", "search_read", [[]], { domain: [] }],
      403,
      "odoo.exceptions.AccessError",
      /You are not allowed to access 'System Parameter' \(ir\.config_parameter\) records/,
    ],
    [
      "a company of someone else",
      [TEMPLATE, "search", [[]], { domain: [], context: { allowed_company_ids: [1, 99] } }],
      403,
      "odoo.exceptions.AccessError",
      /unauthorized or invalid companies/,
    ],
    [
      "an image that is none",
      [
        TEMPLATE,
        "write",
        [[1], { image_1920: "aGVsbG8=" }],
        { ids: [1], vals: { image_1920: "aGVsbG8=" } },
      ],
      422,
      "odoo.exceptions.UserError",
      "This file could not be decoded as an image file.",
    ],
  ]

  test.each(rows)("%s", async (_what, [model, method, args, named], status, name, message) => {
    const matcher = typeof message === "string" ? message : expect.stringMatching(message)
    const direct = await json2(simulator, `${model}.${method}`, named)
    expect(direct.status).toBe(status)
    expect(direct.type).toBe("application/json; charset=utf-8")
    expect(direct.body).toMatchObject({ name, message: matcher, context: {} })
    expect((direct.body as Fault).debug).toContain(name.replace("builtins.", ""))

    const { domain: _d, ids: _i, vals: _v, vals_list: _l, fields: _f, ...options } = named
    const rpc = await executeKw(simulator, model, method, args, options)
    expect(rpc.status).toBe(200)
    expect(rpc.body).toMatchObject({
      jsonrpc: "2.0",
      id: 1,
      error: { message: "Odoo Server Error", data: { name, message: matcher } },
    })
  })

  it("reports unknown models and methods in each protocol's own way", async () => {
    const model = await json2(simulator, "no.model.search", { domain: [] })
    expect(model.status).toBe(404)
    expect(model.body).toMatchObject({
      name: "werkzeug.exceptions.NotFound",
      message: "the model 'no.model' does not exist",
      arguments: ["the model 'no.model' does not exist", 404],
    })
    const method = await json2(simulator, `${TEMPLATE}.nope`)
    expect(method.status).toBe(404)
    expect((await executeKw(simulator, "no.model", "search", [[]])).body).toMatchObject({
      error: {
        data: { name: "odoo.exceptions.UserError", message: "Object no.model doesn't exist" },
      },
    })
    expect((await executeKw(simulator, TEMPLATE, "nope", [])).body).toMatchObject({
      error: { data: { name: "builtins.AttributeError" } },
    })
  })

  it("refuses missing, unknown and misplaced arguments with 422", async () => {
    const message = async (call: string, body: JsonObject) => {
      const answer = await json2(simulator, call, body)
      expect(answer.status).toBe(422)
      return (answer.body as Fault).message
    }
    expect(await message(`${TEMPLATE}.write`, { ids: [1] })).toBe(
      "missing a required argument: 'vals'",
    )
    expect(await message(`${TEMPLATE}.write`, { ids: [1], vals: {}, x: 1 })).toBe(
      "got an unexpected keyword argument 'x'",
    )
    expect(await message(`${TEMPLATE}.search`, { ids: [1], domain: [] })).toBe(
      "cannot call product.template.search with ids",
    )
    const rpc = await executeKw(simulator, TEMPLATE, "write", [[1]])
    expect(rpc.body).toMatchObject({ error: { data: { name: "builtins.TypeError" } } })
  })

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

describe("who may call", () => {
  let simulator: OdooSimulator

  beforeEach(async () => {
    simulator = await startOdooSimulator({ version: 19, empty: true })
  })
  afterEach(() => simulator.close())

  const context = (headers: Record<string, string> = {}) =>
    json2(simulator, "res.users.context_get", {}, headers)

  it("tells the owner of a key who they are", async () => {
    expect((await context()).body).toEqual({ lang: "en_US", tz: "Europe/Brussels", uid: 7 })
  })

  it("refuses a missing, unknown, expired or revoked key with 401", async () => {
    const unknown = await context({ Authorization: "bearer deadbeef" })
    expect(unknown.status).toBe(401)
    expect(unknown.headers.get("www-authenticate")?.trim()).toBe("Bearer")
    expect(unknown.body).toMatchObject({ message: "Invalid apikey" })
    expect((await context({ Authorization: "" })).status).toBe(401)
    const { accounts } = simulator
    accounts.expireKey(accounts.bot)
    expect((await context()).status).toBe(401)
    accounts.renewKey(accounts.bot)
    expect((await context()).status).toBe(200)
    accounts.revokeKey(accounts.bot)
    expect((await context()).body).toMatchObject({ name: "werkzeug.exceptions.Unauthorized" })
  })

  it("answers 404 with a page for a database it does not have", async () => {
    const answer = await context({ "X-Odoo-Database": "other" })
    expect(answer.status).toBe(404)
    expect(answer.type).toMatch(/^text\/html/)
    const { login, password } = simulator
    expect(
      (await jsonRpc(simulator, "common", "authenticate", ["other", login, password, {}])).body,
    ).toMatchObject({ error: { data: { name: "psycopg2.OperationalError" } } })
  })

  it("logs in with a password or a key, and answers false, not an error, for a wrong one", async () => {
    const { database, login, password, apiKey, uid } = simulator
    const log = async (secret: string) => {
      const args = [database, login, secret, {}]
      const { body } = await jsonRpc(simulator, "common", "authenticate", args)
      return (body as { result: Json }).result
    }
    expect(await log(password)).toBe(uid)
    expect(await log(apiKey)).toBe(uid)
    expect(await log("wrong")).toBe(false)
    for (let failure = 0; failure < 5; failure += 1) await log("wrong")
    // Locked out for a minute, even with the right password.
    expect(await log(password)).toBe(false)
    const { clock } = simulator.world
    simulator.world.clock = () => clock() + 61_000_000
    expect(await log(password)).toBe(uid)
  })

  it("refuses a wrong secret in execute_kw with AccessDenied", async () => {
    const args = [simulator.database, simulator.uid, "wrong", "res.users", "read", [[2]], {}]
    expect((await jsonRpc(simulator, "object", "execute_kw", args)).body).toMatchObject({
      error: { data: { name: "odoo.exceptions.AccessDenied", message: "Access Denied" } },
    })
  })

  it("lets the read-only account read and not write", async () => {
    const headers = { Authorization: `bearer ${simulator.accounts.reader.apiKey}` }
    const id = simulator.world.create("product.template", { name: "Mug" })
    const read = { ids: [id], fields: ["name"] }
    expect((await json2(simulator, "product.template.read", read, headers)).status).toBe(200)
    const write = { ids: [id], vals: { name: "x" } }
    const refused = await json2(simulator, "product.template.write", write, headers)
    expect(refused.status).toBe(403)
    expect(refused.body).toMatchObject({
      message: expect.stringContaining(
        "You are not allowed to modify 'Product' (product.template) records.",
      ),
    })
  })
})

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

  it("lists its database", async () => {
    expect((await jsonRpc(simulator, "db", "list", [])).body).toMatchObject({
      result: [simulator.database],
    })
    expect((await jsonRpc(simulator, "common", "version", [])).body).toMatchObject({
      result: { server_version: "19.0" },
    })
  })
})
