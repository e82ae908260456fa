import { LinkWork, PageWork } from "./commit"
import { Batch, Connected, EngineContext } from "./context"
import { Freshness } from "./freshness"
import { Candidate, goneAllowance, heldBack, unsettled } from "./guards"

/**
 * Takes records out of sale that the ERP, asked by id, does not have any more. A product becomes a
 * draft and keeps its status for the day it returns; a category becomes inactive.
 */
export const retireMissing = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  entity: "category" | "product",
  batch: Batch,
  page: PageWork,
  fresh: Freshness,
): Promise<void> => {
  if (batch.missing.length === 0) {
    return
  }
  const stream = entity === "category" ? ("categories" as const) : ("products" as const)
  const found = await context.ledger.linksByErp(connected.id, entity, batch.missing)
  page.healed.push(...batch.missing.map((id) => ({ entity, erp_id: id })))
  const children =
    entity === "product"
      ? (await context.ledger.linksByParent(connected.id, batch.missing)).filter(
          (link) => link.entity === "variant",
        )
      : []
  page.healed.push(...children.map((link) => ({ entity: link.entity, erp_id: link.erp_id })))
  const links = found.filter((link) => link.state === "linked" || link.state === "creating")
  if (connected.rules.gone === "ignore" || links.length === 0) {
    return
  }
  const ids = links.map((link) => link.medusa_id)
  const categories = entity === "category" ? await context.catalog.readCategories(ids) : new Map()
  const products = entity === "product" ? await context.catalog.readProducts(ids) : new Map()
  for (const link of links) {
    // Never came to exist: it is created when the ERP shows it again.
    if (
      link.state === "creating" &&
      !(categories.get(link.medusa_id) ?? products.get(link.medusa_id))
    ) {
      continue
    }
    if (!fresh.isCurrent(link)) {
      page.dirty.push({ stream, erp_id: link.erp_id, reason: "superseded" })
      continue
    }
    const state = connected.rules.gone === "unlink" ? ("tombstone" as const) : ("gone" as const)
    const work: LinkWork = {
      key: { stream, erp_id: link.erp_id },
      link,
      entity,
      erp_version: null,
      fields: [],
      extra: [],
      patch: { state },
      retire: true,
    }
    if (connected.rules.gone === "draft") {
      const category = categories.get(link.medusa_id)
      const product = products.get(link.medusa_id)
      if (category && !category.deleted) {
        work.patch.kept = { is_active: category.is_active }
        if (category.is_active) {
          work.extra.push(write(link.medusa_id, entity, "is_active", true, false))
        }
      }
      if (product && !product.deleted) {
        work.patch.kept = { status: product.status }
        if (product.status !== "draft") {
          work.extra.push(write(link.medusa_id, entity, "status", product.status, "draft"))
        }
      }
    }
    page.links.push(work)
    for (const child of children) {
      if (child.parent_erp_id === link.erp_id && child.state === "linked") {
        page.links.push({
          key: work.key,
          link: child,
          entity: "variant",
          erp_version: null,
          fields: [],
          extra: [],
          patch: { state },
          retire: false,
        })
        page.dirty.push({ stream: "stock", erp_id: child.erp_id, reason: "gone" })
      }
    }
  }
}

const write = (
  id: LinkWork["link"]["medusa_id"],
  entity: "category" | "product",
  field: string,
  from: string | boolean,
  to: string | boolean,
): LinkWork["extra"][number] => ({ rule: "gone_in_erp", write: { entity, id, field, from, to } })

/**
 * Holds back a batch that would take more records out of sale than a day allows: it waits whole, each
 * record parked as `mass_change`, until a person approves. Everything else of these records goes on.
 */
export const guardRetirements = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  entity: "category" | "product",
  page: PageWork,
): Promise<void> => {
  const retiring = page.links.flatMap((work) =>
    work.retire && work.entity === entity ? [leaving(work)] : [],
  )
  if (retiring.length === 0) {
    return
  }
  const allowance = await goneAllowance(context, connected, entity, "medusa")
  const { held: waiting, parked } = await heldBack(context, connected, retiring, allowance)
  page.parked.push(...parked)
  const held = new Set(waiting.map((change) => change.key))
  const children = new Set(
    page.links
      .filter((work) => held.has(work.key.erp_id) && work.entity === "variant")
      .map((work) => work.link.erp_id),
  )
  // Their stock would only find the product missing, and have it looked at again, without an end.
  page.dirty = page.dirty.filter((key) => key.stream !== "stock" || !children.has(key.erp_id))
  page.links = page.links.flatMap((work) => {
    if (!held.has(work.key.erp_id)) {
      return [work]
    }
    if (!work.retire) {
      return work.patch.state === "gone" || work.patch.state === "tombstone" ? [] : [work]
    }
    return [{ ...work, patch: withoutRetirement(work.patch), extra: [], retire: false }]
  })
}

const leaving = ({ key, link }: LinkWork): Candidate => ({
  side: "medusa",
  stream: key.stream,
  key: key.erp_id,
  entity: link.entity,
  erp_id: link.erp_id,
  field: "*",
  from: "linked",
  to: "gone",
})

/** The rest of a patch goes on; without hash and version the record is looked at again. */
const withoutRetirement = (patch: LinkWork["patch"]): LinkWork["patch"] => {
  const rest = unsettled(patch)
  delete rest.state
  delete rest.kept
  return rest
}
