import { Connected } from "../engine/context"
import { loadProducts } from "../engine/load-products"
import { load as loadCategories, planOne as planOneCategory } from "../engine/reconcile-categories"
import { ErpCategory, ErpProduct } from "../sync/canonical"
import { Decision } from "../sync/decide"
import { fieldRule } from "../sync/field-rules"
import { FieldPlan } from "../sync/plan-fields"
import { planProduct, ProductPlan } from "../sync/plan-product"
import { Rules } from "../sync/rules"
import { FieldValue, Link } from "../sync/values"
import { Runtime } from "./runtime"
import { FieldView, RecordPlanView } from "./two-way-views"

/** What a look would do with one record; nothing is written to find out. */
export interface RecordPlan {
  record: RecordPlanView
  fields: FieldView[]
}

/** Plans products as a look would, from present values of both sides. */
export const planProducts = async (
  { context, ledger }: Runtime,
  connected: Connected,
  records: ErpProduct[],
): Promise<RecordPlan[]> => {
  const now = await ledger.now()
  const loaded = await loadProducts(context, connected, records)
  return records.map((erp) => {
    const input = {
      rules: connected.rules,
      now,
      erp,
      links: loaded.linksOf(erp.id),
      medusa: loaded.medusaOf(erp.id),
      categories: loaded.categories,
    }
    const plan = planProduct(input)
    // Values are decided once options and variants stand: they are shown as far as they can be.
    const values = plan.kind === "structure" ? planProduct({ ...input, values_only: true }) : plan
    return {
      record: { erp_id: erp.id, title: erp.title, kind: plan.kind, reason: reasonOf(plan) },
      fields: fieldsOf(connected.rules, values),
    }
  })
}

/** Plans categories as a look would. */
export const planCategories = async (
  { context, ledger }: Runtime,
  connected: Connected,
  records: ErpCategory[],
): Promise<RecordPlan[]> => {
  const now = await ledger.now()
  const loaded = await loadCategories(context, connected, records)
  return records.map((erp) => {
    const plan = planOneCategory(connected, erp, loaded, now)
    const link = loaded.links.get(erp.id)
    return {
      record: {
        erp_id: erp.id,
        title: erp.name,
        kind: plan.kind,
        reason: plan.kind === "skip" ? plan.reason : null,
      },
      fields:
        plan.kind === "values" && link
          ? plan.fields.map((field) => fieldView(connected.rules, link, field))
          : [],
    }
  })
}

const reasonOf = (plan: ProductPlan): string | null => (plan.kind === "skip" ? plan.reason : null)

const fieldsOf = (rules: Rules, plan: ProductPlan): FieldView[] =>
  plan.kind === "values"
    ? [plan, ...plan.variants].flatMap(({ link, fields }) =>
        fields.map((field) => fieldView(rules, link, field)),
      )
    : []

const fieldView = (rules: Rules, link: Link, plan: FieldPlan): FieldView => ({
  link_id: link.id,
  entity: link.entity,
  erp_id: link.erp_id,
  medusa_id: link.medusa_id,
  field: plan.field,
  owner: ownerOfField(rules, link, plan.field),
  erp: plan.erp,
  base_erp: link.base_erp[plan.field] ?? null,
  medusa: plan.medusa,
  base_medusa: link.base_medusa[plan.field] ?? null,
  outcome: plan.decision.outcome,
  rule: ruleOf(plan.decision),
  to: toOf(plan.decision),
})

/** Who decides about a field of a record: the record's own rule, the options, or the default. */
export const ownerOfField = (rules: Rules, link: Link, field: string): FieldView["owner"] => {
  const key = link.entity === "variant" && field === "title" ? "variant_title" : field
  return fieldRule(rules, link.entity, field, key, link.owners).owner
}

const ruleOf = (decision: Decision): string | null => {
  if ("rule" in decision) return decision.rule
  return "reason" in decision ? decision.reason : null
}

/** What the written side would hold; null when none is written. */
export const toOf = (decision: Decision): FieldValue => ("to" in decision ? decision.to : null)
