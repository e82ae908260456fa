import { optionNames } from "../default-option"
import { medusaId } from "../ids"
import { matchVariants } from "../match-variants"
import { editOf, planNewVariants } from "../new-variants"
import { planAdded } from "../plan-added"
import { planStructure } from "../plan-structure"
import { keepRefusal } from "../refusals"
import { Rules } from "../rules"
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
  pushing,
  rules,
  variant,
  variantLink,
} from "./fixtures"

const colours = { 1: ["10", "11"] }
const erp = product(colours, [variant("a", ["1:10"])])
const creating = (): Rules => {
  const standing = pushing()
  return { ...standing, push: { ...standing.push, create: true, create_variants: true } }
}

/** The store has variant a of the ERP, and c, whose value 12 the ERP does not know. */
const store = (changes: Partial<MedusaProduct> = {}): MedusaProduct =>
  medusaProduct({
    options: [medusaOption("1", ["10", "11", "12"])],
    variants: [medusaVariant("a", ["val_10"]), medusaVariant("c", ["val_12"], { title: "C" })],
    ...changes,
  })

const linksOf = (kept: Link["kept"] = {}, variants: Link[] = [variantLink("a", "1:10")]) => ({
  product: link({ kept }),
  variants,
  ...optionLinks(colours),
})

const added = (given: Rules, medusa = store(), links = linksOf()) =>
  planAdded({ ...links, rules: given, now: NOW, erp, names: optionNames(erp), medusa })

const waits = (given: Rules, medusa = store(), links = linksOf()) =>
  added(given, medusa, links).waiting.map(({ field, decision }) =>
    decision.outcome === "pending" ? `${field} ${decision.reason}` : decision.outcome,
  )

describe("a variant that the merchant added", () => {
  it("is due with the ERP's ids of its values, and without one for a value that is new", () => {
    const medusa = store({
      variants: [medusaVariant("b", ["val_11"]), medusaVariant("c", ["val_12"])],
    })
    expect(added(creating(), medusa).due.map(({ values }) => values)).toEqual([
      [{ option_id: "1", value_id: "11", title: "Value 11" }],
      [{ option_id: "1", value_id: null, title: "Value 12" }],
    ])
  })

  it.each([
    ["write-back is off", rules(), "push_off"],
    ["nothing is created", pushing(), "create_off"],
    [
      "the connector adds none",
      { ...creating(), push: { ...creating().push, create_variants: false } },
      "unsupported",
    ],
  ])("waits where %s", (_why, given, reason) => {
    expect(added(given).due).toEqual([])
    expect(waits(given)).toEqual([`variant:variant_c ${reason}`])
  })

  it("waits with what the ERP said to it, until it is another one", () => {
    const [due] = planNewVariants(creating(), linksOf(), store(), NOW).due
    if (!due) throw new Error("no variant is due")
    const refusal = { reason: "unsupported", message: "No room." } as const
    const kept = { "refused:variant:variant_c": keepRefusal(refusal, editOf(due), NOW) }
    const refused = added(creating(), store(), linksOf(kept))
    expect(refused.due).toEqual([])
    expect(refused.waiting).toMatchObject([
      { field: "variant:variant_c", decision: { message: "No room." } },
    ])
    const renamed = store({ variants: [medusaVariant("c", ["val_12"], { sku: "other" })] })
    expect(added(creating(), renamed, linksOf(kept)).due).toHaveLength(1)
  })

  it.each([
    ["was linked once and is not any more", "tombstone" as const],
    ["is linked", "linked" as const],
    ["left the ERP", "gone" as const],
  ])("is none where it %s", (_why, state) => {
    const links = [variantLink("a", "1:10"), variantLink("c", "1:12", { state })]
    const { due, waiting } = added(creating(), store(), linksOf({}, links))
    expect([due, waiting]).toEqual([[], []])
  })

  it("cannot go where the ERP has no such option, or the options are the merchant's own", () => {
    const options = [medusaOption("1", ["10", "11", "12"]), medusaOption("2", ["20", "21"])]
    const medusa = store({
      options,
      variants: [medusaVariant("c", ["val_12", "val_20"])],
    })
    expect(added(creating(), medusa).due).toEqual([])
    expect(waits(creating(), medusa)).toEqual([
      "variant:variant_c unsupported",
      "option:opt_2 unsupported",
    ])
    const foreign = linksOf({ foreign_options: true })
    expect(waits(creating(), medusa, foreign)).toEqual(["variant:variant_c unsupported"])
  })

  it("may have a value of an option without a choice: it tells nothing apart", () => {
    const options = [medusaOption("1", ["10", "11", "12"]), medusaOption("2", ["20"])]
    const medusa = store({ options, variants: [medusaVariant("c", ["val_12", "val_20"])] })
    expect(added(creating(), medusa)).toMatchObject({ due: [{}], waiting: [] })
  })

  it("is nobody's affair while the ERP does not offer the product", () => {
    const archived = { ...erp, active: false }
    const names = optionNames(archived)
    const given = { ...linksOf(), rules: creating(), now: NOW, erp: archived, names }
    expect(planAdded({ ...given, medusa: store() })).toEqual({ due: [], waiting: [], names: [] })
  })
})

describe("an option's names", () => {
  it("wait where the merchant changed them, and a value waits for its first variant", () => {
    const [option] = store().options
    if (!option) throw new Error("no option")
    const medusa = store({
      options: [{ ...option, title: "Shade" }],
      variants: [medusaVariant("a", ["val_10"])],
    })
    const { waiting, names } = added(creating(), medusa)
    expect(waiting.map(({ field }) => field)).toEqual(["value:val_12"])
    expect(
      names.map(({ link: { erp_id }, fields }) => [erp_id, fields[0].decision.outcome]),
    ).toEqual([
      ["1:1", "pending"],
      ["1:1:10", "unchanged"],
      ["1:1:11", "unchanged"],
    ])
  })

  it("are the merchant's alone where several products share the option", () => {
    const options = [{ ...medusaOption("1", ["10", "11"]), is_exclusive: false, title: "Shade" }]
    const medusa = store({ options, variants: [medusaVariant("a", ["val_10"])] })
    expect(added(creating(), medusa).names).toEqual([])
  })
})

describe("what the ERP shows as new and the store has already", () => {
  const grown = product({ 1: ["10", "11", "12"] }, [variant("a", ["1:10"]), variant("c", ["1:12"])])
  const plan = (known: string[], values = optionLinks({ 1: ["10", "11", "12"] })) =>
    planStructure({
      rules: creating(),
      now: NOW,
      erp: grown,
      names: optionNames(grown),
      matches: matchVariants(grown, [variantLink("a", "1:10")]),
      ...values,
      medusa: store(),
      inactive: false,
      foreign_options: false,
      kept: {},
      known: new Set(known.map(medusaId)),
    })

  it("is linked by its values, instead of made twice", () => {
    const { join, create } = plan(["variant_a"])
    expect(create).toEqual([])
    expect(join).toMatchObject([{ erp: { id: "c" }, medusa: { id: "variant_c" } }])
  })

  it("is made where the store's variant of these values was linked before", () => {
    expect(plan(["variant_a", "variant_c"])).toMatchObject({ join: [], create: [{}] })
  })

  it("is, if a value, linked by its name first", () => {
    const { adopt, add_values } = plan(["variant_a"], optionLinks(colours))
    expect(add_values).toEqual([])
    expect(adopt).toEqual([
      { entity: "option_value", erp_key: "1:1:12", medusa_id: "val_12", title: "Value 12" },
    ])
  })
})
