import { Connected } from "../engine/context"
import { LoadedProducts, loadProducts, planLoaded } from "../engine/load-products"
import { load as loadCategories, planOne as planOneCategory } from "../engine/reconcile-categories"
import { ErpCategory, ErpProduct } from "../sync/canonical"
import { Decision } from "../sync/decide"
import { fieldRule } from "../sync/field-rules"
import { erpId } from "../sync/ids"
import { FieldPlan } from "../sync/plan-fields"
import { ProductPlan } from "../sync/plan-product"
import { Rules } from "../sync/rules"
import { FieldValue, Link } from "../sync/values"
import { FirstPlan, planFirstLinks } from "./first-link-plans"
import { Runtime } from "./runtime"
import { FieldView, RecordPlanView } from "./two-way-views"

/** What a look would do with one record; nothing is written to find out. */
export interface RecordPlan {
  record: RecordPlanView
  fields: FieldView[]
}

/** Plans products as a look would, from present values of both sides. @throws SyncError */
export const planProducts = async (
  runtime: Runtime,
  connected: Connected,
  records: ErpProduct[],
): Promise<RecordPlan[]> => {
  const { context, ledger } = runtime
  const now = await ledger.now()
  const loaded = await loadProducts(context, connected, records)
  const plans = records.map((erp) => planOne(connected, loaded, erp, now))
  const unlinked = records.filter(
    (erp, index) => plans[index]?.record.kind === "create" && !loaded.linksOf(erp.id).product,
  )
  if (unlinked.length === 0) {
    return plans
  }
  const first = await planFirstLinks(runtime, connected, unlinked, loaded.categories, now)
  return plans.map((plan) => {
    const made = first.get(erpId(plan.record.erp_id))
    return made ? withFirstLink(connected.rules, plan, made) : plan
  })
}

const planOne = (
  connected: Connected,
  loaded: LoadedProducts,
  erp: ErpProduct,
  now: string,
): RecordPlan => {
  const plan = planLoaded(connected, loaded, erp, now)
  // Values are decided once options and variants stand: they are shown as far as they can be.
  const values = plan.kind === "structure" ? planLoaded(connected, loaded, erp, now, true) : plan
  return {
    record: {
      erp_id: erp.id,
      medusa_id: loaded.linksOf(erp.id).product?.medusa_id ?? null,
      title: erp.title,
      kind: plan.kind,
      reason: reasonOf(plan),
    },
    fields: fieldsOf(connected.rules, values),
  }
}

/** An unlinked record becomes what its first link makes of it. */
const withFirstLink = (rules: Rules, { record }: RecordPlan, made: FirstPlan): RecordPlan => {
  switch (made.kind) {
    case "create":
      return { record, fields: [] }
    case "ambiguous":
      return { record: { ...record, kind: "ambiguous", reason: made.message }, fields: [] }
    case "adopt":
      return {
        record: { ...record, kind: "adopt", medusa_id: made.product_id },
        fields: made.plan
          ? fieldsOf(rules, made.plan).map((field) => ({ ...field, link_id: null }))
          : [],
      }
  }
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
        medusa_id: link?.medusa_id ?? null,
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
