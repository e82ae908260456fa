import { ErpProduct } from "../canonical"
import { optionNames } from "../default-option"
import { freeNames, HeldNames } from "../free-names"
import { erpId, medusaId } from "../ids"
import { planProduct, ProductContext } from "../plan-product"
import { MedusaOption } from "../snapshot"
import {
  link,
  medusaOption,
  medusaProduct,
  medusaVariant,
  optionLinks,
  variant,
  variantLink,
} from "./fixtures"
import { agreed, bases, standing, values } from "./product-fixtures"

/** The ERP's one option, its values under these names. */
const named = (titles: Record<string, string>): ErpProduct["options"] => [
  {
    id: erpId("1"),
    title: "Option 1",
    values: Object.entries(titles).map(([id, title]) => ({ id: erpId(id), title })),
  },
]

const holding = (titles: Record<string, string>, exclusive = true): MedusaOption => ({
  ...medusaOption("1", []),
  is_exclusive: exclusive,
  values: Object.entries(titles).map(([id, value]) => ({ id: medusaId(`val_${id}`), value })),
})

const both = { "10": "Value 10", "11": "Value 11" }

/** Names of the ERP's values as they fit beside what the store holds. */
const freed = (
  titles: Record<string, string>,
  held: MedusaOption = holding(both),
  changes: Partial<HeldNames> = {},
): (string | undefined)[] => {
  const { rules, now, erp } = standing()
  const read = { ...erp, options: named(titles) }
  const medusa = medusaProduct({ options: [held] })
  const names = freeNames(
    { rules, now, erp: read, medusa, ...optionLinks({ 1: ["10", "11"] }), ...changes },
    optionNames(read),
  )
  expect(names.option("1")).toBe("Option 1")
  return Object.keys(titles).map((id) => names.value("1", id))
}

describe("a name that has to fit in the store", () => {
  it("is the ERP's where nothing else has it", () => {
    expect(freed(both)).toEqual(["Value 10", "Value 11"])
    expect(freed({ "10": "Red", "11": "Blue" })).toEqual(["Red", "Blue"])
  })

  it("is the ERP's where values hand their names on", () => {
    expect(freed({ "10": "Value 11", "11": "Value 10" })).toEqual(["Value 11", "Value 10"])
    expect(freed({ "10": "Red", "11": "Value 10" })).toEqual(["Red", "Value 10"])
  })

  it("gets a suffix where a value that left the ERP keeps it", () => {
    expect(freed({ "11": "Value 10" })).toEqual(["Value 10 (2)"])
  })

  it("keeps its suffix, whatever it was agreed under", () => {
    const held = holding({ "10": "Value 10", "11": "Value 10 (2)" })
    expect(freed({ "11": "Value 10" }, held)).toEqual(["Value 10 (2)"])
    const values = ["Value 10", "Value 10 (2)"].map((title) =>
      link({ erp_id: erpId("1:1:11"), medusa_id: medusaId("val_11"), ...bases({ title }) }),
    )
    for (const value of values) {
      expect(freed({ "11": "Value 10" }, held, { values: [value] })).toEqual(["Value 10 (2)"])
    }
  })

  it("gets a suffix where a value of the merchant's own has it", () => {
    const held = holding({ ...both, own: "Red" })
    expect(freed({ "10": "Value 10", "11": "Red" }, held)).toEqual(["Value 10", "Red (2)"])
  })

  it("gets a suffix where the merchant gave it to another one, and that stays", () => {
    const rules = { ...standing().rules, owners: { option_title: "erp" as const } }
    const read = { "10": "Value 10", "11": "Red" }
    const renamed = holding({ "10": "Red", "11": "Value 11" })
    expect(freed(read, renamed)).toEqual(["Value 10", "Red (2)"])
    expect(freed(read, renamed, { rules })).toEqual(["Value 10", "Red"])
  })

  it("gets the next suffix where that one is taken, on either side", () => {
    const held = holding({ "10": "Value 10", "11": "Value 11", own: "VALUE 10 (2)" })
    expect(freed({ "11": "Value 10" }, held)).toEqual(["Value 10 (3)"])
    expect(freed({ "11": "Value 10", "12": "Value 10 (2)" })).toEqual([
      "Value 10 (3)",
      "Value 10 (2)",
    ])
  })

  it("is left alone in an option that several products share, and for a value without a link", () => {
    expect(freed({ "11": "Value 10" }, holding(both, false))).toEqual(["Value 10"])
    expect(freed({ "12": "Value 10" })).toEqual(["Value 10"])
    expect(freed({ "11": "Value 10" }, holding(both), { options: [] })).toEqual(["Value 10"])
  })
})

describe("a value renamed to what a variant out of sale still holds", () => {
  const context = (held: string, title: string): ProductContext => {
    const { links, erp, ...rest } = standing()
    const [gone, kept] = links.values
    return {
      ...rest,
      erp: { ...erp, options: named({ "11": "Value 10" }), variants: [variant("b", ["1:11"])] },
      links: {
        ...links,
        variants: [
          variantLink("a", "1:10", { ...agreed, state: "gone" }),
          variantLink("b", "1:11", bases({ ...agreed.base_erp, title: "Value 10", sku: "sku-b" })),
        ],
        values: [...(gone ? [gone] : []), ...(kept ? [{ ...kept, ...bases({ title }) }] : [])],
      },
      medusa: medusaProduct({
        options: [holding({ "10": "Value 10", "11": held })],
        variants: [
          medusaVariant("a", ["val_10"], { title: "Value 10" }),
          medusaVariant("b", ["val_11"], { title: "Value 10" }),
        ],
      }),
    }
  }

  it("is renamed under a suffix, once", () => {
    expect(planProduct(context("Value 11", "Value 11"))).toMatchObject({
      kind: "structure",
      structure: { rename_values: [{ from: "Value 11", value: "Value 10 (2)" }] },
    })
    const plan = values(context("Value 10 (2)", "Value 10 (2)"))
    expect(plan.partial).toBe(false)
    expect(
      plan.names.flatMap(({ fields }) => fields.map(({ decision }) => decision.outcome)),
    ).toEqual(["unchanged", "unchanged"])
  })
})

describe("a title of an option that has to fit in the store", () => {
  /** The ERP's two options; the store has the first one alone, under a title of the merchant's. */
  const titled = (held: string, agreed_erp = "Size"): (string | undefined)[] => {
    const { rules, now, erp } = standing()
    const options = ["Size", "Colour"].map((title, index) => ({
      id: erpId(String(index + 1)),
      title,
      values: [],
    }))
    const read = { ...erp, options }
    const medusa = medusaProduct({ options: [{ ...medusaOption("1", []), title: held }] })
    const links = optionLinks({ 1: [] })
    const agreedOn = { base_erp: { title: agreed_erp }, base_medusa: { title: held } }
    const names = freeNames(
      {
        rules,
        now,
        erp: read,
        medusa,
        ...links,
        options: links.options.map((entry) => ({ ...entry, ...agreedOn })),
      },
      optionNames(read),
    )
    return options.map(({ id }) => names.option(id))
  }

  it("is the ERP's where no other option has it", () => {
    expect(titled("Grösse")).toEqual(["Size", "Colour"])
    expect(titled("Size")).toEqual(["Size", "Colour"])
  })

  it("gets a suffix while another option keeps it", () => {
    expect(titled("Colour")).toEqual(["Size", "Colour (2)"])
  })

  it("is the ERP's where the option that has it is about to be renamed", () => {
    expect(titled("Colour", "Width")).toEqual(["Size", "Colour"])
  })
})
