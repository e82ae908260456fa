import { FieldPlan } from "./plan-fields"
import { Rules } from "./rules"
import { ErpId } from "./ids"

const isCategory = ({ field }: FieldPlan): boolean => field.startsWith("category:")
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
  const pushes = plans.filter((plan) => isCategory(plan) && plan.decision.outcome === "push")
  if (!rules.push.single_category || pushes.length === 0) {
    return plans
  }
  const after = new Set(held)
  for (const plan of pushes) {
    if (plan.decision.outcome === "push" && plan.decision.to === true) {
      after.add(elementOf(plan))
    } else {
      after.delete(elementOf(plan))
    }
  }
  return after.size <= 1
    ? plans
    : plans.map((plan) => (pushes.includes(plan) ? waiting(plan) : plan))
}

const waiting = (plan: FieldPlan): FieldPlan =>
  plan.decision.outcome === "push"
    ? {
        ...plan,
        decision: {
          outcome: "pending",
          reason: "unsupported",
          message: "The ERP holds one category per product.",
          value: plan.decision.base_medusa,
          loses_erp: plan.decision.loses,
        },
      }
    : plan
