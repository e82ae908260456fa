import { ErpProduct } from "../canonical"
import { optionNames, withDefaultOption } from "../default-option"
import { medusaId } from "../ids"
import { matchVariants } from "../match-variants"
import { isEmptyStructure, planStructure, StructureContext, StructurePlan } from "../plan-structure"
import { MedusaProduct } from "../snapshot"
import { Link } from "../values"
import {
  link,
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

const tracked = { base_erp: { tracked: true }, base_medusa: { tracked: true } }
const colours = { 1: ["10", "11"] }
const erp = product(colours, [variant("a", ["1:10"]), variant("b", ["1:11"])])
const links = [variantLink("a", "1:10", tracked), variantLink("b", "1:11", tracked)]
const held = [medusaVariant("a", ["val_10"]), medusaVariant("b", ["val_11"])]
const store = (changes: Partial<MedusaProduct> = {}): MedusaProduct =>
  medusaProduct({ options: [medusaOption("1", ["10", "11"])], variants: held, ...changes })

const plan = (
  read: ErpProduct,
  changes: Partial<StructureContext> = {},
  variants: Link[] = links,
): StructurePlan => {
  const full = withDefaultOption(read)
  return planStructure({
    rules: rules(),
    now: NOW,
    erp: full,
    names: optionNames(full),
    matches: matchVariants(full, variants),
    ...optionLinks(colours),
    medusa: store(),
    inactive: false,
    foreign_options: false,
    kept: {},
    ...changes,
  })
}

const PARTS = [
  "adopt",
  "rename_options",
  "rename_values",
  "add_options",
  "add_values",
  "assign",
  "create",
  "delete",
  "remove_values",
  "remove_options",
  "tracked",
] as const

describe("an empty structure", () => {
  const one = [{}] as never
  const pairs = PARTS.flatMap((a) => PARTS.map((b) => [a, b] as const))

  it.each(pairs)("is one without %s and %s", (a, b) => {
    const nothing = plan(erp)
    expect(isEmptyStructure(nothing)).toBe(true)
    expect(isEmptyStructure({ ...nothing, [a]: one, [b]: one })).toBe(false)
  })

  it("may leave variants unfit: they park, and nothing is to be done", () => {
    const unfit = [{ erp: variant("c", []), reason: "has no value" }]
    expect(isEmptyStructure({ ...plan(erp), unfit })).toBe(true)
  })
})

describe("options that are the merchant's own", () => {
  const untracked = structuredClone(erp)
  untracked.variants.forEach((entry) => (entry.tracked = false))

  it("stay, with their variants; only stock keeping follows", () => {
    const foreign = plan(untracked, { foreign_options: true, options: [], values: [] })
    expect({ ...foreign, tracked: [] }).toEqual({ ...plan(erp), tracked: [] })
    expect(foreign.tracked.map((entry) => [entry.erp.id, entry.manage_inventory])).toEqual([
      ["a", false],
      ["b", false],
    ])
  })

  it("ask nothing of a variant that the store does not have", () => {
    const foreign = { foreign_options: true, medusa: store({ variants: [] }) }
    expect(isEmptyStructure(plan(untracked, foreign))).toBe(true)
  })

  it("have no place for a new variant, and say so", () => {
    const more = product(colours, [...erp.variants, variant("c", ["1:10"])])
    const { unfit, create } = plan(more, { foreign_options: true })
    expect(create).toEqual([])
    expect(unfit.map((entry) => [entry.erp.id, entry.reason])).toEqual([
      ["c", "has no counterpart, and the product's options in the store differ from the ERP's"],
    ])
  })
})

describe("an option that was announced", () => {
  const kept = { "option:1": "Option 1", "value:1:10": "Value 10", "value:1:11": "Value 11" }
  const unlinked = { kept, options: [], values: [] }

  it("is linked with its values, each under its own key", () => {
    expect(plan(erp, unlinked).adopt).toEqual([
      { entity: "option", erp_key: "1:1", medusa_id: "opt_1", title: "Option 1" },
      { entity: "option_value", erp_key: "1:1:10", medusa_id: "val_10", title: "Value 10" },
      { entity: "option_value", erp_key: "1:1:11", medusa_id: "val_11", title: "Value 11" },
    ])
  })

  it.each<[string, Partial<MedusaProduct>]>([
    ["was not made", { options: [] }],
    ["has another name", { options: [{ ...medusaOption("1", ["10"]), title: "Colour" }] }],
    ["is shared", { options: [{ ...medusaOption("1", ["10"]), is_exclusive: false }] }],
  ])("is made where the one in the store %s", (_case, changes) => {
    const { adopt, add_options } = plan(erp, { ...unlinked, medusa: store(changes) })
    expect(adopt).toEqual([])
    expect(add_options).toMatchObject([{ title: "Option 1", values: ["Value 10", "Value 11"] }])
  })

  it("is made where the one in the store is linked to another", () => {
    const other = link({ id: "elnk_other", entity: "option", medusa_id: medusaId("opt_1") })
    expect(plan(erp, { ...unlinked, options: [other] }).adopt).toEqual([])
  })

  it("is linked without values that nobody announced, or that another one has", () => {
    const taken = link({ id: "elnk_x", entity: "option_value", medusa_id: medusaId("val_11") })
    const some = { "option:1": "Option 1", "value:1:11": "Value 11" }
    const { adopt } = plan(erp, { kept: some, options: [], values: [taken] })
    expect(adopt.map((entry) => entry.erp_key)).toEqual(["1:1"])
  })

  it("lends a value to a linked option: it is linked instead of added", () => {
    const { options, values } = optionLinks(colours)
    const missing = { options, values: values.slice(0, 1), kept }
    const { adopt, add_values } = plan(erp, missing)
    expect([adopt.map((entry) => entry.erp_key), add_values]).toEqual([["1:1:11"], []])
  })

  it("adds the value where the store has none of that name", () => {
    const { options, values } = optionLinks(colours)
    const medusa = store({ options: [medusaOption("1", ["10"])] })
    const { adopt, add_values } = plan(erp, { options, values: values.slice(0, 1), kept, medusa })
    expect(adopt).toEqual([])
    expect(add_values).toMatchObject([{ option_id: "opt_1", values: ["Value 11"] }])
  })
})

describe("options that the store has under a link", () => {
  it("are added again where the merchant removed them", () => {
    const { add_options } = plan(erp, { medusa: store({ options: [] }) })
    expect(add_options).toMatchObject([{ title: "Option 1", values: ["Value 10", "Value 11"] }])
  })

  it("get a removed value back", () => {
    const medusa = store({ options: [medusaOption("1", ["10"])] })
    expect(plan(erp, { medusa }).add_values).toMatchObject([{ values: ["Value 11"] }])
  })

  it("use the names that the options of the store repeat", () => {
    const twins = product({ 1: ["10"], 2: ["20"] }, [variant("a", ["1:10", "2:20"])])
    twins.options.forEach((option) => {
      option.title = "Size"
      option.values.forEach((value) => (value.title = "M"))
    })
    const bare = { options: [], values: [], medusa: store({ options: [], variants: [] }) }
    const { add_options } = plan(twins, bare, [])
    expect(add_options.map((entry) => [entry.title, entry.values])).toEqual([
      ["Size", ["M"]],
      ["Size (2)", ["M"]],
    ])
  })

  it("are renamed by the owner of option titles alone", () => {
    const renamed = structuredClone(erp)
    renamed.options.forEach((option) => (option.title = "Colour"))
    const owners = { option_title: "medusa" } as const
    expect(plan(renamed, { rules: rules({ owners }) }).rename_options).toEqual([])
    expect(plan(renamed, { rules: rules({ owners: { title: "medusa" } }) }).rename_options).toEqual(
      [expect.objectContaining({ title: "Colour", option_id: "opt_1" })],
    )
  })

  it("keep a shared value's name", () => {
    const renamed = structuredClone(erp)
    renamed.options.forEach((option) => option.values.forEach((value) => (value.title += "!")))
    const shared = [{ ...medusaOption("1", ["10", "11"]), is_exclusive: false }]
    expect(plan(renamed, { medusa: store({ options: shared }) }).rename_values).toEqual([])
  })
})

describe("variants of the options", () => {
  it("that the ERP keeps without a value are unfit, and left as they are", () => {
    const bad = product(colours, [variant("a", []), variant("b", ["1:11"])])
    const { unfit, assign, tracked: turned } = plan(bad)
    expect(unfit.map((entry) => [entry.erp.id, entry.reason])).toEqual([
      ["a", "has no value for one of the product's options"],
    ])
    expect([assign, turned]).toEqual([[], []])
  })

  it("that are new and lack a value, or repeat one, say which of the two it is", () => {
    const more = [variant("c", []), variant("d", ["1:10"]), variant("e", ["1:11"])]
    const { unfit, create } = plan(product(colours, [...erp.variants, ...more]))
    expect(create).toEqual([])
    expect(unfit.map((entry) => [entry.erp.id, entry.reason])).toEqual([
      ["c", "has no value for one of the product's options"],
      ["d", "has the same option values as another variant"],
      ["e", "has the same option values as another variant"],
    ])
  })

  it("are assigned anew where the ERP gave them other values", () => {
    const swapped = product(colours, [variant("a", ["1:11"]), variant("b", ["1:10"])])
    expect(plan(swapped).assign).toEqual([
      { variant_id: "variant_a", options: { "Option 1": "Value 11" } },
      { variant_id: "variant_b", options: { "Option 1": "Value 10" } },
    ])
  })

  it("are not assigned anew because of an order of options, or of an option of the merchant's", () => {
    const both = { 1: ["10"], 2: ["20"] }
    const read = product(both, [variant("a", ["1:10", "2:20"])])
    const own = medusaOption("9", ["90"])
    const medusa = store({
      options: [medusaOption("2", ["20"]), medusaOption("1", ["10"]), own],
      variants: [medusaVariant("a", ["val_90", "val_20", "val_10"])],
    })
    const standing = [variantLink("a", "1:10,2:20", tracked)]
    expect(plan(read, { ...optionLinks(both), medusa }, standing).assign).toEqual([])
  })

  it("hold values that the store does not show: they are assigned", () => {
    const medusa = store({ variants: [medusaVariant("a", ["val_99"]), ...held.slice(1)] })
    expect(plan(erp, { medusa }).assign).toEqual([
      { variant_id: "variant_a", options: { "Option 1": "Value 10" } },
    ])
  })

  it("that were never made are made only where their link says that this was under way", () => {
    const medusa = store({ variants: held.slice(1) })
    const under = [variantLink("a", "1:10", { ...tracked, state: "creating" }), ...links.slice(1)]
    expect(plan(erp, { medusa }, under).create.map((entry) => entry.erp.id)).toEqual(["a"])
    expect(plan(erp, { medusa }).create).toEqual([])
  })
})

describe("what stands in the way", () => {
  const fewer = product({ 1: ["10", "11"] }, [variant("a", ["1:10"])])

  it("is a gone variant only where options change", () => {
    expect(plan(fewer).delete).toEqual([])
    const added = product({ 1: ["10", "11"], 2: ["20"] }, [variant("a", ["1:10", "2:20"])])
    expect(plan(added).delete.map((entry) => entry.erp_id)).toEqual(["b"])
  })

  it("is none of an archived product's, and none that the merchant deleted", () => {
    const added = product({ 1: ["10", "11"], 2: ["20"] }, [variant("a", ["1:10", "2:20"])])
    expect(plan(added, { inactive: true }).delete).toEqual([])
    const deleted = [medusaVariant("a", ["val_10"]), medusaVariant("b", [], { deleted: true })]
    expect(plan(added, { medusa: store({ variants: deleted }) }).delete).toEqual([])
    expect(plan(added, { medusa: store({ variants: held.slice(0, 1) }) }).delete).toEqual([])
  })

  it("is a variant whose values, under the names they get, are a new one's", () => {
    const read = product({ 1: ["10", "11"] }, [variant("a", ["1:10"])])
    read.options.forEach((option) => {
      option.title = "Colour"
      option.values.forEach((value) => (value.title = `New ${value.id}`))
    })
    const gone = variantLink("b", "1:11", tracked)
    const matches = {
      kept: [],
      repointed: [],
      gone: [gone],
      fresh: [variant("c", ["1:11"])],
    }
    expect(plan(read, { matches }).delete).toEqual([gone])
    const other = { ...matches, fresh: [variant("c", ["1:10"])] }
    expect(plan(read, { matches: other }).delete).toEqual([])
  })

  it("is a value that nobody holds any more, of that option alone", () => {
    const two = { 1: ["10", "11"], 2: ["20", "21"] }
    const read = product({ 1: ["10"], 2: ["20", "21"] }, [variant("a", ["1:10", "2:20"])])
    const medusa = store({
      options: [medusaOption("1", ["10", "11"]), medusaOption("2", ["20", "21"])],
      variants: [medusaVariant("a", ["val_10", "val_20"])],
    })
    const standing = [variantLink("a", "1:10,2:20", tracked)]
    const { remove_values } = plan(read, { ...optionLinks(two), medusa }, standing)
    expect(
      remove_values.map((entry) => [entry.option_id, entry.links.map((l) => l.erp_id)]),
    ).toEqual([["opt_1", ["1:1:11"]]])
  })

  it.each<[string, Partial<StructureContext>]>([
    ["a variant still holds it", {}],
    [
      "the option is shared",
      {
        medusa: store({
          options: [{ ...medusaOption("1", ["10", "11"]), is_exclusive: false }],
          variants: held.slice(0, 1),
        }),
      },
    ],
    [
      "the store does not have it",
      { medusa: store({ options: [medusaOption("1", ["10"])], variants: held.slice(0, 1) }) },
    ],
    ["its option is not linked", { options: [], medusa: store({ variants: held.slice(0, 1) }) }],
  ])("is no value where %s", (_case, changes) => {
    const read = product({ 1: ["10"] }, [variant("a", ["1:10"])])
    expect(plan(read, changes).remove_values).toEqual([])
  })

  it("is a value of a variant that is deleted or assigned anew in this very plan", () => {
    const read = product({ 1: ["10"] }, [variant("b", ["1:10"])])
    const { assign, remove_values } = plan(read, {}, links.slice(1))
    expect(assign.map((entry) => entry.variant_id)).toEqual(["variant_b"])
    expect(remove_values.flatMap((entry) => entry.links.map((l) => l.erp_id))).toEqual(["1:1:11"])
  })

  it("is an option that the ERP dropped, where the store still has it", () => {
    const bare = product({}, [variant("a", [])])
    const standing = [variantLink("a", "1:10", tracked)]
    const dropped = plan(bare, { medusa: store({ variants: held.slice(0, 1) }) }, standing)
    expect(dropped.remove_options.map((entry) => entry.link.erp_id)).toEqual(["1:1"])
    expect(dropped.assign).toMatchObject([
      { variant_id: "variant_a", options: { "Default option": "Default option value" } },
    ])
    const gone = plan(
      bare,
      { medusa: store({ options: [], variants: held.slice(0, 1) }) },
      standing,
    )
    expect(gone.remove_options).toEqual([])
  })
})
