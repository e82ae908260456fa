import { Decision } from "./decide"
import { FieldPlan } from "./plan-fields"
import { Rules } from "./rules"
import { ErpId } from "./ids"

/** An edit of one element of the set that goes to the ERP. */
type ElementPush = FieldPlan & { decision: Extract<Decision, { outcome: "push" }> }

const isElementPush = (plan: FieldPlan): plan is ElementPush =>
  plan.field.startsWith("category:") && plan.decision.outcome === "push"

const elementOf = ({ field }: FieldPlan): ErpId => field.slice("category:".length) as ErpId

/**
 * Where the ERP holds one category per product, edits of the set go there only if they leave one at
 * most: replacing it does, adding a second one stands as pending.
 * @param held the ERP's present categories of the product
 */
export const forSingleCategory = (
  rules: Rules,
  held: readonly ErpId[],
  plans: FieldPlan[],
): FieldPlan[] => {
  if (!rules.push.single_category) {
    return plans
  }
  const after = new Set(held)
  for (const plan of plans.filter(isElementPush)) {
    if (plan.decision.to === true) {
      after.add(elementOf(plan))
    } else {
      after.delete(elementOf(plan))
    }
  }
  return after.size <= 1 ? plans : plans.map((plan) => (isElementPush(plan) ? waiting(plan) : plan))
}

const waiting = ({ decision, ...plan }: ElementPush): FieldPlan => ({
  ...plan,
  decision: {
    outcome: "pending",
    reason: "unsupported",
    message: "The ERP holds one category per product.",
    value: decision.base_medusa,
    loses_erp: decision.loses,
  },
})
