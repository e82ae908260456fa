import fc from "fast-check"
import { erpId, medusaId } from "../ids"
import { ProductContext, ProductValues } from "../plan-product"
import { Link, Values } from "../values"
import { link } from "./fixtures"
import { bases, categories, values, withErp } from "./product-fixtures"

describe("a product's plan", () => {
  it("has nothing left to write once it was carried out", () => {
    const text = fc.constantFrom("Desk", "Table", "Bench")
    const element = fc.subarray([erpId("7"), erpId("8")])
    fc.assert(
      fc.property(text, text, element, element, element, (title, held, erpIds, based, own) => {
        const context = withErp({ title, category_ids: erpIds })
        const first = link(
          bases({
            title: "Desk",
            description: null,
            ...Object.fromEntries(based.map((id) => [`category:${id}`, true])),
          }),
        )
        const ids = own.flatMap((id) => categories.get(id) ?? [])
        const medusa = context.medusa && { ...context.medusa, title: held, category_ids: ids }
        const plan = values({ ...context, links: { ...context.links, product: first }, medusa })
        const after = values(applied(context, first, plan, held, new Set<string>(ids)))
        const open = after.fields.filter((entry) =>
          ["write", "agree"].includes(entry.decision.outcome),
        )
        expect(open).toEqual([])
      }),
    )
  })
})

/** The store and the link after a plan of values. */
const applied = (
  context: ProductContext,
  before: Link,
  plan: ProductValues,
  title: string,
  ids: Set<string>,
): ProductContext => {
  let held = title
  const base: { erp: Record<string, unknown>; medusa: Record<string, unknown> } = {
    erp: { ...before.base_erp },
    medusa: { ...before.base_medusa },
  }
  for (const { field, medusa_field, decision } of plan.fields) {
    if (decision.outcome === "write") {
      base.erp[field] = decision.base_erp
      base.medusa[field] = decision.to
      if (field === "title") {
        held = String(decision.to)
      } else if (decision.to === true) {
        ids.add(medusa_field.slice("category:".length))
      } else {
        ids.delete(medusa_field.slice("category:".length))
      }
    } else if (decision.outcome === "agree") {
      base.erp[field] = decision.base_erp
      base.medusa[field] = decision.base_medusa
    }
  }
  const next = link({ base_erp: base.erp as Values, base_medusa: base.medusa as Values })
  return {
    ...context,
    links: { ...context.links, product: next },
    medusa: context.medusa && {
      ...context.medusa,
      title: held,
      category_ids: [...ids].map(medusaId),
    },
  }
}
