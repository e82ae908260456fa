import { erpId, medusaId } from "../ids"
import { planProduct } from "../plan-product"
import { Link } from "../values"
import {
  link,
  medusaOption,
  medusaProduct,
  medusaVariant,
  NOW,
  product,
  pushing,
  replacedBy,
  rules,
  variant,
  variantLink,
} from "./fixtures"
import {
  agreed,
  bases,
  categories,
  due,
  kindOf,
  standing,
  values,
  withErp,
  withLink,
} from "./product-fixtures"

describe("a product's plan", () => {
  it("is nothing where both sides agree", () => {
    const plan = values(standing())
    expect([due(plan.fields), ...plan.variants.map((entry) => due(entry.fields))]).toEqual([[], []])
    expect([plan.life, plan.partial]).toEqual(["keep", false])
  })

  it("is a creation where there is no link", () => {
    const context = standing()
    const links = { product: null, variants: [], options: [], values: [] }
    expect(kindOf(planProduct({ ...context, links, medusa: null }))).toBe("create")
  })

  it("takes a creation up again that was left half done", () => {
    expect(kindOf(planProduct(withLink({ state: "creating" })))).toBe("create")
  })

  it("skips what was archived before it was ever seen, unless the options want it", () => {
    const context = withErp({ active: false })
    const links = { product: null, variants: [], options: [], values: [] }
    expect(planProduct({ ...context, links })).toEqual({ kind: "skip", reason: "archived" })
    const create = { ...rules().create, archived: true }
    expect(kindOf(planProduct({ ...context, links, rules: rules({ create }) }))).toBe("create")
  })

  it("never touches a tombstone", () => {
    expect(planProduct(withLink({ state: "tombstone" }))).toEqual({
      kind: "skip",
      reason: "tombstone",
    })
  })

  it("sees that the merchant deleted it", () => {
    expect(kindOf(planProduct(standing({ medusa: null })))).toBe("deleted_in_medusa")
    const deleted = medusaProduct({ deleted: true })
    expect(kindOf(planProduct(standing({ medusa: deleted })))).toBe("deleted_in_medusa")
  })

  it("sees that the merchant deleted a variant: it becomes a tombstone", () => {
    const context = standing()
    const gone = medusaVariant("a", ["val_10"], { deleted: true })
    const medusa = medusaProduct({ options: [medusaOption("1", ["10", "11"])], variants: [gone] })
    expect(values({ ...context, medusa }).deleted_variants.map((entry) => entry.erp_id)).toEqual([
      "a",
    ])
  })

  it("retires and revives with the ERP, once", () => {
    expect(values(withErp({ active: false })).life).toBe("retire")
    const gone = withLink({ state: "gone" })
    expect(values(gone).life).toBe("revive")
    expect(values({ ...gone, erp: { ...gone.erp, active: false } }).life).toBe("keep")
    expect(values({ ...withErp({ active: false }), rules: rules({ gone: "ignore" }) }).life).toBe(
      "keep",
    )
  })

  it("retires a product whose last variant is gone, and the variant with it", () => {
    const plan = values(withErp({ variants: [variant("a", ["1:10"], { active: false })] }))
    expect([plan.life, plan.variants.map((entry) => entry.life)]).toEqual(["retire", ["retire"]])
  })

  it("does structure first, and the values alone where structure cannot be done", () => {
    const context = withErp({ title: "Table", variants: [variant("x", ["1:11"])] })
    expect(kindOf(planProduct(context))).toBe("structure")
    const plan = values({ ...context, values_only: true })
    expect([due(plan.fields), plan.partial]).toEqual([["title"], true])
  })

  it("re-points past a link that neither side knows any more", () => {
    const context = withErp({ variants: [variant("x", ["1:10"])] })
    const ghost = variantLink("ghost", "1:10", { state: "creating" })
    const variants = [...context.links.variants, ghost]
    const plan = planProduct({ ...context, links: { ...context.links, variants } })
    expect(plan.kind === "structure" && plan.matches.repointed.map(({ erp }) => erp.id)).toEqual([
      "x",
    ])
  })

  it("takes a returning set of categories for stale, and another choice for an edit", () => {
    const decided = (held: string[]) => {
      const based = link({
        ...bases({ title: "Desk", description: null, "category:7": true, "category:8": null }),
        replaced: {
          "category:7": replacedBy(null, true, NOW),
          "category:8": replacedBy(true, null, NOW),
        },
      })
      const context = withErp({ category_ids: [erpId("7")] })
      const plan = values({
        ...context,
        rules: pushing(),
        links: { ...context.links, product: based },
        medusa: context.medusa && { ...context.medusa, category_ids: held.map(medusaId) },
        categories: new Map([...categories, [erpId("9"), medusaId("pcat_9")]]),
      })
      return Object.fromEntries(
        plan.fields
          .filter(({ field }) => field.startsWith("category:"))
          .map(({ field, decision }) => [field, decision.outcome]),
      )
    }
    expect(decided(["pcat_8"])).toEqual({ "category:7": "write", "category:8": "write" })
    expect(decided(["pcat_9"])).toEqual({ "category:7": "push", "category:9": "push" })
  })

  it("plans category elements one by one; what the merchant added is invisible", () => {
    const context = withErp({ category_ids: [erpId("7"), erpId("9")] })
    const based = link(bases({ title: "Desk", description: null, "category:8": true }))
    const medusa = context.medusa && {
      ...context.medusa,
      category_ids: [medusaId("pcat_8"), medusaId("pcat_own")],
    }
    const plan = values({ ...context, links: { ...context.links, product: based }, medusa })
    const elements = plan.fields.filter((entry) => entry.field.startsWith("category:"))
    expect(elements.map((entry) => [entry.medusa_field, entry.decision])).toMatchObject([
      ["category:pcat_7", { outcome: "write", to: true }],
      ["category:pcat_8", { outcome: "write", to: null }],
    ])
    expect(plan.waits_for).toEqual(["9"])
  })

  it("reads mapped prices only, and knows one that is gone in the ERP", () => {
    const context = standing()
    const price = { id: medusaId("price_1"), currency: "eur", amount: "5" }
    const held = medusaVariant("a", ["val_10"], { title: "Value 10", prices: [price] })
    const medusa = medusaProduct({ options: [medusaOption("1", ["10", "11"])], variants: [held] })
    const erp = product({ 1: ["10", "11"] }, [
      variant("a", ["1:10"], {
        prices: [
          { list: "list", currency: "usd", amount: "3", tax_included: null },
          { list: "other", currency: "eur", amount: "4", tax_included: null },
        ],
      }),
    ])
    const fields = (variants: Link[]) =>
      values({ ...context, erp, medusa, links: { ...context.links, variants } }).variants[0]?.fields
    expect(fields(context.links.variants)?.some((entry) => entry.field === "price:eur")).toBe(false)
    const priced = variantLink("a", "1:10", {
      base_erp: { ...agreed.base_erp, "price:eur": "5" },
      base_medusa: { ...agreed.base_medusa, "price:eur": "5" },
    })
    expect(fields([priced])?.find((entry) => entry.field === "price:eur")?.decision).toMatchObject({
      outcome: "drift",
    })
  })
})
