import { ErpCategory } from "./canonical"
import { FieldPlan, planFields } from "./plan-fields"
import { ErpId, MedusaId } from "./ids"
import { Rules } from "./rules"
import { MedusaCategory } from "./snapshot"
import { Link } from "./values"

export interface CategoryContext {
  rules: Rules
  /** Database time at which the ERP was asked for this record, ISO. */
  now: string
  erp: ErpCategory
  link: Link | null
  medusa: MedusaCategory | null
  /** The parent as linked, null when it is not linked (yet). */
  parent: MedusaId | null
  /** ERP id of the category that is Medusa's present parent, null when that one is not linked. */
  medusa_parent_erp_id: ErpId | null
}

export type CategoryPlan =
  | { kind: "skip"; reason: "tombstone" | "archived" }
  | { kind: "create" }
  /** The merchant deleted it: a tombstone, and nothing is created again. */
  | { kind: "deleted_in_medusa" }
  | {
      kind: "values"
      fields: FieldPlan[]
      life: "keep" | "retire" | "revive"
      /** The parent is not linked yet: this element is left out until it arrives. */
      waits_for_parent: ErpId | null
    }

/** How a parent reads that is not linked. */
const UNLINKED_PARENT = "medusa:"

/** Plans one category. Pure. */
export const planCategory = (context: CategoryContext): CategoryPlan => {
  const { erp, link, medusa, rules } = context
  if (link?.state === "tombstone") {
    return { kind: "skip", reason: "tombstone" }
  }
  if (!link || (link.state === "creating" && !medusa)) {
    return !link && !erp.active && !rules.create.archived
      ? { kind: "skip", reason: "archived" }
      : { kind: "create" }
  }
  if (!medusa || medusa.deleted) {
    return { kind: "deleted_in_medusa" }
  }
  const waits = context.parent === null ? erp.parent_id : null
  const readings = [{ field: "name", erp: erp.name, medusa: medusa.name }]
  const parentReading = {
    field: "parent",
    erp: erp.parent_id,
    medusa:
      medusa.parent_id === null
        ? null
        : (context.medusa_parent_erp_id ?? `${UNLINKED_PARENT}${medusa.parent_id}`),
  }
  return {
    kind: "values",
    fields: planFields(
      rules,
      link,
      waits ? readings : [...readings, parentReading],
      context.now,
    ).map(withLinkedParent),
    life: rules.gone === "ignore" ? "keep" : lifeOf(erp.active, link),
    waits_for_parent: waits,
  }
}

/** A parent that only the store has is no place in the ERP's tree. */
const withLinkedParent = (plan: FieldPlan): FieldPlan => {
  const { field, decision } = plan
  const foreign =
    field === "parent" &&
    decision.outcome === "push" &&
    String(decision.to).startsWith(UNLINKED_PARENT)
  return foreign
    ? {
        ...plan,
        decision: {
          outcome: "pending",
          reason: "unsupported",
          message: "The category it was moved under is not linked to one of the ERP's.",
          value: decision.base_medusa,
          loses_erp: decision.loses,
        },
      }
    : plan
}

const lifeOf = (active: boolean, link: Link): "keep" | "retire" | "revive" => {
  if (!active) {
    return link.state === "gone" ? "keep" : "retire"
  }
  return link.state === "gone" ? "revive" : "keep"
}
