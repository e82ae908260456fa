import { ProductContext } from "../plan-product"
import { Link } from "../values"
import { link, medusaProduct, medusaVariant, product, variant, variantLink } from "./fixtures"
import { agreed, standing, values } from "./product-fixtures"

/** A product of two variants, of which the second was deleted in the store. */
const withDeleted = (second: Link["state"], held: "deleted" | "absent"): ProductContext => {
  const context = standing()
  const links = [
    variantLink("a", "1:10", agreed),
    { ...variantLink("b", "1:11", agreed), state: second },
  ]
  const deleted = medusaVariant("b", ["val_11"], { title: "Value 11", deleted: true })
  return {
    ...context,
    erp: product({ 1: ["10", "11"] }, [variant("a", ["1:10"]), variant("b", ["1:11"])]),
    links: { ...context.links, product: link(context.links.product ?? {}), variants: links },
    medusa: medusaProduct({
      ...context.medusa,
      variants: [
        medusaVariant("a", ["val_10"], { title: "Value 10" }),
        ...(held === "deleted" ? [deleted] : []),
      ],
    }),
  }
}

const outcome = (context: ProductContext) => {
  const plan = values({ ...context, values_only: true })
  return {
    deleted: plan.deleted_variants.map(({ erp_id }) => erp_id),
    written: plan.variants.map(({ link: { erp_id } }) => erp_id),
  }
}

describe("a variant that the merchant deleted", () => {
  it.each(["linked", "gone"] as const)("is deleted where its link was %s", (state) => {
    const deleted = { deleted: ["b"], written: ["a"] }
    expect(outcome(withDeleted(state, "deleted"))).toEqual(deleted)
    expect(outcome(withDeleted(state, "absent"))).toEqual(deleted)
  })

  it("is deleted where whoever made it died before the link said so, and is not written to for ever", () => {
    expect(outcome(withDeleted("creating", "deleted"))).toEqual({ deleted: ["b"], written: ["a"] })
  })

  it("is still to be made where the store never had it", () => {
    expect(outcome(withDeleted("creating", "absent")).deleted).toEqual([])
  })
})
