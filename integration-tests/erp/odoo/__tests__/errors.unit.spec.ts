import { startOdooSimulator, type Json, type JsonObject, type OdooSimulator } from ".."
import { executeKw, json2 } from "./clients"

/** A name and a message as `error.data` (JSON-RPC) or the body (JSON-2) carries them. */
interface Fault {
  readonly name: string
  readonly message: string
  readonly arguments: readonly unknown[]
  readonly debug: string
}

const TEMPLATE = "product.template"

/** Arguments that go by position over JSON-RPC. */
const POSITIONAL = ["domain", "ids", "vals", "vals_list", "fields"]

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

    const options = Object.fromEntries(
      Object.entries(named).filter(([key]) => !POSITIONAL.includes(key)),
    )
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
})
