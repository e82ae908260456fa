import { ErpProduct } from "../sync/canonical"
import { ErpId, MedusaId } from "../sync/ids"
import { planProduct, ProductLinks, ProductPlan } from "../sync/plan-product"
import { MedusaProduct } from "../sync/snapshot"
import { Link } from "../sync/values"
import { Connected, EngineContext } from "./context"

/** Links, store records and categories of a batch, read with one query each. */
export interface LoadedProducts {
  linksOf(id: ErpId): ProductLinks
  medusaOf(id: ErpId): MedusaProduct | null
  /** Live linked categories. */
  categories: ReadonlyMap<ErpId, MedusaId>
}

export const loadProducts = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  records: ErpProduct[],
): Promise<LoadedProducts> => {
  const ids = records.map((erp) => erp.id)
  const products = await context.ledger.linksByErp(connected.id, "product", ids)
  const linked = products.map((link) => link.erp_id)
  const children = linked.length > 0 ? await context.ledger.linksByParent(connected.id, linked) : []
  const medusa = await context.catalog.readProducts(products.map((link) => link.medusa_id))
  const idOf = new Map(products.map((link) => [link.erp_id, link.medusa_id]))
  return {
    linksOf: linksIndex(products, children),
    medusaOf: (id) => {
      const medusaId = idOf.get(id)
      return (medusaId && medusa.get(medusaId)) ?? null
    },
    categories: await linkedCategories(context, connected, records, products, medusa.values()),
  }
}

/** Plans one of the records that were loaded. @param valuesOnly options and variants stay as they are */
export const planLoaded = (
  { rules }: Pick<Connected, "rules">,
  { linksOf, medusaOf, categories }: LoadedProducts,
  erp: ErpProduct,
  now: string,
  valuesOnly = false,
): ProductPlan =>
  planProduct({
    ...{ rules, now, erp, categories },
    links: linksOf(erp.id),
    medusa: medusaOf(erp.id),
    values_only: valuesOnly,
  })

const linksIndex = (products: Link[], children: Link[]): LoadedProducts["linksOf"] => {
  const byProduct = new Map(products.map((link) => [link.erp_id, link]))
  const byParent = new Map<ErpId, Link[]>()
  for (const child of children) {
    if (child.parent_erp_id !== null) {
      const siblings = byParent.get(child.parent_erp_id)
      if (siblings) {
        siblings.push(child)
      } else {
        byParent.set(child.parent_erp_id, [child])
      }
    }
  }
  return (id) => {
    const own = byParent.get(id) ?? []
    return {
      product: byProduct.get(id) ?? null,
      variants: own.filter((link) => link.entity === "variant"),
      options: own.filter((link) => link.entity === "option"),
      values: own.filter((link) => link.entity === "option_value"),
    }
  }
}

const linkedCategories = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  records: ErpProduct[],
  products: Link[],
  medusa: Iterable<MedusaProduct>,
): Promise<Map<ErpId, MedusaId>> => {
  const ids = new Set<ErpId>(records.flatMap((erp) => erp.category_ids))
  for (const link of products) {
    for (const field of Object.keys(link.base_erp)) {
      if (field.startsWith("category:")) {
        ids.add(field.slice("category:".length) as ErpId)
      }
    }
  }
  const assigned = [...new Set([...medusa].flatMap((product) => product.category_ids))]
  const links = await context.ledger.linksByErp(connected.id, "category", [...ids])
  const own = await context.ledger.linksByMedusa(connected.id, "category", assigned)
  return new Map(
    [...links, ...own]
      .filter((link) => link.state === "linked" || link.state === "gone")
      .map((link) => [link.erp_id, link.medusa_id]),
  )
}
