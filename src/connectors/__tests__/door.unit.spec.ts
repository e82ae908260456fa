import { erpId } from "../../sync/ids"
import { admit, Refusal, shown } from "../door"

const subject = { id: erpId(9), version: "v1", named: 'product "Desk" (id 9) in Odoo' }
const variant = (changes: object) => ({
  id: "42",
  version: null,
  active: true,
  sku: null,
  barcode: null,
  option_values: [],
  weight: null,
  tracked: true,
  ...changes,
})
const product = (changes: object) => () => ({
  id: "9",
  version: "v1",
  active: true,
  title: "Desk",
  description: null,
  category_ids: [],
  options: [],
  variants: [variant({})],
  ...changes,
})

describe("the door", () => {
  it("lets a valid record through unchanged", () => {
    const { record, rejected } = admit("products", subject, product({}))
    expect(rejected).toBeNull()
    expect(record).toEqual(product({})())
  })

  it("names a field of a variant by the variant's id, with the value and a remedy", () => {
    const build = product({ variants: [variant({ barcode: 5 })] })
    expect(admit("products", subject, build).rejected).toEqual({
      id: "9",
      field: "variants.42.barcode",
      value: "5",
      reason: expect.stringContaining("expected string") as string,
      remedy: expect.stringContaining('product "Desk" (id 9) in Odoo') as string,
      version: "v1",
    })
  })

  it.each([
    ["an empty name", { title: " " }, "title"],
    ["a number for a name", { title: 5 }, "title"],
    ["ten million characters", { description: "x".repeat(10_000_000) }, "description"],
    ["a control character", { title: "a\u0000b" }, "title"],
    ["no list of variants", { variants: false }, "variants"],
  ])("refuses %s", (_name, changes, field) => {
    const { record, rejected } = admit("products", subject, product(changes))
    expect(record).toBeNull()
    expect(rejected?.field).toBe(field)
    expect(rejected?.value.length).toBeLessThanOrEqual(200)
  })

  it("says how many more fields are wrong", () => {
    const rejected = admit("products", subject, product({ title: 1, active: "no" })).rejected
    expect(rejected?.reason).toMatch(/\(and 1 more\)$/)
  })

  it("turns a mapping's refusal into a rejection", () => {
    const rejected = admit("products", subject, () => {
      throw new Refusal("variants", false, "expected a list of records")
    }).rejected
    expect(rejected).toMatchObject({ field: "variants", reason: "expected a list of records" })
  })

  it("does not swallow a defect", () => {
    const defect = () => {
      throw new TypeError("oops")
    }
    expect(() => admit("products", subject, defect)).toThrow("oops")
  })
})

it("shows any value in at most 200 characters without control characters", () => {
  expect(shown("x".repeat(500))).toHaveLength(200)
  expect(shown("a\u0000b")).toBe("a\ufffdb")
  expect(shown(undefined)).toBe("undefined")
  expect(shown({ a: 1 })).toBe('{"a":1}')
})
