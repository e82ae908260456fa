import { ErpProduct } from "../canonical"
import { medusaId } from "../ids"
import { planProduct, ProductContext } from "../plan-product"
import { StructurePlan } from "../plan-structure"
import { MedusaOption, MedusaVariant } from "../snapshot"
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
import { bases, standing } from "./product-fixtures"

const tracked = bases({ tracked: true })

const structure = (
  erp: ErpProduct,
  store: { options: MedusaOption[]; variants?: MedusaVariant[] },
  links: Partial<ProductContext["links"]> = {},
): StructurePlan => {
  const base = standing()
  const plan = planProduct({
    ...base,
    erp,
    links: { ...base.links, variants: [variantLink("a", "1:10", tracked)], ...links },
    medusa: medusaProduct({ variants: [medusaVariant("a", ["val_10"])], ...store }),
  })
  if (plan.kind !== "structure") {
    throw new Error(`a plan of ${plan.kind}`)
  }
  return plan.structure
}

const tombstone = (entry: Link): Link => ({ ...entry, state: "tombstone" })

describe("a value of the ERP's that the store has without a link", () => {
  const grown = product({ 1: ["10", "12"] }, [variant("a", ["1:10"])])
  const named = (...names: string[]): MedusaOption[] => {
    const option = medusaOption("1", ["10"])
    const more = names.map((value, index) => ({ id: medusaId(`val_own_${index}`), value }))
    return [{ ...option, values: [...option.values, ...more] }]
  }
  const links = optionLinks({ 1: ["10"] })

  it("is linked by its name, case and space aside", () => {
    const { adopt, add_values } = structure(grown, { options: named(" VALUE 12 ") }, links)
    expect(adopt).toEqual([
      {
        entity: "option_value",
        erp_key: "1:1:12",
        medusa_id: "val_own_0",
        title: " VALUE 12 ",
      },
    ])
    expect(add_values).toEqual([])
    const spaced = structuredClone(grown)
    spaced.options.forEach((option) => option.values.forEach((value) => (value.title += "  ")))
    expect(structure(spaced, { options: named("value 12") }, links).adopt).toHaveLength(1)
  })

  it.each([
    ["has another name", ["Value 13"]],
    ["could be two", ["value 12", "VALUE 12"]],
  ])("is added where the one in the store %s", (_case, names) => {
    const { adopt, add_values } = structure(grown, { options: named(...names) }, links)
    expect(adopt).toEqual([])
    expect(add_values).toMatchObject([{ option_id: "opt_1", values: ["Value 12"] }])
  })

  it("takes the one whose former link was given up: nobody else has it", () => {
    const { options, values } = optionLinks({ 1: ["10", "11"] })
    const given = values.map((entry) => (entry.id === "elnk_w11" ? tombstone(entry) : entry))
    const renamed = structuredClone(grown)
    renamed.options.forEach((option) =>
      option.values.forEach((value) => (value.title = value.title.replace("12", "11"))),
    )
    const held = { options: [medusaOption("1", ["10", "11"])] }
    expect(structure(renamed, held, { options, values: given }).adopt).toEqual([
      { entity: "option_value", erp_key: "1:1:12", medusa_id: "val_11", title: "Value 11" },
    ])
  })
})

describe("what the merchant removed and the ERP still has", () => {
  const erp = product({ 1: ["10", "11"] }, [variant("a", ["1:10"])])
  const links = optionLinks({ 1: ["10", "11"] })
  const restored = (plan: StructurePlan): unknown[] =>
    plan.restored.map(({ link, title }) => [link.erp_id, title])

  it("is noted as it is added again: a value, or an option", () => {
    const without = structure(erp, { options: [medusaOption("1", ["10"])] }, links)
    expect(restored(without)).toEqual([["1:1:11", "Value 11"]])
    expect(without.add_values).toMatchObject([{ values: ["Value 11"] }])
    expect(restored(structure(erp, { options: [] }, links))).toEqual([["1:1", "Option 1"]])
  })

  it("is not what is new in the ERP, nor what was given up", () => {
    const options = [medusaOption("1", ["10"])]
    const fresh = structure(erp, { options }, optionLinks({ 1: ["10"] }))
    expect([restored(fresh), fresh.add_values.length]).toEqual([[], 1])
    const values = links.values.map((entry) => (entry.id === "elnk_w11" ? tombstone(entry) : entry))
    expect(restored(structure(erp, { options }, { ...links, values }))).toEqual([])
  })
})

describe("a variant that is new in the ERP", () => {
  const both = { 1: ["10"], 2: ["20", "21"] }
  const erp = product(both, [variant("a", ["1:10", "2:20"]), variant("c", ["1:10", "2:21"])])
  const options = [medusaOption("1", ["10"]), medusaOption("2", ["20", "21"])]
  const first = medusaVariant("a", ["val_10", "val_20"])
  const linked = [variantLink("a", "1:10,2:20", tracked)]
  const plan = (own: MedusaVariant | null, variants: Link[] = linked) => {
    const { join, create } = structure(
      erp,
      { options, variants: own ? [first, own] : [first] },
      { ...optionLinks(both), variants },
    )
    return [
      join.map((entry) => [entry.erp.id, entry.medusa.id]),
      create.map((entry) => entry.erp.id),
    ]
  }

  it("is linked to the one of the store that has all its values, whatever that has besides", () => {
    const joined = [[["c", "variant_own"]], []]
    expect(plan(medusaVariant("own", ["val_10", "val_21"]))).toEqual(joined)
    expect(plan(medusaVariant("own", ["val_10", "val_21", "val_90"]))).toEqual(joined)
  })

  it.each<[string, MedusaVariant | null]>([
    ["has none", null],
    ["has one with some of its values", medusaVariant("own", ["val_10"])],
    ["had one, and deleted it", medusaVariant("own", ["val_10", "val_21"], { deleted: true })],
  ])("is made where the store %s", (_case, own) => {
    expect(plan(own)).toEqual([[], ["c"]])
  })

  it("is linked while another one is made, in the same plan", () => {
    const three = { 1: ["10"], 2: ["20", "21", "22"] }
    const more = product(three, [...erp.variants, variant("d", ["1:10", "2:22"])])
    const { join, create } = structure(
      more,
      {
        options: [medusaOption("1", ["10"]), medusaOption("2", ["20", "21", "22"])],
        variants: [first, medusaVariant("own", ["val_10", "val_21"])],
      },
      { ...optionLinks(three), variants: linked },
    )
    expect([join.map(({ erp: { id } }) => id), create.map(({ erp: { id } }) => id)]).toEqual([
      ["c"],
      ["d"],
    ])
  })

  it("is made where the store's one was linked to another of the ERP's before", () => {
    const former = tombstone(variantLink("z", "1:10,2:21", tracked))
    expect(plan(medusaVariant("z", ["val_10", "val_21"]), [...linked, former])).toEqual([[], ["c"]])
  })
})
