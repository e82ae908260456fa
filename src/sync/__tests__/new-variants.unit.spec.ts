import { medusaId } from "../ids"
import { editOf, NewVariant, planNewVariants } from "../new-variants"
import { optionKey } from "../option-keys"
import { keepRefusal } from "../refusals"
import { Rules } from "../rules"
import { MedusaOption, MedusaProduct, MedusaVariant } from "../snapshot"
import { Link } from "../values"
import {
  link,
  medusaOption,
  medusaProduct,
  medusaVariant,
  NOW,
  optionLinks,
  pushing,
  variantLink,
} from "./fixtures"

const creating = (): Rules => {
  const standing = pushing()
  return { ...standing, push: { ...standing.push, create: true, create_variants: true } }
}

const added = medusaVariant("c", ["val_11"], { title: "C" })
const store = (options: MedusaOption[], variants: MedusaVariant[] = [added]): MedusaProduct =>
  medusaProduct({ options, variants })

const known = (changes: Partial<Parameters<typeof planNewVariants>[1]> = {}) => ({
  product: link(),
  variants: [variantLink("a", "1:10")],
  ...optionLinks({ 1: ["10", "11"] }),
  ...changes,
})

const planned = (medusa: MedusaProduct, links = known()) =>
  planNewVariants(creating(), links, medusa, NOW)

const colours = medusaOption("1", ["10", "11"])

describe("a new variant of the store that waits", () => {
  const messageOf = (medusa: MedusaProduct, links = known()): string | undefined => {
    const { due, waiting } = planned(medusa, links)
    const [field] = waiting
    expect([due, waiting.length]).toEqual([[], 1])
    return field?.decision.outcome === "pending" ? field.decision.message : undefined
  }

  it("stands among the fields of its product under its title, and nothing of the ERP's loses", () => {
    const [field] = planNewVariants(pushing(), known(), store([colours]), NOW).waiting
    expect(field).toEqual({
      field: "variant:variant_c",
      medusa_field: "variant:variant_c",
      voided: false,
      erp: null,
      medusa: "C",
      decision: {
        outcome: "pending",
        reason: "create_off",
        message: expect.stringMatching(/create: true/),
        value: "C",
        loses_erp: false,
      },
    })
  })

  it("says nothing more where the reason says all", () => {
    const standing = creating()
    const held: Rules = { ...standing, push: { ...standing.push, held: "push_off" } }
    const [field] = planNewVariants(held, known(), store([colours]), NOW).waiting
    expect(Object.keys(field?.decision ?? {}).sort()).toEqual([
      "loses_erp",
      "outcome",
      "reason",
      "value",
    ])
  })

  it("names the option that the ERP's product does not have", () => {
    const size = { ...medusaOption("2", ["20", "21"]), title: "Size" }
    expect(messageOf(store([colours, size]))).toMatch(/no option "Size" in the ERP/)
  })

  it("names the option that the ERP's product has instead: none", () => {
    const simple = optionLinks({ default: ["default"] })
    const options = [{ ...medusaOption("default", ["default", "11"]), title: "Default option" }]
    expect(messageOf(store(options), known(simple))).toMatch(
      /no option "Default option" in the ERP/,
    )
  })

  it("names the option that it has no value for", () => {
    const size = { ...medusaOption("2", ["20", "21"]), title: "Size" }
    const both = optionLinks({ 1: ["10", "11"], 2: ["20", "21"] })
    expect(messageOf(store([colours, size]), known(both))).toMatch(/no value for "Size"/)
  })

  it("says that nothing tells it apart, where only options without a choice are left", () => {
    const only = medusaOption("9", ["90"])
    expect(messageOf(store([only]), known({ options: [], values: [] }))).toMatch(/Nothing tells/)
  })

  it("says so where the product's options are the merchant's own, whatever they are", () => {
    const own = link({ kept: { foreign_options: true } })
    expect(messageOf(store([colours]), known({ product: own }))).toMatch(/not those of the ERP/)
  })
})

describe("a new variant that is due", () => {
  it("is told from a deleted one, and from those that are linked", () => {
    const variants = [medusaVariant("a", ["val_10"]), { ...added, deleted: true }]
    expect(planned(store([colours], variants))).toEqual({ due: [], waiting: [] })
  })

  it("gives its values in the order of the options, each under its option's id", () => {
    const both = optionLinks({ 1: ["10", "11"], 2: ["20"] })
    const variant = medusaVariant("c", ["val_20", "val_11"])
    const { due } = planned(
      store([colours, medusaOption("2", ["20"]), medusaOption("9", ["90"])], [variant]),
      known(both),
    )
    expect(due).toEqual([
      {
        variant,
        values: [
          { option_id: "1", value_id: "11", title: "Value 11" },
          { option_id: "2", value_id: "20", title: "Value 20" },
        ],
      },
    ])
  })

  it("has a value that is new to the ERP where its link was given up, or belongs to another option", () => {
    const { options, values } = optionLinks({ 1: ["10", "11"] })
    const given = values.map((entry): Link =>
      entry.medusa_id === medusaId("val_11") ? { ...entry, state: "tombstone" } : entry,
    )
    const other = optionLinks({ 12: ["11"] }).values
    for (const links of [given, other]) {
      expect(planned(store([colours]), known({ options, values: links })).due).toMatchObject([
        { values: [{ option_id: "1", value_id: null, title: "Value 11" }] },
      ])
    }
  })

  it("has no option whose link was given up", () => {
    const { options, values } = optionLinks({ 1: ["10", "11"] })
    const given = options.map((entry): Link => ({ ...entry, state: "tombstone" }))
    expect(planned(store([colours]), known({ options: given, values })).due).toEqual([])
  })
})

describe("the content of a new variant, for which a refusal is kept", () => {
  const of = (changes: Partial<MedusaVariant>, values: NewVariant["values"] = []) =>
    editOf({ variant: { ...added, ...changes }, values })
  const price = (currency: string, amount: string) => ({
    id: medusaId(`price_${currency}`),
    currency,
    amount,
  })

  it.each<[string, Partial<MedusaVariant>]>([
    ["sku", { sku: "other" }],
    ["barcode", { barcode: "4006381333931" }],
    ["weight", { weight: "12" }],
    ["price", { prices: [price("eur", "3")] }],
  ])("is another one with another %s", (_case, changes) => {
    expect(of(changes)).not.toEqual(of({}))
  })

  it("is another one with another amount, and with other values", () => {
    expect(of({ prices: [price("eur", "3")] })).not.toEqual(of({ prices: [price("eur", "4")] }))
    const [value] = planned(store([colours])).due.flatMap(({ values }) => values)
    expect(of({}, value ? [value] : [])).not.toEqual(of({}))
  })

  it("does not know the order of prices, nor their rows", () => {
    const eur = price("eur", "3")
    const usd = price("usd", "4")
    const remade = { ...usd, id: medusaId("price_9") }
    expect(of({ prices: [eur, usd] })).toEqual(of({ prices: [remade, eur] }))
    expect(of({}).from).toBeNull()
  })

  it("is refused for a day, in its own name", () => {
    const [due] = planned(store([colours])).due
    const edit = due ? editOf(due) : of({})
    const kept = {
      "refused:variant:variant_c": keepRefusal(
        { reason: "refused_by_erp", message: "No." },
        edit,
        NOW,
      ),
    }
    const { waiting } = planned(store([colours]), known({ product: link({ kept }) }))
    expect(waiting).toMatchObject([
      { decision: { outcome: "pending", reason: "refused_by_erp", message: "No." } },
    ])
    const tomorrow = new Date(Date.parse(NOW) + 24 * 60 * 60 * 1000).toISOString()
    const again = known({ product: link({ kept }) })
    expect(planNewVariants(creating(), again, store([colours]), tomorrow).due).toHaveLength(1)
  })
})

describe("keys of options", () => {
  it("belong to their product", () => {
    expect(optionKey("1", "2")).toBe("1:2")
  })
})
