import { ErpProduct } from "../canonical"
import { medusaId } from "../ids"
import { planProduct, ProductContext } from "../plan-product"
import { StructurePlan } from "../plan-structure"
import { MedusaOption, MedusaProduct } from "../snapshot"
import { Link } from "../values"
import {
  medusaOption,
  medusaProduct,
  medusaVariant,
  optionLinks,
  product,
  variant,
  variantLink,
} from "./fixtures"
import { bases, standing, values } from "./product-fixtures"

const tracked = bases({ tracked: true })
const both = { 1: ["10", "11"], 2: ["20", "21"] }
const read = product(both, [variant("a", ["1:10", "2:20"]), variant("b", ["1:11", "2:21"])])
const links = [variantLink("a", "1:10,2:20", tracked), variantLink("b", "1:11,2:21", tracked)]
const held = [medusaVariant("a", ["val_10", "val_20"]), medusaVariant("b", ["val_11", "val_21"])]

const store = (changes: Partial<MedusaProduct> = {}): MedusaProduct =>
  medusaProduct({
    options: [medusaOption("1", ["10", "11"]), medusaOption("2", ["20", "21"])],
    variants: held,
    ...changes,
  })

const context = (erp: ErpProduct, changes: Partial<ProductContext> = {}): ProductContext => {
  const base = standing()
  return {
    ...base,
    erp,
    links: { ...base.links, ...optionLinks(both), variants: links },
    medusa: store(),
    ...changes,
  }
}

/** What goes through Medusa's workflows; fails where the plan is one of values alone. */
const structure = (given: ProductContext): StructurePlan => {
  const plan = planProduct(given)
  if (plan.kind !== "structure") {
    throw new Error(`a plan of ${plan.kind}`)
  }
  return plan.structure
}

/** The product with other titles of some values, by their ids. */
const titled = (erp: ErpProduct, titles: Record<string, string>): ErpProduct => ({
  ...erp,
  options: erp.options.map((option) => ({
    ...option,
    title: titles[option.id] ?? option.title,
    values: option.values.map((value) => ({ ...value, title: titles[value.id] ?? value.title })),
  })),
})

const withLinks = (changes: Partial<ProductContext["links"]>): Partial<ProductContext> => ({
  links: { ...context(read).links, ...changes },
})

const keysOf = (entries: Link[]): string[] => entries.map((entry) => entry.erp_id)

describe("names that the ERP repeats", () => {
  const twins = titled(read, { 2: "Option 1", 20: "Same", 21: "Same" })

  it("are told apart in the store, for options and for values", () => {
    const { rename_options, rename_values } = structure(context(twins))
    expect(rename_options.map((entry) => entry.title)).toEqual(["Option 1 (2)"])
    expect(rename_values.map((entry) => entry.value)).toEqual(["Same", "Same (2)"])
  })

  it("are told apart where the option is made, and where a value is", () => {
    const bare = { options: [], values: [], variants: [] }
    const made = structure(context(twins, { ...withLinks(bare), medusa: store({ options: [] }) }))
    expect(made.add_options.map((entry) => entry.values)).toEqual([
      ["Value 10", "Value 11"],
      ["Same", "Same (2)"],
    ])
    const options = [medusaOption("1", ["10", "11"]), medusaOption("2", [])]
    const added = structure(context(twins, { medusa: store({ options }) }))
    expect(added.add_values.map((entry) => entry.values)).toEqual([["Same", "Same (2)"]])
  })
})

describe("the merchant's own name of a value", () => {
  const options = store().options.map((option): MedusaOption => ({
    ...option,
    values: option.values.map((value) =>
      value.id === "val_10" ? { ...value, value: "Rot" } : value,
    ),
  }))

  it("stands, and nothing is assigned anew for it", () => {
    expect(planProduct(context(read, { medusa: store({ options }) })).kind).toBe("values")
  })

  it("is the one that assignments use", () => {
    const swapped = {
      ...read,
      variants: [variant("a", ["1:11", "2:20"]), variant("b", ["1:10", "2:21"])],
    }
    expect(structure(context(swapped, { medusa: store({ options }) })).assign).toEqual([
      { variant_id: "variant_a", options: { "Option 1": "Value 11", "Option 2": "Value 20" } },
      { variant_id: "variant_b", options: { "Option 1": "Rot", "Option 2": "Value 21" } },
    ])
  })
})

describe("a new name of one option or value among several", () => {
  it("is given to that one, and no variant is assigned anew for it", () => {
    const renamed = structure(context(titled(read, { 2: "Size", 21: "Large" })))
    expect(renamed.rename_options.map((entry) => [entry.option_id, entry.title])).toEqual([
      ["opt_2", "Size"],
    ])
    expect(renamed.rename_values.map((entry) => [entry.option_id, entry.value])).toEqual([
      ["opt_2", "Large"],
    ])
    expect(renamed.assign).toEqual([])
  })
})

describe("a value that left the ERP while another one came by its name", () => {
  const without = product({ 1: ["12", "11"], 2: ["20", "21"] }, [
    variant("a", ["1:12", "2:20"]),
    variant("b", ["1:11", "2:21"]),
  ])
  const named = titled(without, { 12: "Value 10" })

  it("gives its place to that one alone", () => {
    const { adopt, add_values } = structure(context(named))
    expect(adopt).toMatchObject([
      {
        entity: "option_value",
        erp_key: "1:1:12",
        medusa_id: "val_10",
        former: { erp_id: "1:1:10" },
      },
    ])
    expect(add_values).toEqual([])
  })

  it("keeps it from one of another name", () => {
    const { adopt, add_values } = structure(context(titled(without, { 12: "Value 12" })))
    expect(adopt).toEqual([])
    expect(add_values).toMatchObject([{ option_id: "opt_1", values: ["Value 12"] }])
  })

  it("keeps it while the ERP still has it under another name", () => {
    const more = product({ 1: ["10", "11", "12"], 2: ["20", "21"] }, read.variants)
    const { adopt, add_values } = structure(context(titled(more, { 10: "Red", 12: "Value 10" })))
    expect(adopt).toEqual([])
    expect(add_values).toMatchObject([{ option_id: "opt_1", values: ["Value 10"] }])
  })
})

describe("what is in the way of a change", () => {
  it("is no variant for an option of the merchant's own, whatever else leaves", () => {
    const fewer = product({ 1: ["10", "11"] }, [variant("a", ["1:10"]), variant("b", ["1:11"])])
    const own = [medusaVariant("a", ["val_10", "val_90"]), medusaVariant("b", ["val_11"])]
    const options = [...store().options, medusaOption("9", ["90"])]
    const { remove_options, assign } = structure(
      context(fewer, { medusa: store({ options, variants: own }) }),
    )
    expect(remove_options.map((entry) => entry.link.erp_id)).toEqual(["1:2"])
    expect(assign).toEqual([])
  })

  it("is a value of the second option as well as one of the first", () => {
    const fewer = product({ 1: ["10", "11"], 2: ["20"] }, [variant("a", ["1:10", "2:20"])])
    const one = { variants: links.slice(0, 1) }
    const { remove_values } = structure(
      context(fewer, { ...withLinks(one), medusa: store({ variants: held.slice(0, 1) }) }),
    )
    expect(remove_values.map((entry) => [entry.option_id, keysOf(entry.links)])).toEqual([
      ["opt_2", ["1:2:21"]],
    ])
  })

  it("is a value whose last variant goes in this very plan, or was deleted before", () => {
    const three = product({ 1: ["10"], 2: ["20", "21"], 3: ["30"] }, [
      variant("a", ["1:10", "2:20", "3:30"]),
    ])
    const going = structure(context(three))
    expect([keysOf(going.delete), going.remove_values.map((entry) => keysOf(entry.links))]).toEqual(
      [["b"], [["1:1:11"]]],
    )
    const fewer = product({ 1: ["10"], 2: ["20", "21"] }, [variant("a", ["1:10", "2:20"])])
    const variants = held.map((entry) => ({ ...entry, deleted: entry.id === "variant_b" }))
    const deleted = structure(context(fewer, { medusa: store({ variants }) }))
    expect(deleted.remove_values.map((entry) => keysOf(entry.links))).toEqual([["1:1:11"]])
  })
})

describe("a variant that the merchant deleted", () => {
  const remade = { ...read, variants: [variant("x", ["1:10", "2:20"]), ...read.variants.slice(1)] }

  it.each([
    ["not there any more", held.slice(1)],
    ["marked as deleted", held.map((entry) => ({ ...entry, deleted: entry.id === "variant_a" }))],
  ])("is not made again where the ERP remade it under a new id: %s", (_case, variants) => {
    const plan = values(context(remade, { medusa: store({ variants }) }))
    expect(keysOf(plan.deleted_variants)).toEqual(["a"])
    expect(plan.variants.map((entry) => entry.link.erp_id)).toEqual(["b"])
  })

  it("is deleted too where the ERP had given it up before", () => {
    const gone = [...links.slice(0, 1), { ...links[1], state: "gone" } as Link]
    const fewer = { ...read, variants: read.variants.slice(0, 1) }
    const given = withLinks({ variants: gone })
    const plan = values(context(fewer, { ...given, medusa: store({ variants: held.slice(0, 1) }) }))
    expect(keysOf(plan.deleted_variants)).toEqual(["b"])
  })
})

describe("a variant whose creator died", () => {
  it("is created under the id that was chosen for it", () => {
    const creating = [...links.slice(0, 1), { ...links[1], state: "creating" } as Link]
    const plan = planProduct(
      context(read, {
        ...withLinks({ variants: creating }),
        medusa: store({ variants: held.slice(0, 1) }),
      }),
    )
    const matches = plan.kind === "structure" ? plan.matches : null
    expect(matches?.kept.map(({ link, erp }) => [link.medusa_id, erp.id])).toEqual([
      ["variant_a", "a"],
      ["variant_b", "b"],
    ])
    expect(matches?.fresh).toEqual([])
  })
})

describe("a product of which one variant stays, one is remade and one is gone", () => {
  it("goes on", () => {
    const erp = {
      ...read,
      variants: [variant("a", ["1:10", "2:20"]), variant("y", ["1:11", "2:21"])],
    }
    const third = variantLink("c", "1:10,2:21", tracked)
    const variants = [...held, medusaVariant("c", ["val_10", "val_21"])]
    const given = context(erp, {
      ...withLinks({ variants: [...links, third] }),
      medusa: store({ variants }),
      values_only: true,
    })
    expect(values(given)).toMatchObject({ life: "keep", partial: true })
  })
})

describe("values alone, where the structure could not be changed", () => {
  it("still say that both sides keep stock alike", () => {
    const erp = { ...read, variants: [...read.variants, variant("c", ["1:10", "2:21"])] }
    const unbased = links.map((entry) => ({ ...entry, ...bases({}) }))
    const plan = values(context(erp, { ...withLinks({ variants: unbased }), values_only: true }))
    const decisions = plan.variants.map(
      ({ fields }) => fields.find(({ field }) => field === "tracked")?.decision.outcome,
    )
    expect([plan.partial, decisions]).toEqual([true, ["agree", "agree"]])
  })
})

describe("a price that the store does not have yet", () => {
  it("reads as none there", () => {
    const price = { list: "list", currency: "eur", amount: "3", tax_included: null }
    const priced = { ...read, variants: [variant("a", ["1:10", "2:20"], { prices: [price] })] }
    const other = { id: medusaId("price_1"), currency: "usd", amount: "7" }
    const variants = [{ ...medusaVariant("a", ["val_10", "val_20"]), prices: [other] }]
    const one = withLinks({ variants: links.slice(0, 1) })
    const plan = values(context(priced, { ...one, medusa: store({ variants }), values_only: true }))
    expect(plan.variants[0]?.fields.find(({ field }) => field === "price:eur")).toMatchObject({
      erp: "3",
      medusa: null,
      decision: { outcome: "write", from: null, to: "3" },
    })
  })
})
