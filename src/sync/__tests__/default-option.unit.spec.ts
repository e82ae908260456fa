import fc from "fast-check"
import {
  assignmentOf,
  matchKeyOf,
  optionNames,
  projectKey,
  uniqueNames,
  variantTitle,
  withDefaultOption,
} from "../default-option"
import { erpId } from "../ids"
import { product, variant } from "./fixtures"

const titled = (...titles: string[]) => titles.map((title) => ({ title }))

describe("names", () => {
  it.each([
    ["are kept where they differ", ["Red", "Blue"], ["Red", "Blue"]],
    ["get a number where they repeat, case and space aside", ["Red", "red "], ["Red", "red (2)"]],
    ["never meet a name that looks numbered", ["A", "A (2)", "A"], ["A", "A (2)", "A (3)"]],
  ])("%s", (_name, titles, expected) => {
    const names = uniqueNames(titled(...titles))
    expect(new Set(names).size).toBe(names.length)
    expect(names.slice(0, 2)).toEqual(expected.slice(0, 2))
  })

  it("are unique, whatever the titles", () => {
    const title = fc.constantFrom("a", "A", "a (2)", "a (2) (2)", "a (3)", "b ", "b")
    fc.assert(
      fc.property(fc.array(title, { maxLength: 8 }), (titles) => {
        const names = uniqueNames(titled(...titles)).map((name) => name.toLowerCase())
        expect(new Set(names).size).toBe(titles.length)
      }),
    )
  })

  it("are given per list: options apart from values", () => {
    const erp = product({ 1: ["10", "11"], 2: ["20"] }, [])
    const [first, second] = erp.options
    if (first && second) {
      second.title = first.title
      first.values.forEach((value) => (value.title = "Same"))
    }
    const names = optionNames(erp)
    expect([names.option("1"), names.option("2")]).toEqual(["Option 1", "Option 1 (2)"])
    expect([names.value("1", "10"), names.value("1", "11")]).toEqual(["Same", "Same (2)"])
    expect(names.value("2", "10")).toBeUndefined()
  })
})

describe("a product without options", () => {
  const simple = withDefaultOption(product({}, [variant("a", [])]))

  it("gets the one that says nothing", () => {
    const names = optionNames(simple)
    const [only] = simple.variants
    expect(only && assignmentOf(simple, only, names)).toEqual({
      "Default option": "Default option value",
    })
    expect(only && variantTitle(simple, only, names)).toBe("Default variant")
  })

  it("leaves a product with options as it is", () => {
    const erp = product({ 1: ["10"] }, [variant("a", ["1:10"])])
    expect(withDefaultOption(erp)).toBe(erp)
  })
})

describe("a variant", () => {
  const erp = product({ 1: ["10"], 2: ["20"] }, [])
  const names = optionNames(erp)

  it("is titled by its values in the order of the options", () => {
    expect(variantTitle(erp, variant("a", ["2:20", "1:10"]), names)).toBe("Value 10 / Value 20")
  })

  it("has no assignment when it lacks a value for an option", () => {
    expect(assignmentOf(erp, variant("a", ["1:10"]), names)).toBeNull()
  })

  it("is known by its dictionary values, in any order", () => {
    const key = matchKeyOf(variant("a", ["2:20", "1:10"]))
    expect(key).toBe(matchKeyOf(variant("b", ["1:10", "2:20"])))
    expect(projectKey(key, new Set(["2"]))).toBe("2:20")
    expect(projectKey("default:default", new Set([erpId("1")]))).toBe("")
  })
})
