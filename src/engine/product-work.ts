import { ErpProduct } from "../sync/canonical"
import { announcedVariants } from "../sync/announced-variants"
import { contentHash } from "../sync/hash"
import { newKey } from "../sync/ids"
import { ProductPlan, ProductValues, VariantPlan } from "../sync/plan-product"
import { Link } from "../sync/values"
import { LinkWork, PageWork } from "./commit"
import { Batch, Connected, EngineContext } from "./context"
import { DeletedRecord, deletedWork, waitsForRequests } from "./deleted-records"
import { unfitRecord, waitingCategory } from "./create-products"
import { refusedField } from "./refused"
import { withoutTold } from "./structure-journal"

/** A plan that needs nothing of Medusa's workflows any more. */
export type SettledPlan = Exclude<ProductPlan, { kind: "create" } | { kind: "structure" }>

/**
 * Turns the settled plan of a product into guarded writes, patches of its links, and parked records.
 * @param children links of all variants that are or were linked: what they were parked for is healed
 */
export const productWork = <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  erp: ErpProduct,
  plan: SettledPlan,
  page: PageWork,
  batch: Batch,
  children: Link[],
): void => {
  page.healed.push(
    { entity: "product", erp_id: erp.id },
    ...[...erp.variants.map((variant) => variant.id), ...children.map((link) => link.erp_id)].map(
      (id) => ({
        entity: "variant" as const,
        erp_id: id,
      }),
    ),
  )
  switch (plan.kind) {
    case "skip":
      page.tally.unchanged += 1
      return
    case "deleted_in_medusa":
      deletedProduct(context, connected, erp, plan.link, children, page, batch)
      return
    case "values":
      valuesWork(context, connected, erp, plan, page, batch)
      return
  }
}

const keyOf = (erp: ErpProduct): LinkWork["key"] => ({ stream: "products", erp_id: erp.id })

const variantRecord = (erp: ErpProduct, link: Link): DeletedRecord => {
  const held = erp.variants.find((variant) => variant.id === link.erp_id)
  return {
    link,
    entity: "variant",
    active: held?.active === true,
    version: held?.version ?? null,
  }
}

/** A product that is made again gets its variants back; else they go with it, whatever the ERP has. */
const deletedProduct = <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  erp: ErpProduct,
  link: Link,
  children: Link[],
  page: PageWork,
  batch: Batch,
): void => {
  const { active, version } = erp
  if (waitsForRequests(connected, keyOf(erp), [link, ...children], batch.read_at, page)) {
    return
  }
  deletedWork(context, connected, erp, { link, entity: "product", active, version }, page, batch)
  for (const child of connected.rules.deleted === "recreate" ? children : []) {
    if (child.state === "linked" || child.state === "gone") {
      deletedWork(context, connected, erp, variantRecord(erp, child), page, batch)
    }
  }
}

const valuesWork = <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  erp: ErpProduct,
  plan: ProductValues,
  page: PageWork,
  batch: Batch,
): void => {
  const { link } = plan
  const hash = contentHash(erp, connected.rules.fingerprint)
  const rebased =
    link.fingerprint === connected.rules.fingerprint
      ? {}
      : { fingerprint: connected.rules.fingerprint }
  const product: LinkWork = {
    key: keyOf(erp),
    link,
    entity: "product",
    erp_version: erp.version,
    fields: plan.fields,
    extra: connected.rules.gone === "unlink" ? [] : lifeWrites(plan),
    retire: plan.life === "retire",
    patch: {
      ...rebased,
      ...(plan.life === "retire" && connected.rules.gone === "unlink"
        ? { state: "tombstone" as const }
        : lifePatch(plan)),
      ...(plan.partial ? {} : { content_hash: { products: hash } }),
      ...(plan.partial || erp.version === null ? {} : { version: { products: erp.version } }),
    },
  }
  // What failed of the structure is over, unless this is what goes on without it.
  const over = plan.partial ? {} : withoutTold(link)
  if (Object.keys(over).length > 0) {
    product.patch.kept = { ...product.patch.kept, ...over }
  }
  page.links.push(product)
  for (const variant of plan.variants) {
    page.links.push(variantWork(connected, erp, variant, page, plan.life === "revive"))
  }
  for (const link of plan.deleted_variants) {
    if (!waitsForRequests(connected, keyOf(erp), [link], batch.read_at, page)) {
      deletedWork(context, connected, erp, variantRecord(erp, link), page, batch)
    }
  }
  page.names.push(...plan.names)
  // What was announced is looked for once more, also where the merchant has deleted it since.
  if (plan.new_variants.length > 0 || announcedVariants(link.kept).size > 0) {
    const key = newKey(link.medusa_id)
    page.dirty.push({ stream: "products", erp_id: key, reason: "new_variant" })
  }
  parkOpenFields(erp, plan, page)
  if (isQuiet(plan)) {
    page.tally.unchanged += 1
  }
}

const isQuiet = (plan: ProductValues): boolean =>
  plan.life === "keep" &&
  [plan.fields, ...plan.variants.map((variant) => variant.fields)].every((fields) =>
    fields.every(({ decision }) => decision.outcome !== "write" && decision.outcome !== "push"),
  ) &&
  plan.variants.every((variant) => variant.life === "keep")

/** Status is not mirrored: it is stored when the record goes, and comes back with it. */
const lifeWrites = (plan: ProductValues): LinkWork["extra"] => {
  const held = plan.medusa_status
  const id = plan.link.medusa_id
  const write = (to: string, rule: string): LinkWork["extra"] => [
    { rule, write: { entity: "product", id, field: "status", from: held, to } },
  ]
  if (plan.life === "retire" && held !== "draft") {
    return write("draft", "gone_in_erp")
  }
  const kept = plan.link.kept.status
  if (plan.life === "revive" && held === "draft" && typeof kept === "string" && kept !== "draft") {
    return write(kept, "back_in_erp")
  }
  return []
}

const lifePatch = (plan: ProductValues): LinkWork["patch"] => {
  switch (plan.life) {
    case "retire":
      return { state: "gone", kept: { status: plan.medusa_status } }
    case "revive":
      return { state: "linked", kept: { status: null } }
    case "keep":
      return {}
  }
}

const variantWork = (
  connected: Connected,
  erp: ErpProduct,
  plan: VariantPlan,
  page: PageWork,
  productReturns: boolean,
): LinkWork => {
  const rebased =
    plan.link.fingerprint === connected.rules.fingerprint
      ? {}
      : { fingerprint: connected.rules.fingerprint }
  const work: LinkWork = {
    key: { stream: "products", erp_id: erp.id },
    link: plan.link,
    entity: "variant",
    erp_version: plan.erp?.version ?? null,
    fields: plan.fields,
    extra: [],
    patch: { ...rebased },
    retire: false,
  }
  const backorder = (from: boolean, to: boolean, rule: string): void => {
    work.extra.push({
      rule,
      write: { entity: "variant", id: plan.link.medusa_id, field: "allow_backorder", from, to },
    })
  }
  // Made, but its creator did not live to say so.
  const unfinished = plan.link.state === "creating"
  if (unfinished) {
    work.patch.state = "linked"
  }
  if (plan.life === "retire" && connected.rules.gone === "unlink") {
    work.patch.state = "tombstone"
    return work
  }
  if (plan.life === "retire") {
    work.patch.state = "gone"
    work.patch.kept = { allow_backorder: plan.medusa.allow_backorder }
    if (plan.medusa.allow_backorder) {
      backorder(true, false, "gone_in_erp")
    }
  }
  if (plan.life === "revive") {
    work.patch.state = "linked"
    work.patch.kept = { allow_backorder: null }
    if (plan.link.kept.allow_backorder === true && !plan.medusa.allow_backorder) {
      backorder(false, true, "back_in_erp")
    }
  }
  if (plan.life !== "keep" || productReturns || unfinished) {
    page.dirty.push({ stream: "stock", erp_id: plan.link.erp_id, reason: plan.life })
  }
  return work
}

/** What stands open for a person or for another record, per field. */
const parkOpenFields = (erp: ErpProduct, plan: ProductValues, page: PageWork): void => {
  for (const { erp: variant, reason } of plan.unfit) {
    page.parked.push(unfitRecord(erp, variant, reason))
  }
  for (const id of plan.waits_for) {
    page.parked.push(waitingCategory(erp, id))
  }
  for (const { link, fields } of [plan, ...plan.variants]) {
    page.parked.push(
      ...fields.flatMap((field) => refusedField(keyOf(erp), link, field, erp.version) ?? []),
    )
  }
}
