import { canonicalDecimal } from "../decimal"
import {
  assignmentOf,
  DEFAULT_OPTION,
  matchKeyOf,
  optionNames,
  projectKey,
  uniqueNames,
  variantTitle,
  withDefaultOption,
} from "../default-option"
import { adoptOptions, matchValue, planFirstLink } from "../first-link"
import { medusaId } from "../ids"
import { medusaOption, medusaProduct, product, variant } from "./fixtures"

describe("decimals as text", () => {
  it.each([
    ["1.500", "1.5"],
    ["1.000", "1"],
    ["10.10", "10.1"],
    ["1000", "1000"],
    ["0.0000", "0"],
    ["-0", "0"],
    ["-0.50", "-0.5"],
    ["0.1001", "0.1001"],
  ])("%s is %s", (value, expected) => expect(canonicalDecimal(value)).toBe(expected))
})

describe("the default option", () => {
  it("is put on every variant, and on nothing else", () => {
    const simple = product({}, [variant("a", []), variant("b", [])])
    const { options, variants, ...rest } = withDefaultOption(simple)
    expect(options).toEqual([DEFAULT_OPTION])
    expect(variants).toEqual(
      simple.variants.map((entry) => ({
        ...entry,
        option_values: [{ option_id: "default", value_id: "default" }],
      })),
    )
    expect({ ...rest, options: [], variants: simple.variants }).toEqual(simple)
    expect(DEFAULT_OPTION).toEqual({
      id: "default",
      title: "Default option",
      values: [{ id: "default", title: "Default option value" }],
    })
  })
})

describe("match keys", () => {
  it("are sorted pairs of ids", () => {
    expect(matchKeyOf(variant("a", ["2:20", "1:10"]))).toBe("1:10,2:20")
  })

  it("are cut down to some options, by their whole ids", () => {
    const options = new Set(["1", "3"])
    expect(projectKey("1:10,2:20,3:30", options)).toBe("1:10,3:30")
    expect(projectKey("11:10,2:1", options)).toBe("")
    expect(projectKey("", options)).toBe("")
  })
})

describe("names", () => {
  it("are numbered from the second on, however often a title repeats", () => {
    const titled = (...titles: string[]) => uniqueNames(titles.map((title) => ({ title })))
    expect(titled("a", "a", "A")).toEqual(["a", "a (2)", "A (3)"])
    expect(titled("a (2)", "a", "a")).toEqual(["a (2)", "a", "a (2) (2)"])
  })

  const erp = product({ 1: ["10"], 2: ["20"] }, [])
  const names = optionNames(erp)

  it("of a variant's values make up its title, in the order of the options", () => {
    expect(variantTitle(erp, variant("a", ["2:20", "1:10"]), names)).toBe("Value 10 / Value 20")
    expect(variantTitle(erp, variant("a", ["2:20"]), names)).toBe("Value 20")
    expect(variantTitle(erp, variant("a", ["2:99"]), names)).toBe("Default variant")
    expect(variantTitle(erp, variant("a", []), names)).toBe("Default variant")
    const bare = product({}, [])
    expect(variantTitle(bare, variant("a", []), optionNames(bare))).toBe("Default variant")
  })

  it("are assigned option by option, or not at all", () => {
    expect(assignmentOf(erp, variant("a", ["2:20", "1:10"]), names)).toEqual({
      "Option 1": "Value 10",
      "Option 2": "Value 20",
    })
    expect(assignmentOf(erp, variant("a", ["1:10"]), names)).toBeNull()
    expect(assignmentOf(erp, variant("a", ["1:10", "2:99"]), names)).toBeNull()
    const nameless = { ...names, option: () => undefined }
    expect(assignmentOf(erp, variant("a", ["1:10", "2:20"]), nameless)).toBeNull()
  })
})

describe("a first link that is not clear", () => {
  const erp = product({ 1: ["10", "11"] }, [variant("a", ["1:10"]), variant("b", ["1:11"])])
  const found = (value: string, id: string, of = "prod_1") => ({
    value,
    variant_id: medusaId(id),
    product_id: medusaId(of),
  })
  const one = [found("sku-a", "variant_1")]
  const none = new Set<never>()

  it.each<[string, typeof one, string[], string[], string]>([
    [
      "twice in the store",
      [...one, found("sku-a", "variant_2")],
      [],
      [],
      `sku "sku-a" occurs more than once in the store`,
    ],
    ["twice in the ERP", one, [], ["sku-a"], `sku "sku-a" occurs more than once in the ERP`],
    [
      "of a linked product",
      one,
      ["prod_1"],
      [],
      `sku "sku-a" belongs to a product that is linked to another record`,
    ],
    [
      "of a linked variant",
      one,
      ["variant_1"],
      [],
      `sku "sku-a" belongs to a product that is linked to another record`,
    ],
  ])("says that its key is %s", (_case, given, taken, repeated, message) => {
    const linked = new Set(taken.map(medusaId))
    expect(planFirstLink(erp, "sku", given, linked, new Set(repeated))).toEqual({
      kind: "ambiguous",
      key: "sku-a",
      message,
    })
  })

  it("says that its variants are of several products", () => {
    const apart = [...one, found("sku-b", "variant_2", "prod_2")]
    expect(planFirstLink(erp, "sku", apart, none, none)).toEqual({
      kind: "ambiguous",
      key: "sku-b",
      message: `its variants match several products of the store (sku "sku-a" and "sku-b")`,
    })
  })

  it("matches by text that is there", () => {
    const values = ["x", " ", "", null].map((sku) => matchValue(variant("a", [], { sku }), "sku"))
    expect(values).toEqual(["x", null, null, null])
    const keyless = product({}, [variant("a", [], { sku: null }), variant("b", [], { sku: " " })])
    const blank = [found(" ", "variant_1"), found("null", "variant_2")]
    expect(planFirstLink(keyless, "sku", blank, none, none)).toEqual({ kind: "create" })
  })
})

describe("options of an adopted product", () => {
  const erp = product({ 1: ["10"] }, [variant("a", ["1:10"])])

  it("meet by title, case and space aside, on either side", () => {
    const held = { ...medusaOption("1", []), title: " OPTION 1 " }
    held.values = [{ id: medusaId("val_10"), value: " VALUE 10" }]
    const spaced = structuredClone(erp)
    spaced.options.forEach((option) => (option.title = "  option 1"))
    expect(adoptOptions(spaced, medusaProduct({ options: [held] }))).toMatchObject({
      foreign: false,
      links: [
        { entity: "option", erp_id: "1:1", medusa_id: "opt_1" },
        { entity: "option_value", erp_id: "1:1:10", medusa_id: "val_10" },
      ],
    })
  })

  it("of a simple product are one only where the store has one of one value", () => {
    const simple = product({}, [variant("a", [])])
    const adopted = (...options: ReturnType<typeof medusaOption>[]) =>
      adoptOptions(simple, medusaProduct({ options }))
    const foreign = { links: [], foreign: true }
    expect(adopted(medusaOption("8", ["80"]))).toMatchObject({ foreign: false })
    expect(adopted(medusaOption("8", ["80", "81"]))).toEqual(foreign)
    expect(adopted(medusaOption("8", ["80"]), medusaOption("9", ["90"]))).toEqual(foreign)
    expect(adopted()).toEqual(foreign)
  })

  it("with a choice of one in both are still compared by title", () => {
    const other = medusaProduct({ options: [medusaOption("9", ["90"])] })
    expect(adoptOptions(erp, other)).toEqual({ links: [], foreign: true })
  })
})
