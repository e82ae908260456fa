import { ErpProduct } from "../canonical"
import { optionNames } from "../default-option"
import { medusaId } from "../ids"
import { NamesContext, planAddedOptions, planName, planNames } from "../option-names"
import { MedusaOption, MedusaVariant } from "../snapshot"
import { Link } from "../values"
import {
  link,
  medusaOption,
  medusaProduct,
  medusaVariant,
  NOW,
  optionLinks,
  product,
  pushing,
  rules,
} from "./fixtures"

const colours = { 1: ["10", "11"] }
const erp = product(colours, [])

const context = (changes: Partial<NamesContext> = {}, read: ErpProduct = erp): NamesContext => ({
  rules: pushing(),
  now: NOW,
  erp: read,
  names: optionNames(read),
  ...optionLinks(colours),
  medusa: medusaProduct({ options: [medusaOption("1", ["10", "11"])] }),
  ...changes,
})

const own = (changes: Partial<Link> = {}): Link =>
  link({ entity: "option", base_erp: { title: "a" }, base_medusa: { title: "a" }, ...changes })

describe("a name of an option or of a value", () => {
  it("goes to the store like any field that both sides share", () => {
    expect(planName(pushing(), own(), "b", "a", NOW)).toMatchObject({
      field: "title",
      decision: { outcome: "write", to: "b" },
    })
    expect(planName(pushing(), own(), "b", "m", NOW)).toMatchObject({
      decision: { outcome: "write", rule: "conflict_erp_wins" },
    })
  })

  it("waits where the merchant changed it, and says what to do", () => {
    expect(planName(pushing(), own(), "a", "m", NOW).decision).toEqual({
      outcome: "pending",
      reason: "unsupported",
      message: expect.stringMatching(/shared by many products.*do not go there/),
      value: "m",
      loses_erp: false,
    })
  })

  it("needs no word where nothing waits", () => {
    const decisions = [
      planName(pushing(), own(), "a", "a", NOW).decision,
      planName(pushing(), own(), "b", "b", NOW).decision,
      planName(pushing({ owners: { option_title: "medusa" } }), own(), "b", "a", NOW).decision,
    ]
    expect(decisions.map((decision) => decision.outcome)).toEqual(["unchanged", "agree", "drift"])
    expect(decisions.filter((decision) => "message" in decision)).toEqual([])
  })

  it("has an owner of its own, apart from that of products' titles", () => {
    const owners = { option_title: "erp", title: "medusa" } as const
    expect(planName(rules({ owners }), own(), "a", "m", NOW).decision).toMatchObject({
      outcome: "write",
      rule: "enforce",
    })
  })
})

describe("the names of a product", () => {
  const plans = (changes: Partial<NamesContext> = {}, read?: ErpProduct) =>
    planNames(context(changes, read)).map(({ link: { erp_id }, fields: [plan] }) => [
      erp_id,
      plan.erp,
      plan.medusa,
    ])

  it("are those of its linked options and values", () => {
    expect(plans()).toEqual([
      ["1:1", "Option 1", "Option 1"],
      ["1:1:10", "Value 10", "Value 10"],
      ["1:1:11", "Value 11", "Value 11"],
    ])
  })

  it("are told apart as the store has them, where the ERP repeats one", () => {
    const read = product({ 1: ["10", "11"], 2: ["20"] }, [])
    read.options.forEach((option) => {
      option.title = "Same"
      option.values.forEach((value) => (value.title = "Same"))
    })
    const medusa = medusaProduct({
      options: [medusaOption("1", ["10", "11"]), medusaOption("2", ["20"])],
    })
    const both = optionLinks({ 1: ["10", "11"], 2: ["20"] })
    expect(plans({ ...both, medusa }, read).map(([, title]) => title)).toEqual([
      "Same",
      "Same",
      "Same (2)",
      "Same (2)",
      "Same",
    ])
  })

  it("are none of an option that several products share, or that the store does not have", () => {
    const shared = [{ ...medusaOption("1", ["10", "11"]), is_exclusive: false }]
    expect(plans({ medusa: medusaProduct({ options: shared }) })).toEqual([])
    expect(plans({ medusa: medusaProduct() })).toEqual([])
  })

  it("are none of what is not linked, or not any more", () => {
    const { options, values } = optionLinks(colours)
    expect(plans({ options: [], values: [] })).toEqual([])
    const given = (entry: Link): Link => ({ ...entry, state: "tombstone" })
    expect(plans({ options: options.map(given), values: values.map(given) })).toEqual([])
  })
})

describe("options and values that the merchant added", () => {
  const added = (
    options: MedusaOption[],
    variants: MedusaVariant[] = [],
    links: { options: Link[]; values: Link[] } = optionLinks(colours),
  ) => planAddedOptions({ medusa: medusaProduct({ options, variants }), ...links })

  it("wait under their name, and nothing of the ERP's loses", () => {
    const [value] = added([medusaOption("1", ["10", "11", "12"])])
    expect(value).toEqual({
      field: "value:val_12",
      medusa_field: "value:val_12",
      voided: false,
      erp: null,
      medusa: "Option 1: Value 12",
      decision: {
        outcome: "pending",
        reason: "unsupported",
        message: expect.stringMatching(/no such value/),
        value: "Option 1: Value 12",
        loses_erp: false,
      },
    })
    const [option] = added([medusaOption("1", ["10", "11"]), medusaOption("2", ["20", "21"])])
    expect(option).toMatchObject({
      field: "option:opt_2",
      medusa: "Option 2",
      decision: { outcome: "pending", message: expect.stringMatching(/no such option/) },
    })
  })

  it("are none that a live variant has, as it carries them there; a deleted one carries nothing", () => {
    const options = [medusaOption("1", ["10", "11", "12"])]
    const variant = medusaVariant("c", ["val_12"])
    expect(added(options, [variant])).toEqual([])
    expect(added(options, [{ ...variant, deleted: true }])).toHaveLength(1)
  })

  it("are none without a choice: they tell no variants apart", () => {
    expect(added([medusaOption("1", ["10", "11"]), medusaOption("9", ["90"])])).toEqual([])
  })

  it("are those whose links were given up as well", () => {
    const { options, values } = optionLinks(colours)
    const given = (entry: Link): Link => ({ ...entry, state: "tombstone" })
    const held = [medusaOption("1", ["10", "11"])]
    expect(added(held, [], { options: options.map(given), values })).toMatchObject([
      { field: "option:opt_1" },
    ])
    const one = values.map((entry) =>
      entry.medusa_id === medusaId("val_11") ? given(entry) : entry,
    )
    expect(added(held, [], { options, values: one })).toMatchObject([{ field: "value:val_11" }])
  })
})
