import { ErpProduct } from "../sync/canonical"
import { FieldPlan } from "../sync/plan-fields"
import { Link } from "../sync/values"
import { LinkWork, PageWork } from "./commit"
import { Batch, Connected, EngineContext } from "./context"
import { DirtyKey } from "./ports"

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
  const archive = archivePlan(connected, deleted)
  if (archive) {
    page.links.push({ ...work, fields: [archive] })
    return
  }
  const again = connected.rules.deleted === "recreate"
  page.links.push({
    ...work,
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
 */
export const waitsForRequests = (
  connected: Connected,
  key: Pick<DirtyKey, "stream" | "erp_id">,
  links: readonly Link[],
  page: PageWork,
): boolean => {
  const ends = links
    .flatMap((link) => Object.values(link.intents))
    .flatMap(({ source, until }) => (source === "medusa" && until ? [Date.parse(until)] : []))
  const left = Math.max(0, ...ends) - Date.parse(page.now)
  if (connected.rules.deleted !== "recreate" || left <= 0) {
    return false
  }
  page.dirty.push({ ...key, reason: "recreate", delay_ms: left + 1000 })
  return true
}

/** The ERP's record is archived before its link becomes a tombstone: what fails is tried again. */
const archivePlan = (connected: Connected, { entity, active }: DeletedRecord): FieldPlan | null => {
  const { deleted, push } = connected.rules
  if (deleted !== "archive_erp" || !active || !push.fields[entity].has("active")) {
    return null
  }
  const field = { field: "active", medusa_field: "active", voided: false, erp: true, medusa: false }
  return {
    ...field,
    decision: push.held
      ? { outcome: "pending", reason: push.held, value: false, loses_erp: false }
      : {
          outcome: "push",
          from: true,
          to: false,
          base_medusa: false,
          rule: "medusa_changed",
          loses: false,
        },
  }
}
