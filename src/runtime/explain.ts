import { findRecords } from "../catalog"
import { Connected } from "../engine/context"
import { ConnectionOptions } from "../modules/erp/options"
import { DirtyRow, LinkOfConnection } from "../modules/erp/ledger"
import { toSyncError } from "../sync/errors"
import { connectionId, erpId, ErpId, medusaId, MedusaId, newKey } from "../sync/ids"
import { Link } from "../sync/values"
import { PATIENCE_MS, readForPerson } from "./erp-readings"
import { differenceView } from "./open-differences"
import { planCategories, planProducts, RecordPlan } from "./plans"
import { Runtime } from "./runtime"
import { ExplainView, ExplanationView, FieldView } from "./two-way-views"
import { parkedView } from "./views-of"
import { whyOf } from "./why"

/** Records explained at once: each is read from the ERP. */
const MOST_RECORDS = 5
const MOST_ENTRIES = 20

/**
 * Everything that is known about what a person names: an id of either side, a SKU, a barcode, or words of
 * a title. Both sides are read now; what the ERP does not answer in time is said.
 */
export const explain = async (runtime: Runtime, q: string): Promise<ExplainView> => {
  const { ledger, db } = runtime
  const connections = runtime.connections.all().map(({ id }) => id)
  // A number may be a SKU as well as an id of the ERP: what the store calls so comes first.
  const ids: MedusaId[] = await findRecords(db, q, MOST_RECORDS)
  const named = ids.length > 0 ? await ledger.findLinks(connections, ids, MOST_RECORDS) : []
  const byId = await ledger.findLinks(connections, [q], MOST_RECORDS)
  const links = [...new Map([...named, ...byId].map((link) => [link.id, link])).values()]
  const linked = new Set(links.map((link) => link.medusa_id))
  return {
    q,
    records: await Promise.all(
      links.slice(0, MOST_RECORDS).map((link) => explainLink(runtime, link)),
    ),
    unlinked: await unlinked(runtime, q, links),
    unlinked_in_store: await unlinkedInStore(
      runtime,
      [...new Set([...ids, medusaId(q)])].filter((id) => !linked.has(id)),
    ),
  }
}

const explainLink = async (runtime: Runtime, link: LinkOfConnection): Promise<ExplanationView> => {
  const { ledger } = runtime
  const id = link.connection_id
  const connected = await runtime.connections.one(id)
  const { plan, failure } = connected
    ? await planOf(runtime, connected, link)
    : { plan: null, failure: "The connection is not at work." }
  const page = { limit: MOST_ENTRIES, offset: 0 }
  const { differences } = await ledger.listDifferences({ ...page, link_id: link.id })
  const { entity, erp_id } = link
  const parked = await ledger.listParked({ ...page, connection_id: id, entity, erp_id })
  const aside = await ledger.listParked({
    ...page,
    connection_id: id,
    entity,
    erp_id,
    ignored: true,
  })
  const { entries } = await ledger.listJournal({ ...page, connection_id: id, entity, erp_id })
  const keys = [erp_id, ...(link.parent_erp_id === null ? [] : [link.parent_erp_id])]
  const known = {
    connection_id: id,
    link: linkView(link),
    erp_failure: failure,
    plan: plan?.record ?? null,
    fields: plan ? fieldsOf(plan, link) : [],
    differences: differences.map(differenceView),
    parked: [...parked.parked, ...aside.parked].map(parkedView),
    dirty: (await ledger.dirtyOf(id, keys)).filter((key) => isKeyOf(link, key)),
    journal: entries,
  }
  const row = await ledger.connection(id)
  return { ...known, why: whyOf(known, row) }
}

/** Ids of categories, products and variants may be the same number. */
const isKeyOf = (link: LinkOfConnection, { stream, erp_id }: DirtyRow): boolean => {
  switch (stream) {
    case "categories":
      return link.entity === "category"
    case "products":
    case "images":
      return link.entity !== "category" && erp_id === (link.parent_erp_id ?? link.erp_id)
    case "prices":
    case "stock":
      return link.entity === "variant" && erp_id === link.erp_id
  }
}

/** A product is shown with its variants, a variant alone. */
const fieldsOf = (plan: RecordPlan, link: LinkOfConnection): FieldView[] =>
  plan.fields.filter((field) => link.entity !== "variant" || field.link_id === link.id)

const planOf = async (
  runtime: Runtime,
  connected: Connected,
  link: LinkOfConnection,
): Promise<{ plan: RecordPlan | null; failure: string | null }> => {
  const key = link.parent_erp_id ?? link.erp_id
  if (link.entity === "category") {
    const { read, failure } = await readForPerson(connected, "categories", [key])
    const plans = read ? await planCategories(runtime, connected, read.records) : []
    return { plan: plans[0] ?? null, failure: failure ?? absent(plans) }
  }
  const { read, failure } = await readForPerson(connected, "products", [key])
  const plans = read ? await planProducts(runtime, connected, read.records) : []
  return { plan: plans[0] ?? null, failure: failure ?? absent(plans) }
}

const absent = (plans: RecordPlan[]): string | null =>
  plans.length > 0
    ? null
    : "The ERP does not have this record now, its filter leaves it out, or it is not valid."

const linkView = (link: LinkOfConnection): ExplanationView["link"] => ({
  id: link.id,
  entity: link.entity,
  erp_id: link.erp_id,
  parent_erp_id: link.parent_erp_id,
  medusa_id: link.medusa_id,
  state: link.state,
  owners: { ...link.owners },
  resolutions: { ...link.resolutions },
  open_intents: Object.fromEntries(
    Object.entries(link.intents).map(([field, { source, target_value, at, until }]) => [
      field,
      { source, to: target_value, at, until },
    ]),
  ),
})

/** What is parked under these words, and records of the ERP with that very id. */
const unlinked = async (
  runtime: Runtime,
  q: string,
  links: LinkOfConnection[],
): Promise<ExplainView["unlinked"]> => {
  const nameOf = (record: { connection_id: string; entity: string; erp_id: string }): string =>
    `${record.connection_id} ${record.entity} ${record.erp_id}`
  const shown = new Set(links.map(nameOf))
  const parked = (await runtime.ledger.findParked(q, MOST_RECORDS))
    .filter((row) => row.medusa_id === null && !shown.has(nameOf(row)))
    .map((row) => ({
      connection_id: row.connection_id,
      stream: row.stream,
      erp_id: row.erp_id,
      title: null,
      why: `Parked (${row.reason}): ${row.message} ${row.remedy}`.trim(),
    }))
  const known = new Set(links.map((link) => link.parent_erp_id ?? link.erp_id))
  const parkedIds = new Set<string>(parked.map((row) => row.erp_id))
  const found = await Promise.all(
    runtime.connections.all().map(({ id }) => unlinkedInErp(runtime, id, q)),
  )
  return [
    ...parked,
    ...found
      .flat()
      .filter((row) => !parkedIds.has(row.erp_id))
      // Ids of categories and of products may be the same number.
      .filter((row) => !known.has(erpId(row.erp_id)) || links.every(isCategory)),
  ].slice(0, MOST_RECORDS)
}

const isCategory = ({ entity }: LinkOfConnection): boolean => entity === "category"

/** Products of the ERP with this id, or with a variant of this SKU or barcode, that nothing is linked to. */
const unlinkedInErp = async (
  runtime: Runtime,
  id: string,
  q: string,
): Promise<ExplainView["unlinked"]> => {
  const connected = await runtime.connections.one(connectionId(id))
  if (!connected) return []
  try {
    return await readUnlinked(runtime, connected, q)
  } catch (error) {
    runtime.context.log("warn", `${id}: "${q}" was not explained: ${toSyncError(error).message}`)
    return []
  }
}

const readUnlinked = async (
  runtime: Runtime,
  connected: Connected,
  q: string,
): Promise<ExplainView["unlinked"]> => {
  const { id } = connected
  const ids = [...new Set([erpId(q), ...(await holdersOf(connected, q))])]
  const links = await runtime.ledger.linksByErp(id, "product", ids)
  const linked = new Set(links.map((link) => link.erp_id))
  const open = ids.filter((one) => !linked.has(one))
  if (open.length === 0) return []
  const { read } = await readForPerson(connected, "products", open)
  const plans = read ? await planProducts(runtime, connected, read.records) : []
  const seen = plans.map(({ record }) => ({
    connection_id: id,
    stream: "products" as const,
    erp_id: record.erp_id,
    title: record.title,
    why: whyUnlinked(record),
  }))
  const rejected = (read?.rejected ?? []).map((record) => ({
    connection_id: id,
    stream: "products" as const,
    erp_id: record.id,
    title: null,
    why: `It is not valid (${record.field}: ${record.reason}). ${record.remedy}`,
  }))
  return [...seen, ...rejected]
}

const whyUnlinked = ({ kind, reason, medusa_id }: RecordPlan["record"]): string => {
  switch (kind) {
    case "create":
      return "It is not linked yet: the next look creates it in the store."
    case "adopt":
      return `It is not linked yet: the next look links it to ${medusa_id} of the store, which has the same key.`
    case "ambiguous":
      return `It is not linked, and a person has to say to what: ${reason}.`
    case "skip":
      return "It is archived in the ERP: archived records are created only with `create.archived`."
    default:
      return "It is not linked."
  }
}

const holdersOf = async ({ connector }: Connected, q: string): Promise<ErpId[]> => {
  const found: ErpId[] = []
  for (const by of ["sku", "barcode"] as const) {
    const holders = await connector.findHolders?.(by, [q], {
      lane: "interactive",
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    found.push(...(holders?.get(q) ?? []).map((holder) => holder.product_id))
  }
  return found
}

/** Records of the store that no ERP is linked to, and why. */
const unlinkedInStore = async (
  { context, ledger, connections }: Runtime,
  ids: MedusaId[],
): Promise<ExplainView["unlinked_in_store"]> => {
  const variants = await context.catalog.readVariants(ids)
  const owners = [...variants.values()].map((variant) => variant.product_id)
  const products = await context.catalog.readProducts([...new Set([...ids, ...owners])])
  const live = [...products.values()].filter(({ deleted }) => !deleted)
  const known = new Map<string, Link[]>()
  for (const { id } of connections.all()) {
    const liveIds = live.map((product) => product.id)
    known.set(id, await ledger.linksByMedusa(connectionId(id), "product", liveIds))
  }
  const views: ExplainView["unlinked_in_store"] = []
  for (const product of live) {
    for (const { id, push } of connections.all()) {
      // A tombstone stands behind a live link of the same record.
      const link = known.get(id)?.find(({ medusa_id }) => medusa_id === product.id)
      if (link && link.state !== "tombstone") continue
      const why = link
        ? "The pair was parted by a person, or deleted: it is not linked again."
        : await whyNotCreated(ledger, id, product.id, push)
      views.push({ connection_id: id, medusa_id: product.id, title: product.title, why })
    }
  }
  return views
}

/** Why a product of the store is not in an ERP. */
const whyNotCreated = async (
  ledger: Runtime["ledger"],
  id: string,
  productId: MedusaId,
  push: ConnectionOptions["push"],
): Promise<string> => {
  const key = newKey(productId)
  const parked = (await ledger.findParked(key, MOST_RECORDS)).find(
    (row) => row.connection_id === id && row.erp_id === key,
  )
  if (parked) return `Parked (${parked.reason}): ${parked.message} ${parked.remedy}`.trim()
  if (!push)
    return "It is not linked, and write-back is off (option `push`): it stays in the store."
  if (!push.create) return "It is not linked, and `push.create` is off: it stays in the store."
  const [due] = await ledger.dirtyOf(connectionId(id), [key])
  return due
    ? `It is not linked yet: it is created in the ERP by a look that is due at ${due.due_at}.`
    : "It is not linked yet: the next look at new products creates it in the ERP."
}
