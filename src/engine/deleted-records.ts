import { ErpProduct } from "../sync/canonical"
import { FieldPlan, planFields } from "../sync/plan-fields"
import { Link } from "../sync/values"
import { LinkWork, PageWork } from "./commit"
import { Batch, Connected, EngineContext } from "./context"
import { DirtyKey } from "./ports"
import { refusedField } from "./refused"

/** A product or variant that the merchant deleted, as the ERP has it now. */
export interface DeletedRecord {
  link: Link
  entity: "product" | "variant"
  active: boolean
  version: string | null
}

/**
 * What happens to the link, and to the ERP's record, of what the merchant deleted in the store: by
 * default a tombstone and nothing else; or the ERP's record is archived first; or it is created anew.
 */
export const deletedWork = <Tx>(
  context: Pick<EngineContext<Tx>, "catalog">,
  connected: Connected,
  erp: ErpProduct,
  deleted: DeletedRecord,
  page: PageWork,
  batch: Batch,
): void => {
  const { link, entity } = deleted
  const work: LinkWork = {
    key: { stream: "products", erp_id: erp.id },
    link,
    entity,
    erp_version: deleted.version,
    fields: [],
    extra: [],
    patch: {},
    retire: false,
  }
  const archive = archivePlan(connected, deleted, batch.read_at)
  if (archive && isDue(archive)) {
    awaitArchive({ ...work, fields: [archive] }, archive, page)
    return
  }
  const again = connected.rules.deleted === "recreate"
  page.links.push({
    ...work,
    // What was announced or refused on the way ends with it.
    fields: archive?.decision.outcome === "agree" ? [archive] : [],
    patch: again
      ? { state: "creating", medusa_id: context.catalog.newId(entity) }
      : { state: "tombstone" },
  })
  if (again) {
    page.dirty.push({ ...work.key, reason: "recreate", delay_ms: 1 })
  }
  page.journal.push({
    run_id: batch.run_id,
    entity,
    erp_id: link.erp_id,
    medusa_id: link.medusa_id,
    field: "*",
    side: "medusa",
    kind: "gone",
    from: link.state,
    to: again ? "creating" : "tombstone",
    rule: "deleted_in_medusa",
  })
}

/**
 * Whether what the merchant deleted waits to be made anew: a request that may still land would bring
 * the deleted record's value to the ERP, and there it would be taken for an edit of the new one's.
 * @param readAt when the ERP was asked for the record, database time, ISO
 */
export const waitsForRequests = (
  connected: Connected,
  key: Pick<DirtyKey, "stream" | "erp_id">,
  links: readonly Link[],
  readAt: string,
  page: PageWork,
): boolean => {
  const ends = links
    .flatMap((link) => Object.values(link.intents))
    .flatMap(({ source, until }) => (source === "medusa" && until ? [Date.parse(until)] : []))
  const left = Math.max(0, ...ends) - Date.parse(readAt)
  if (connected.rules.deleted !== "recreate" || left <= 0) {
    return false
  }
  page.dirty.push({ ...key, reason: "recreate", delay_ms: left + 1000 })
  return true
}

/** Under which name a record's being offered at all is planned, pushed and journaled. */
const ACTIVE = "active"

/**
 * The ERP's record is archived before its link becomes a tombstone: an edit of the store like any other,
 * that the policy says the store decides. Both sides offered the record when they last agreed.
 */
const archivePlan = (
  { rules }: Connected,
  { link, entity, active }: DeletedRecord,
  now: string,
): FieldPlan | null => {
  if (rules.deleted !== "archive_erp" || !rules.push.fields[entity].has(ACTIVE)) {
    return null
  }
  const offered: Link = {
    ...link,
    base_erp: { [ACTIVE]: true, ...link.base_erp },
    base_medusa: { [ACTIVE]: true, ...link.base_medusa },
    owners: { ...link.owners, [ACTIVE]: "medusa" },
  }
  const [plan] = planFields(rules, offered, [{ field: ACTIVE, erp: active, medusa: false }], now)
  return plan ?? null
}

/** Whether the ERP is still to be told; once told, what it makes of the record later is its own affair. */
const isDue = ({ decision: { outcome } }: FieldPlan): boolean =>
  outcome === "push" || outcome === "wait" || outcome === "pending" || outcome === "conflict"

const awaitArchive = (work: LinkWork, plan: FieldPlan, page: PageWork): void => {
  const { key, link, erp_version: version } = work
  page.links.push(work)
  const refused = refusedField(key, link, plan, version)
  page.parked.push(...(refused ? [refused] : []))
}
