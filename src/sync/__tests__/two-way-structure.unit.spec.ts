import { announcedNames, withAnnounced } from "../announced"
import { optionNames } from "../default-option"
import { erpId, medusaId } from "../ids"
import { matchVariants } from "../match-variants"
import { planFields } from "../plan-fields"
import { planStructure } from "../plan-structure"
import { Intent } from "../values"
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
import { standing, values } from "./product-fixtures"

describe("names announced by a run that died", () => {
  it("bring back the options and values that the ERP has given up since", () => {
    const before = product({ 1: ["10", "11"], 2: ["20"] }, [])
    const kept = { ...announcedNames(before, optionNames(before)), status: "draft" }
    const now = product({ 1: ["10"] }, [])

    const ids = withAnnounced(now, kept).options.map((option) => [
      option.id,
      option.values.map((value) => value.id),
    ])

    expect(ids).toEqual([
      ["1", ["10", "11"]],
      ["2", ["20"]],
    ])
  })
})

describe("a value that left the ERP, and another one of its name", () => {
  const erp = product({ 1: ["12"] }, [variant("a", ["1:12"])])
  const [option] = erp.options
  const named = {
    ...erp,
    options: option ? [{ ...option, values: [{ id: erpId("12"), title: "Value 10" }] }] : [],
  }
  const links = [variantLink("a", "1:12")]

  it("share one value in the store: the link follows", () => {
    const plan = planStructure({
      rules: rules(),
      now: NOW,
      erp: named,
      names: optionNames(named),
      matches: matchVariants(named, links),
      ...optionLinks({ 1: ["10"] }),
      medusa: medusaProduct({
        options: [medusaOption("1", ["10"])],
        variants: [medusaVariant("a", ["val_10"])],
      }),
      inactive: false,
      foreign_options: false,
      kept: {},
    })

    expect(plan.add_values).toEqual([])
    expect(plan.adopt).toMatchObject([
      { entity: "option_value", medusa_id: "val_10", former: { medusa_id: "val_10" } },
    ])
    expect(plan.adopt[0]?.erp_key).toMatch(/:1:12$/)
  })
})

describe("a category that the merchant assigned", () => {
  it("takes part when it is linked, and is carried to the ERP", () => {
    const context = standing()
    const medusa = context.medusa && { ...context.medusa, category_ids: [medusaId("pcat_8")] }

    const field = values({ ...context, medusa }).fields.find((plan) => plan.field === "category:8")

    expect(field?.decision).toMatchObject({ outcome: "pending", value: true })
  })

  it("stays unseen when it is not", () => {
    const context = standing()
    const medusa = context.medusa && { ...context.medusa, category_ids: [medusaId("pcat_own")] }

    expect(values({ ...context, medusa }).fields.map((plan) => plan.field)).toEqual([
      "title",
      "description",
    ])
  })
})

describe("evidence of an open intent", () => {
  const intent: Intent = {
    source: "medusa",
    source_value: "m",
    target_value: "m",
    replaced_value: "a",
    target_version: null,
    at: NOW,
    until: NOW,
  }
  const own = link({ base_erp: { sku: "a" }, base_medusa: { sku: "a" }, intents: { sku: intent } })

  it("is kept with the plan where nothing is written", () => {
    const [plan] = planFields(rules(), own, [{ field: "sku", erp: "m", medusa: null }], NOW)

    expect(plan?.evidence).toEqual({ base_erp: "m", base_medusa: "m" })
  })

  it("is none where the written side holds something else", () => {
    const [plan] = planFields(rules(), own, [{ field: "sku", erp: "x", medusa: null }], NOW)

    expect(plan?.evidence).toBeNull()
  })
})

describe("a structure that could not be carried out", () => {
  it("keeps stock keeping with it: no plan of values turns it on or off", () => {
    const context = standing()
    const variants = context.erp.variants.map((entry) => ({ ...entry, tracked: false }))
    const plan = values({ ...context, erp: { ...context.erp, variants }, values_only: true })

    expect(plan.partial).toBe(true)
    expect(plan.variants[0]?.fields.map((field) => field.field)).not.toContain("tracked")
  })
})
