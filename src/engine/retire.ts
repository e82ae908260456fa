import { tripsMassChange } from "../sync/guards"
import { Batch, Connected, EngineContext, isApproved } from "./context"
import { LinkWork, PageWork } from "./commit"
import { Freshness } from "./freshness"

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
  const retiring = page.links.filter((work) => work.retire && work.entity === entity)
  if (retiring.length === 0 || isApproved(connected, page.now)) {
    return
  }
  const counts = await context.ledger.linkCounts(connected.id)
  const today = await context.ledger.countGone(connected.id, entity)
  const share = connected.guards.gone_share
  if (!tripsMassChange({ today, batch: retiring.length, linked: counts[entity], share })) {
    return
  }
  const held = new Set(retiring.map((work) => work.key.erp_id))
  for (const work of retiring) {
    page.parked.push({
      stream: work.key.stream,
      entity,
      erp_id: work.link.erp_id,
      field: "status",
      reason: "mass_change",
      message: `The ERP took ${retiring.length} records out of sale at once (${today} more in the last day); beyond ${share * 100} % of the ${counts[entity]} linked ones a person is asked.`,
      value: "gone",
      remedy:
        "Look at the ERP. If it is meant, approve the change; else put the records back there.",
      version: null,
    })
  }
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

/** The rest of a patch goes on; without hash and version the record is looked at again. */
const withoutRetirement = (patch: LinkWork["patch"]): LinkWork["patch"] => {
  const rest = { ...patch }
  for (const key of ["state", "kept", "content_hash", "version"] as const) {
    delete rest[key]
  }
  return rest
}
