import { FieldPlan } from "../sync/plan-fields"
import { Link } from "../sync/values"
import { LinkWork } from "./commit"
import { ParkedRecord } from "./ports"

/** An edit that the ERP refused: a person mends it, on either side. */
export const refusedRecord = (
  key: LinkWork["key"],
  link: Link,
  refused: { field: string; message: string; value: string | null },
  version: string | null,
): ParkedRecord => ({
  stream: key.stream,
  entity: link.entity,
  erp_id: link.erp_id,
  reason: "refused_by_erp",
  remedy: "Change the value in the store, or make room for it in the ERP; then retry.",
  ...refused,
  version,
  key: key.erp_id,
})

/** The same for what an earlier look was refused, and that stands as it was; null for anything else. */
export const refusedField = (
  key: LinkWork["key"],
  link: Link,
  { field, decision }: FieldPlan,
  version: string | null,
): ParkedRecord | null =>
  decision.outcome === "pending" && decision.reason === "refused_by_erp"
    ? refusedRecord(
        key,
        link,
        {
          field,
          message: decision.message ?? "",
          value: decision.value === null ? null : String(decision.value),
        },
        version,
      )
    : null
