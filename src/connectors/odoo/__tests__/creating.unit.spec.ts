import Big from "big.js"

import { erpId } from "../../../sync/ids"
import type { CreatedVariant, Creation } from "../../contract"
import { commonPrice, creationProblem } from "../create/problems"
import { loadTable } from "../create/table"

const variant = (changes: Partial<CreatedVariant> = {}): CreatedVariant => ({
  key: "variant_1",
  options: {},
  sku: "SKU",
  barcode: null,
  weight: "1255",
  tracked: true,
  prices: [{ list: "list", currency: "eur", amount: "9.99" }],
  ...changes,
})
const creation = (changes: Partial<Creation> = {}): Creation => ({
  key: "prod_1",
  title: "Desk",
  description: "Two\nlines",
  category_ids: [erpId(4)],
  options: [],
  variants: [variant()],
  weight_unit: "g",
  ...changes,
})
const SIZES = [{ title: "Size", values: ["S", "M"] }]

it.each([
  ["is whole", {}, null],
  ["has no title", { title: " " }, "title"],
  ["stands in two categories", { category_ids: [erpId(1), erpId(2)] }, "category"],
  ["has no variant", { variants: [] }, "options"],
  [
    "lacks a combination",
    { options: SIZES, variants: [variant({ options: { Size: "S" } })] },
    "options",
  ],
  [
    "has every combination",
    {
      options: SIZES,
      variants: ["S", "M"].map((Size) => variant({ key: Size, options: { Size } })),
    },
    null,
  ],
  [
    "has one combination twice",
    { options: SIZES, variants: ["S", "S"].map((Size) => variant({ options: { Size } })) },
    "options",
  ],
  [
    "has values that differ in case alone",
    { options: [{ title: "Size", values: ["S", "s"] }] },
    "options",
  ],
  ["has an option without a choice", { options: [{ title: "Title", values: ["Only"] }] }, null],
  [
    "has a price in another currency",
    { variants: [variant({ prices: [{ list: "list", currency: "usd", amount: "1" }] })] },
    "price:list:usd",
  ],
  ["has no price", { variants: [variant({ prices: [] })] }, "price:list:eur"],
] as [string, Partial<Creation>, string | null][])(
  "a product that %s can be created, or says what is in the way",
  (_name, changes, field) => {
    expect(creationProblem(creation(changes), "eur")?.field ?? null).toBe(field)
  },
)

it("keeps one price, less what attribute values add", () => {
  const priced = (key: string, amount: string) =>
    variant({ key, prices: [{ list: "list", currency: "eur", amount }] })
  const extraOf = ({ key }: CreatedVariant) => new Big(key === "large" ? 5 : 0)
  const both = creation({ variants: [priced("small", "10"), priced("large", "15")] })
  expect(commonPrice(both, extraOf)).toBe("10")
  expect(commonPrice(both, () => new Big(0))).toBeNull()
})

describe("the table that is loaded", () => {
  const fields = (names: Record<string, string>) =>
    new Map(Object.entries(names).map(([name, type]) => [name, { type, digits: null }]))
  const parts = (changes: Partial<Creation> = {}, template: Record<string, string> = {}) => ({
    creation: creation(changes),
    price: "9.99",
    attributes: [],
    template: fields({ description_sale: "text", is_storable: "boolean", ...template }),
    variant: new Map([["weight", { type: "float", digits: 2 }]]),
    unit: "kg" as const,
    filter: {},
  })
  const rowOf = ({ fields: names, data }: ReturnType<typeof loadTable>) =>
    Object.fromEntries(names.map((name, at) => [name, data[0]?.[at]]))

  it("fills a product with its only variant in one row, in Odoo's unit and digits", () => {
    expect(rowOf(loadTable(parts()))).toEqual({
      id: "medusa_sync.prod_1",
      name: "Desk",
      list_price: "9.99",
      description_sale: "Two\nlines",
      "categ_id/.id": "4",
      type: "consu",
      is_storable: "1",
      default_code: "SKU",
      barcode: "",
      weight: "1.26",
    })
  })

  it("keeps the new product inside the connection's filter", () => {
    const filter = { sale_ok: true, company_id: [3, 4], x_channel: "web" }
    const row = rowOf(loadTable({ ...parts({}, { company_id: "many2one" }), filter }))
    expect(row).toMatchObject({ sale_ok: "1", "company_id/.id": "3", x_channel: "web" })
  })

  it("has a row per attribute, and leaves the values of several variants for later", () => {
    const attribute = (id: number) => ({
      id,
      title: "Size",
      values: [1, 2].map((value) => ({ id: id * 10 + value, title: "", extra: new Big(0) })),
    })
    const both = { variants: [variant(), variant({ key: "variant_2" })] }
    const { fields: names, data } = loadTable({
      ...parts(both),
      attributes: [attribute(1), attribute(2)],
    })
    expect(names).not.toContain("default_code")
    expect(data.map((row) => row.slice(-2))).toEqual([
      ["1", "11,12"],
      ["2", "21,22"],
    ])
    expect(data[1]?.slice(0, -2).every((cell) => cell === "")).toBe(true)
  })
})
