import { ErpProduct } from "../canonical"
import { optionNames, withDefaultOption } from "../default-option"
import { medusaId } from "../ids"
import { matchVariants } from "../match-variants"
import { isEmptyStructure, planStructure, StructureContext, StructurePlan } from "../plan-structure"
import { Link } from "../values"
import {
  medusaOption,
  medusaProduct,
  medusaVariant,
  NOW,
  optionLinks,
  product,
  rules,
  variant,
  variantLink,
} from "./fixtures"

interface Standing {
  erp: ErpProduct
  options: Record<string, string[]>
  variants: Link[]
  held: [string, string[]][]
}

/** The plan of a product of which this stands in the store. */
const plan = (
  { erp, options, variants, held }: Standing,
  changes: Partial<StructureContext> = {},
): StructurePlan => {
  const full = withDefaultOption(erp)
  return planStructure({
    rules: rules(),
    now: NOW,
    erp: full,
    names: optionNames(full),
    matches: matchVariants(full, variants),
    ...optionLinks(options),
    medusa: medusaProduct({
      options: Object.entries(options).map(([id, values]) => medusaOption(id, values)),
      variants: held.map(([id, values]) => medusaVariant(id, values)),
    }),
    inactive: false,
    foreign_options: false,
    kept: {},
    ...changes,
  })
}

const tracked = { base_erp: { tracked: true }, base_medusa: { tracked: true } }
const two: Standing = {
  erp: product({ 1: ["10", "11"] }, [variant("a", ["1:10"]), variant("b", ["1:11"])]),
  options: { 1: ["10", "11"] },
  variants: [variantLink("a", "1:10", tracked), variantLink("b", "1:11", tracked)],
  held: [
    ["a", ["val_10"]],
    ["b", ["val_11"]],
  ],
}

describe("the structure of a product", () => {
  it("is left alone where it stands as the ERP has it", () => {
    expect(isEmptyStructure(plan(two))).toBe(true)
  })

  it("renames options and values, not their variants", () => {
    const erp = structuredClone(two.erp)
    erp.options.forEach((option) => {
      option.title = "Colour"
      option.values.forEach((value) => (value.title = `New ${value.id}`))
    })
    const { rename_options, rename_values, assign } = plan({ ...two, erp })
    expect(rename_options).toMatchObject([{ title: "Colour", from: "Option 1" }])
    expect(rename_values.map((entry) => [entry.from, entry.value])).toEqual([
      ["Value 10", "New 10"],
      ["Value 11", "New 11"],
    ])
    expect(assign).toEqual([])
  })

  it("never renames an option that the merchant shares between products", () => {
    const erp = structuredClone(two.erp)
    erp.options.forEach((option) => (option.title = "Colour"))
    const shared = { ...medusaOption("1", ["10", "11"]), is_exclusive: false }
    const variants = two.held.map(([id, values]) => medusaVariant(id, values))
    const medusa = medusaProduct({ options: [shared], variants })
    expect(plan({ ...two, erp }, { medusa }).rename_options).toEqual([])
  })

  it("leaves a title that the merchant changed", () => {
    const own = { ...medusaOption("1", ["10", "11"]), title: "Farbe" }
    const variants = two.held.map(([id, values]) => medusaVariant(id, values))
    const medusa = medusaProduct({ options: [own], variants })
    expect(plan(two, { medusa }).rename_options).toEqual([])
  })

  it("names assignments as the merchant calls the option, and assigns nothing anew", () => {
    const renamed = medusaProduct({
      options: [{ ...medusaOption("1", ["10", "11"]), title: "The merchant's own" }],
      variants: two.held.map(([id, values]) => medusaVariant(id, values)),
    })
    expect(isEmptyStructure(plan(two, { medusa: renamed }))).toBe(true)
    const erp = product({ 1: ["10", "11", "12"] }, [...two.erp.variants, variant("c", ["1:12"])])
    const { create } = plan({ ...two, erp }, { medusa: renamed })
    expect(create.map((entry) => Object.keys(entry.options))).toEqual([["The merchant's own"]])
  })

  it("links an announced option that a dead run left behind, under the name it was made", () => {
    const kept = { "option:1": "Option 1", "value:1:10": "Value 10", "value:1:11": "Value 11" }
    const erp = structuredClone(two.erp)
    erp.options.forEach((option) => (option.title = "Renamed meanwhile"))
    const { adopt, add_options } = plan({ ...two, erp }, { kept, options: [], values: [] })
    expect(adopt.map((entry) => [entry.entity, entry.title])).toEqual([
      ["option", "Option 1"],
      ["option_value", "Value 10"],
      ["option_value", "Value 11"],
    ])
    expect(add_options).toEqual([])
  })

  it("takes an option of the same name that nobody announced for the merchant's", () => {
    const { adopt, add_options } = plan(two, { options: [], values: [] })
    expect(adopt).toEqual([])
    expect(add_options).toHaveLength(1)
  })

  it("adds a value together with its variant", () => {
    const erp = product({ 1: ["10", "11", "12"] }, [...two.erp.variants, variant("c", ["1:12"])])
    const { add_values, create } = plan({ ...two, erp })
    expect(add_values).toMatchObject([{ option_id: "opt_1", values: ["Value 12"] }])
    expect(create).toMatchObject([{ erp: { id: "c" }, options: { "Option 1": "Value 12" } }])
  })

  it("adds an option to a simple product, and assigns its variant", () => {
    const { add_options, assign, remove_options, create } = plan({
      erp: product({ 1: ["10", "11"] }, [variant("a", ["1:10"])]),
      options: { default: ["default"] },
      variants: [variantLink("a", "default:default", tracked)],
      held: [["a", ["val_default"]]],
    })
    expect(add_options).toMatchObject([{ title: "Option 1", values: ["Value 10", "Value 11"] }])
    expect(assign).toEqual([{ variant_id: "variant_a", options: { "Option 1": "Value 10" } }])
    expect(remove_options.map((entry) => entry.link.erp_id)).toEqual(["1:default"])
    expect(create).toEqual([])
  })

  it("removes an option, and the variants that would stand in its way", () => {
    const {
      remove_options,
      assign,
      delete: gone,
    } = plan({
      erp: product({ 1: ["10"] }, [variant("a", ["1:10"])]),
      options: { 1: ["10"], 2: ["20", "21"] },
      variants: [variantLink("a", "1:10,2:20", tracked), variantLink("b", "1:10,2:21", tracked)],
      held: [
        ["a", ["val_10", "val_20"]],
        ["b", ["val_10", "val_21"]],
      ],
    })
    expect(remove_options.map((entry) => entry.link.erp_id)).toEqual(["1:2"])
    expect(gone.map((entry) => entry.erp_id)).toEqual(["b"])
    expect(assign).toEqual([{ variant_id: "variant_a", options: { "Option 1": "Value 10" } }])
  })

  it("makes room for a new variant of the values that a gone one holds", () => {
    const { create, delete: gone } = plan({
      ...two,
      erp: product({ 1: ["10", "11"] }, [variant("a", ["1:10"]), variant("x", ["1:11"])]),
      variants: [
        variantLink("a", "1:10", tracked),
        variantLink("b", "1:11", { ...tracked, state: "gone" }),
        variantLink("c", "1:11", { ...tracked, state: "gone" }),
      ],
    })
    expect(create).toMatchObject([{ erp: { id: "x" } }])
    expect(gone.map((entry) => entry.erp_id)).toEqual(["b"])
  })

  it("removes a value once nobody holds it", () => {
    const erp = product({ 1: ["10"] }, [variant("a", ["1:10"])])
    const used = plan({ ...two, erp })
    expect(used.remove_values).toEqual([])
    const free = plan({ ...two, erp, held: [["a", ["val_10"]]] })
    expect(free.remove_values.flatMap((entry) => entry.links.map((link) => link.erp_id))).toEqual([
      "1:1:11",
    ])
  })

  it("names variants that lack a value or repeat a combination, and goes on", () => {
    const erp = product({ 1: ["10", "11"] }, [
      ...two.erp.variants,
      variant("c", []),
      variant("d", ["1:10"]),
    ])
    const { unfit, create } = plan({ ...two, erp })
    expect(unfit.map((entry) => [entry.erp.id, entry.reason])).toEqual([
      ["c", "has no value for one of the product's options"],
      ["d", "has the same option values as another variant"],
    ])
    expect(create).toEqual([])
  })

  it("leaves the merchant's own options alone: a new variant has no place in them", () => {
    const erp = product({ 1: ["10", "11"] }, [...two.erp.variants, variant("c", ["1:10"])])
    const foreign = plan({ ...two, erp }, { foreign_options: true })
    expect(isEmptyStructure(foreign)).toBe(true)
    expect(foreign.unfit.map((entry) => entry.erp.id)).toEqual(["c"])
  })

  it("turns stock keeping on and off as the ERP says", () => {
    const erp = product({ 1: ["10", "11"] }, [
      variant("a", ["1:10"], { tracked: false }),
      variant("b", ["1:11"]),
    ])
    expect(plan({ ...two, erp }).tracked).toMatchObject([
      { erp: { id: "a" }, manage_inventory: false },
    ])
  })

  it("creates again what its creator did not live to create", () => {
    const { create } = plan({
      ...two,
      variants: [
        variantLink("a", "1:10", tracked),
        variantLink("b", "1:11", { state: "creating" }),
      ],
      held: [["a", ["val_10"]]],
    })
    expect(create).toMatchObject([{ erp: { id: "b" } }])
    expect(medusaId("variant_b")).toBe("variant_b")
  })

  it("creates none of them while the product is archived", () => {
    const variants = [
      variantLink("a", "1:10", tracked),
      variantLink("b", "1:11", { state: "creating" }),
    ]
    const held: [string, string[]][] = [["a", ["val_10"]]]
    expect(plan({ ...two, variants, held }, { inactive: true }).create).toEqual([])
  })
})
