import { ErpId, erpId, medusaId } from "../ids"
import { FieldPlan } from "../plan-fields"
import { planProduct, ProductContext, ProductPlan, ProductValues } from "../plan-product"
import { Link, Values } from "../values"
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

export const categories = new Map<ErpId, ReturnType<typeof medusaId>>([
  [erpId("7"), medusaId("pcat_7")],
  [erpId("8"), medusaId("pcat_8")],
])

export const bases = (values: Values): Pick<Link, "base_erp" | "base_medusa"> => ({
  base_erp: values,
  base_medusa: values,
})

export const agreed = bases({
  title: "Value 10",
  sku: "sku-a",
  barcode: null,
  weight: null,
  tracked: true,
})

/** A linked product with one variant, in perfect agreement. */
export const standing = (changes: Partial<ProductContext> = {}): ProductContext => ({
  rules: rules(),
  now: NOW,
  erp: product({ 1: ["10", "11"] }, [variant("a", ["1:10"])]),
  links: {
    product: link(bases({ title: "Desk", description: null })),
    variants: [variantLink("a", "1:10", agreed)],
    ...optionLinks({ 1: ["10", "11"] }),
  },
  medusa: medusaProduct({
    options: [medusaOption("1", ["10", "11"])],
    variants: [medusaVariant("a", ["val_10"], { title: "Value 10" })],
  }),
  categories,
  ...changes,
})

export const withErp = (changes: Partial<ProductContext["erp"]>): ProductContext => {
  const context = standing()
  return { ...context, erp: { ...context.erp, ...changes } }
}

export const withLink = (changes: Partial<Link>): ProductContext => {
  const context = standing()
  return {
    ...context,
    links: {
      ...context.links,
      product: link({ ...bases({ title: "Desk", description: null }), ...changes }),
    },
  }
}

export const values = (context: ProductContext): ProductValues => {
  const plan = planProduct(context)
  if (plan.kind !== "values") {
    throw new Error(`a plan of ${plan.kind}`)
  }
  return plan
}

export const due = (fields: FieldPlan[]): string[] =>
  fields.filter((plan) => plan.decision.outcome !== "unchanged").map((plan) => plan.field)

export const kindOf = (plan: ProductPlan): string => plan.kind
