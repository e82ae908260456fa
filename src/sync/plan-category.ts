import { ErpCategory } from "./canonical"
import { FieldPlan, planFields } from "./plan-fields"
import { ErpId, MedusaId } from "./ids"
import { Rules } from "./rules"
import { MedusaCategory } from "./snapshot"
import { Link } from "./values"

export interface CategoryContext {
  rules: Rules
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
  const waits = erp.parent_id !== null && context.parent === null ? erp.parent_id : null
  const readings = [{ field: "name", erp: erp.name, medusa: medusa.name }]
  const parentReading = {
    field: "parent",
    erp: erp.parent_id,
    medusa:
      medusa.parent_id === null
        ? null
        : (context.medusa_parent_erp_id ?? `medusa:${medusa.parent_id}`),
  }
  return {
    kind: "values",
    fields: planFields(rules, link, waits ? readings : [...readings, parentReading], context.now),
    life: rules.gone === "ignore" ? "keep" : lifeOf(erp.active, link),
    waits_for_parent: waits,
  }
}

const lifeOf = (active: boolean, link: Link): "keep" | "retire" | "revive" => {
  if (!active) {
    return link.state === "gone" ? "keep" : "retire"
  }
  return link.state === "gone" ? "revive" : "keep"
}
