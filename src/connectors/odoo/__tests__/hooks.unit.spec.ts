import { odooCapabilities } from "../capabilities"
import { odooHooks } from "../hooks"

const call = (body: unknown, changes: { method?: string } = {}) =>
  odooHooks(odooCapabilities({ protocol: "auto" })).receive({
    method: "POST",
    path: "/hooks/erp/odoo-main",
    query: {},
    headers: {},
    body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
    ...changes,
  })

it.each([
  ["product.template", { name: "Desk" }, [["products", "58"]]],
  [
    "product.product",
    { product_tmpl_id: 9 },
    [
      ["products", "9"],
      ["prices", "58"],
      ["stock", "58"],
    ],
  ],
  [
    "product.product",
    { product_tmpl_id: false },
    [
      ["prices", "58"],
      ["stock", "58"],
    ],
  ],
  ["stock.quant", { product_id: 42 }, [["stock", "42"]]],
  ["stock.quant", {}, [["stock", null]]],
  ["product.category", {}, [["categories", "58"]]],
  ["product.pricelist.item", {}, [["prices", null]]],
  [
    "product.template.attribute.value",
    {},
    [
      ["products", null],
      ["prices", null],
    ],
  ],
  ["product.attribute.value", {}, [["products", null]]],
])("a call about %s %j hints at %j", async (model, fields, hints) => {
  // The body that Odoo 19 sends, with the fields that the rule names.
  const body = { _action: "Rule(#458)", _id: 58, _model: model, id: 58, ...fields }
  expect(await call(body)).toEqual({
    accepted: true,
    status: 200,
    body: "",
    hints: hints.map(([stream, id]) => ({ stream, id })),
  })
})

it.each([
  ["no JSON", "<html>"],
  ["nothing", ""],
  ["a list", [{ _model: "product.template", _id: 1 }]],
  ["no model", { _id: 1 }],
  ["no id", { _model: "product.template" }],
  ["an id that is none", { _model: "product.template", _id: "1 or 1=1" }],
  ["a negative id", { _model: "product.template", _id: -1 }],
  ["a model that nothing depends on", { _model: "res.partner", _id: 1 }],
  ["more than 64 KiB", { _model: "product.template", _id: 1, name: "x".repeat(65_536) }],
])("a call with %s is refused as the capabilities say", async (_name, body) => {
  const { hook_refusal: refusal } = odooCapabilities({ protocol: "auto" })
  expect(await call(body)).toEqual({
    accepted: false,
    ...refusal,
    reason: expect.any(String) as string,
  })
})

it("a call by another method than POST is refused", async () => {
  const answer = await call({ _model: "product.template", _id: 1 }, { method: "GET" })
  expect(answer.accepted).toBe(false)
})
