import { Adoption, linksOf, tieOf } from "../engine/adopt"
import { Connected } from "../engine/context"
import { firstLinks } from "../engine/first-links"
import { heldRecord, Ties, weighTies } from "../engine/held-by-others"
import { NewLink } from "../engine/ports"
import { ErpProduct } from "../sync/canonical"
import { ErpId, MedusaId } from "../sync/ids"
import { planProduct, ProductLinks, ProductPlan } from "../sync/plan-product"
import { MedusaProduct } from "../sync/snapshot"
import { Link } from "../sync/values"
import { Runtime } from "./runtime"

/** What a look would make of an unlinked product of the ERP. */
export type FirstPlan =
  | { kind: "create" }
  | { kind: "ambiguous"; message: string }
  /** Linked to what the store has; the plan is that of the look that follows at once. */
  | { kind: "adopt"; product_id: MedusaId; plan: ProductPlan | null }

/**
 * Plans the first link of products as a look would, without making it.
 * @param categories live linked categories that these records name
 * @throws SyncError when the ERP does not answer
 */
export const planFirstLinks = async (
  runtime: Runtime,
  connected: Connected,
  records: ErpProduct[],
  categories: ReadonlyMap<ErpId, MedusaId>,
  now: string,
): Promise<Map<ErpId, FirstPlan>> => {
  const { context } = runtime
  const decisions = await firstLinks(context, connected, records)
  const adoptions = records.flatMap((erp): Adoption[] => {
    const decision = decisions.get(erp.id)
    return decision?.kind === "adopt" ? [{ erp, decision }] : []
  })
  const ties = await weighTies(context, connected, adoptions.map(tieOf))
  const adopted = await planAdoptions(runtime, connected, adoptions, ties, categories, now)
  const rest = [...decisions].flatMap(([id, decision]): [ErpId, FirstPlan][] =>
    decision.kind === "adopt" ? [] : [[id, decision]],
  )
  return new Map([...rest, ...adopted])
}

const planAdoptions = async (
  { context, ledger }: Runtime,
  connected: Connected,
  adoptions: Adoption[],
  ties: Ties,
  named: ReadonlyMap<ErpId, MedusaId>,
  now: string,
): Promise<Map<ErpId, FirstPlan>> => {
  const ids = adoptions.map(({ decision }) => decision.product_id)
  const products = await context.catalog.readProducts(ids)
  const assigned = [...products.values()].flatMap((product) => product.category_ids)
  const own = await ledger.linksByMedusa(connected.id, "category", [...new Set(assigned)])
  const categories = new Map([
    ...named,
    ...own
      .filter(({ state }) => state === "linked" || state === "gone")
      .map((link): [ErpId, MedusaId] => [link.erp_id, link.medusa_id]),
  ])
  return new Map(
    adoptions.map(({ erp, decision }): [ErpId, FirstPlan] => {
      const { product_id } = decision
      const holding = ties.held.get(erp.id)
      if (holding) {
        return [erp.id, { kind: "ambiguous", message: heldRecord(erp, holding).message }]
      }
      const medusa = products.get(product_id)
      const links = medusa && madeLinks(connected, { erp, decision }, medusa, ties)
      const { rules } = connected
      const plan = links
        ? planProduct({ rules, now, erp, links, medusa, categories, values_only: true })
        : null
      return [erp.id, { kind: "adopt", product_id, plan }]
    }),
  )
}

/** The links as they would stand after the first look. */
const madeLinks = (
  connected: Connected,
  { erp, decision }: Adoption,
  medusa: MedusaProduct,
  ties: Ties,
): ProductLinks => {
  const { links, foreign } = linksOf(connected, erp, decision, medusa, ties.shared.has(erp.id))
  const made = links.map((link) => asLink(link, foreign))
  const ofEntity = (entity: Link["entity"]): Link[] => made.filter((link) => link.entity === entity)
  return {
    product: ofEntity("product")[0] ?? null,
    variants: ofEntity("variant"),
    options: ofEntity("option"),
    values: ofEntity("option_value"),
  }
}

const asLink = (link: NewLink, foreign: boolean): Link => ({
  ...link,
  id: `${link.entity}/${link.erp_id}`,
  content_hash: {},
  version: {},
  intents: {},
  replaced: {},
  owners: {},
  resolutions: {},
  kept: link.entity === "product" && foreign ? { foreign_options: true } : {},
  seq: 0,
  stock_seq: 0,
  stock_read_at: null,
})
