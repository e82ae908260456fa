import { adoptOptions, matchValue, planFirstLink } from "../first-link"
import { medusaId } from "../ids"
import { medusaOption, medusaProduct, product, variant } from "./fixtures"

const erp = product({ 1: ["10", "11"] }, [variant("a", ["1:10"]), variant("b", ["1:11"])])
const found = (value: string, on = "prod_1", id = value) => ({
  value,
  variant_id: medusaId(`variant_${id}`),
  product_id: medusaId(on),
})
const none = new Set<never>()

describe("the first link of a product", () => {
  it("is a creation where the store has none of its keys", () => {
    expect(planFirstLink(erp, "sku", [], none, none)).toEqual({ kind: "create" })
  })

  it("adopts the one product that has them, with the variants that match", () => {
    const plan = planFirstLink(erp, "sku", [found("sku-a")], none, none)
    expect(plan).toMatchObject({ kind: "adopt", product_id: "prod_1" })
    expect(plan.kind === "adopt" && plan.pairs.map((pair) => pair.erp.id)).toEqual(["a"])
  })

  it.each([
    ["a key occurs twice in the store", [found("sku-a"), found("sku-a", "prod_1", "z")], [], []],
    ["a key occurs twice in the ERP", [found("sku-a")], [], ["sku-a"]],
    ["the variants lie in several products", [found("sku-a"), found("sku-b", "prod_2")], [], []],
    ["the product is linked to another record", [found("sku-a")], ["prod_1"], []],
    ["the variant is linked to another record", [found("sku-a")], ["variant_sku-a"], []],
  ])("is left to a person where %s", (_name, matches, taken, repeated) => {
    const plan = planFirstLink(erp, "sku", matches, new Set(taken.map(medusaId)), new Set(repeated))
    expect(plan.kind).toBe("ambiguous")
  })

  it("neither matches archived variants nor blank keys", () => {
    const archived = product({}, [variant("a", [], { active: false })])
    expect(planFirstLink(archived, "sku", [found("sku-a")], none, none).kind).toBe("create")
    expect(matchValue(variant("a", [], { sku: " " }), "sku")).toBeNull()
    expect(matchValue(variant("a", [], { barcode: "1" }), "barcode")).toBe("1")
  })
})

describe("options of an adopted product", () => {
  it("are linked by title, case and space aside", () => {
    const option = { ...medusaOption("1", ["10", "11"]), title: " option 1" }
    const { links, foreign } = adoptOptions(erp, medusaProduct({ options: [option] }))
    expect(foreign).toBe(false)
    expect(links.map((link) => [link.entity, link.erp_id, link.medusa_id])).toEqual([
      ["option", "1:1", "opt_1"],
      ["option_value", "1:1:10", "val_10"],
      ["option_value", "1:1:11", "val_11"],
    ])
  })

  it("are left alone where they are not the ERP's", () => {
    const other = medusaProduct({ options: [medusaOption("9", ["10"])] })
    expect(adoptOptions(erp, other).foreign).toBe(true)
    const more = medusaProduct({ options: [medusaOption("1", ["10"]), medusaOption("2", [])] })
    expect(adoptOptions(erp, more).foreign).toBe(true)
  })

  it("of a simple product are one and the same, whatever their names", () => {
    const simple = product({}, [variant("a", [])])
    const held = medusaProduct({ options: [medusaOption("7", ["70"])] })
    const { links, foreign } = adoptOptions(simple, held)
    expect(foreign).toBe(false)
    expect(links.map((link) => link.medusa_id)).toEqual(["opt_7", "val_70"])
  })
})
