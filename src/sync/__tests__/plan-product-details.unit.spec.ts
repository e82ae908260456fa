import { erpId, medusaId } from "../ids"
import { planProduct, ProductContext } from "../plan-product"
import {
  link,
  medusaProduct,
  medusaVariant,
  product,
  rules,
  variant,
  variantLink,
} from "./fixtures"
import { agreed, bases, kindOf, standing, values, withErp } from "./product-fixtures"

const two = product({ 1: ["10", "11"] }, [variant("a", ["1:10"]), variant("b", ["1:11"])])
const heldTwo = [
  medusaVariant("a", ["val_10"], { title: "Value 10" }),
  medusaVariant("b", ["val_11"], { title: "Value 11" }),
]
const second = variantLink(
  "b",
  "1:11",
  bases({ ...agreed.base_erp, title: "Value 11", sku: "sku-b" }),
)

/** Two variants in agreement, unless the case says otherwise. */
const pair = (changes: Partial<ProductContext> = {}): ProductContext => {
  const context = standing()
  return {
    ...context,
    erp: two,
    links: { ...context.links, variants: [variantLink("a", "1:10", agreed), second] },
    medusa: medusaProduct({ ...context.medusa, variants: heldTwo }),
    ...changes,
  }
}

const withVariants = (variants: ProductContext["links"]["variants"]): Partial<ProductContext> => ({
  links: { ...pair().links, variants },
})

const lives = (context: ProductContext): unknown[] =>
  values(context).variants.map((entry) => [entry.link.erp_id, entry.life, entry.erp?.id ?? null])

describe("the life of a product's variants", () => {
  it("goes on where both sides have them", () => {
    expect(lives(pair())).toEqual([
      ["a", "keep", "a"],
      ["b", "keep", "b"],
    ])
    expect(values(pair()).life).toBe("keep")
  })

  it("begins again with the ERP's, but not while the product is archived", () => {
    const gone = { ...second, state: "gone" as const }
    const returned = pair(withVariants([variantLink("a", "1:10", agreed), gone]))
    expect(lives(returned)).toEqual([
      ["a", "keep", "a"],
      ["b", "revive", "b"],
    ])
    expect(lives({ ...returned, erp: { ...two, active: false } })).toEqual([
      ["a", "keep", "a"],
      ["b", "keep", "b"],
    ])
  })

  const fewer = { ...two, variants: two.variants.slice(0, 1) }

  it.each(["linked", "creating"] as const)("ends with the ERP's where it is %s", (state) => {
    const context = pair({
      erp: fewer,
      ...withVariants([variantLink("a", "1:10", agreed), { ...second, state }]),
    })
    const [, retired] = values(context).variants
    expect(retired).toMatchObject({ life: "retire", erp: null, fields: [], medusa: heldTwo[1] })
    expect(values(context).life).toBe("keep")
  })

  it.each<[string, Partial<ProductContext>]>([
    [
      "it ended before",
      withVariants([variantLink("a", "1:10", agreed), { ...second, state: "gone" }]),
    ],
    ["the options ignore it", { rules: rules({ gone: "ignore" }) }],
    ["the product is archived as a whole", { erp: { ...fewer, active: false } }],
  ])("does not end where %s", (_case, changes) => {
    expect(lives(pair({ erp: fewer, ...changes })).length).toBe(1)
  })

  it("is over where the merchant deleted a variant, whatever the ERP has", () => {
    const medusa = medusaProduct({
      ...pair().medusa,
      variants: [heldTwo[0], { ...heldTwo[1], deleted: true }] as typeof heldTwo,
    })
    const plan = values(pair({ medusa }))
    expect(plan.deleted_variants.map((entry) => entry.erp_id)).toEqual(["b"])
    expect(plan.variants.map((entry) => entry.link.erp_id)).toEqual(["a"])
    const gone = pair({ medusa, erp: fewer })
    expect(values(gone).variants.map((entry) => entry.link.erp_id)).toEqual(["a"])
    expect(values(gone).deleted_variants.map((entry) => entry.erp_id)).toEqual(["b"])
  })

  it.each(["tombstone", "creating"] as const)("is no deletion where the link is %s", (state) => {
    const medusa = medusaProduct({ ...pair().medusa, variants: heldTwo.slice(0, 1) })
    const context = pair({
      medusa,
      values_only: true,
      ...withVariants([variantLink("a", "1:10", agreed), { ...second, state }]),
    })
    expect(values(context).deleted_variants).toEqual([])
  })
})

describe("the life of a product", () => {
  const gone = (changes: Partial<ProductContext> = {}): ProductContext => {
    const context = pair(changes)
    const product = context.links.product
    return {
      ...context,
      links: { ...context.links, product: product && { ...product, state: "gone" } },
    }
  }
  const archived = { ...two, active: false }

  it.each([
    ["keep", "sold", pair()],
    ["retire", "archived", pair({ erp: archived })],
    ["keep", "archived already", gone({ erp: archived })],
    ["revive", "back", gone()],
    ["keep", "archived and ignored", pair({ erp: archived, rules: rules({ gone: "ignore" }) })],
    [
      "keep",
      "without any variant, ever",
      pair({ erp: { ...two, variants: [] }, ...withVariants([]) }),
    ],
    ["retire", "without its variants", pair({ erp: { ...two, variants: [] } })],
  ])("is to %s one that is %s", (life, _case, context) => {
    expect(values({ ...context, values_only: true }).life).toBe(life)
  })

  it("goes on for one whose variants were only remade", () => {
    const erp = { ...two, variants: [variant("x", ["1:10"]), variant("y", ["1:11"])] }
    expect(values(pair({ erp, values_only: true }))).toMatchObject({ life: "keep", partial: true })
    expect(kindOf(planProduct(pair({ erp })))).toBe("structure")
  })
})

describe("what a product's plan reads", () => {
  it("of the structure of an archived product is nothing that would change it", () => {
    const erp = { ...two, active: false, variants: [variant("x", ["1:10"])] }
    expect(kindOf(planProduct(pair({ erp })))).toBe("values")
  })

  it("of options that are the merchant's own is only what needs none", () => {
    const context = pair({ erp: { ...two, variants: [...two.variants, variant("c", ["1:10"])] } })
    const own = link({ ...context.links.product, kept: { foreign_options: true } })
    const plan = values({ ...context, links: { ...context.links, product: own } })
    expect(plan.unfit.map((entry) => entry.erp.id)).toEqual(["c"])
    expect(plan.unfit[0]?.reason).toMatch(/differ from the ERP's/)
  })

  it("leaves out a variant that is unfit", () => {
    const erp = { ...two, variants: [variant("a", ["1:10"]), variant("b", [])] }
    const plan = values(pair({ erp }))
    expect(plan.variants.map((entry) => entry.link.erp_id)).toEqual(["a"])
    expect(plan.unfit.map((entry) => entry.erp.id)).toEqual(["b"])
  })

  it("knows a variant's title by an owner of its own", () => {
    const erp = structuredClone(two)
    erp.options.forEach((option) =>
      option.values.forEach((value) => (value.title = `N${value.id}`)),
    )
    const outcomes = (owners: ProductContext["rules"]["owners"]): unknown[] =>
      values(pair({ erp, values_only: true, rules: rules({ owners }) })).variants.map(
        ({ fields }) => fields.find((field) => field.field === "title")?.decision.outcome,
      )
    expect(outcomes({})).toEqual(["write", "write"])
    expect(outcomes({ title: "medusa" })).toEqual(["write", "write"])
    expect(outcomes({ variant_title: "medusa" })).toEqual(["drift", "drift"])
  })

  it("keeps the link of a variant under creation while one side knows it", () => {
    const under = variantLink("b", "1:11", { ...agreed, state: "creating" })
    const known = withVariants([variantLink("a", "1:10", agreed), under])
    const one = medusaProduct({ ...pair().medusa, variants: heldTwo.slice(0, 1) })
    expect(kindOf(planProduct(pair({ ...known, medusa: one })))).toBe("structure")
    const unknown = { ...two, variants: two.variants.slice(0, 1) }
    expect(lives(pair({ ...known, erp: unknown }))).toEqual([
      ["a", "keep", "a"],
      ["b", "retire", null],
    ])
    expect(lives(pair({ ...known, erp: unknown, medusa: one }))).toEqual([["a", "keep", "a"]])
  })
})

describe("prices of a variant", () => {
  const read = (
    prices: { list: string; currency: string; amount: string }[] | undefined,
    base = {},
  ) => {
    const [first] = withErp({}).erp.variants
    const priced = { ...first, prices: prices?.map((price) => ({ ...price, tax_included: null })) }
    const held = medusaVariant("a", ["val_10"], {
      title: "Value 10",
      prices: [
        { id: medusaId("price_1"), currency: "usd", amount: "7" },
        { id: medusaId("price_2"), currency: "eur", amount: "5" },
      ] as never,
    })
    const context = standing()
    const plan = values({
      ...context,
      erp: { ...context.erp, variants: [priced as typeof first] as never },
      links: {
        ...context.links,
        variants: [variantLink("a", "1:10", bases({ ...agreed.base_erp, ...base }))],
      },
      medusa: medusaProduct({ ...context.medusa, variants: [held] }),
    })
    return plan.variants[0]?.fields
      .filter((field) => field.field.startsWith("price:"))
      .map(({ field, erp, medusa }) => ({ field, erp, medusa }))
  }

  it("are those of the mapped list and currency", () => {
    const lists = [
      { list: "other", currency: "eur", amount: "1" },
      { list: "list", currency: "usd", amount: "2" },
      { list: "list", currency: "eur", amount: "3" },
    ]
    expect(read(lists)).toEqual([{ field: "price:eur", erp: "3", medusa: "5" }])
  })

  it("are none where the list has none and never had one", () => {
    expect(read([])).toEqual([])
    expect(read(undefined)).toEqual([])
    expect(read([], { "price:eur": "3" })).toEqual([{ field: "price:eur", erp: null, medusa: "5" }])
  })
})

describe("categories of a product", () => {
  it("wait only where the ERP has them and they are not linked", () => {
    const context = withErp({ category_ids: [erpId("7"), erpId("99")] })
    expect(values(context).waits_for).toEqual(["99"])
    const former = bases({
      title: "Desk",
      description: null,
      "category:98": true,
      "xcategory:8": true,
    })
    const plan = values({ ...context, links: { ...context.links, product: link(former) } })
    expect(plan.waits_for).toEqual(["99"])
    expect(plan.fields.map((field) => field.field)).toEqual(["title", "description", "category:7"])
  })
})
