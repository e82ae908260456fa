import { createRecords } from "../orm/records"
import type { Env } from "../orm/env"

/**
 * The records that no sync can take as they are, a documented handful: two different products that
 * share the code `DUP-0001`, and one product whose title is only white space.
 */
export const ODD = { sharedCode: "DUP-0001", blankTitle: "   " } as const

/** Creates the odd records; answers the ids of their products. */
export function createOddProducts(env: Env, category: number): number[] {
  const goods = env.version === 17 ? { detailed_type: "product" } : { is_storable: true }
  const common = { ...goods, categ_id: category, list_price: 12.5 }
  return createRecords(env, env.model("product.template"), [
    { ...common, name: "Twin lamp, left", default_code: ODD.sharedCode },
    { ...common, name: "Twin lamp, right", default_code: ODD.sharedCode },
    { ...common, name: ODD.blankTitle, default_code: "BLANK-0001" },
  ])
}
