import { MappingFailed } from "./attributes"
import { decide, Decision, Evidence, evidenceOf, FieldRule, FieldState } from "./decide"
import { fieldRule } from "./field-rules"
import { sameMeaning, withLanguageOf } from "./fingerprint"
import { isOscillating } from "./oscillation"
import { refusalOf } from "./refusals"
import { Rules } from "./rules"
import { FieldName, FieldValue, Link } from "./values"

/** One field as both sides hold it now. */
export interface FieldReading {
  field: FieldName
  erp: FieldValue
  medusa: FieldValue
  /** Medusa's name of the field where it differs: `category:<medusa id>`. */
  medusa_field?: FieldName
  /** The name under which the options set its owner, where it differs. */
  owner_key?: string
  /** What Medusa holds was chosen, although our last write replaced the same value: no stale return. */
  is_edit?: boolean
}

export interface FieldPlan {
  field: FieldName
  medusa_field: FieldName
  /** The base was made under other rules and does not count. */
  voided: boolean
  /** What the ERP holds. */
  erp: FieldValue
  /** What Medusa holds. */
  medusa: FieldValue
  decision: Decision
  /** What an open intent proves: it holds whatever is decided, and whatever becomes of that. */
  evidence?: Evidence | null
}

/**
 * Decides every field of a link on its own. Bases made under other rules are void: the rules of the
 * first link apply to them.
 */
export const planFields = (
  rules: Rules,
  link: Link,
  readings: FieldReading[],
  now: string,
): FieldPlan[] => readings.map((reading) => planField(rules, link, reading, now))

/** Decides one field of a link. */
export const planField = (
  rules: Rules,
  link: Link,
  reading: FieldReading,
  now: string,
): FieldPlan => {
  const valid = sameMeaning(madeUnder(rules, link), rules.fingerprint, reading.field)
  const state: FieldState = {
    erp: reading.erp,
    medusa: reading.medusa,
    base_erp: valid ? link.base_erp[reading.field] : undefined,
    base_medusa: valid ? link.base_medusa[reading.field] : undefined,
    intent: link.intents[reading.field],
    replaced: link.replaced[reading.field],
    resolution: link.resolutions[reading.field],
    is_edit: reading.is_edit === true,
    now,
  }
  const { entity, owners } = link
  const rule = fieldRule(rules, entity, reading.field, reading.owner_key, owners)
  return {
    field: reading.field,
    medusa_field: reading.medusa_field ?? reading.field,
    voided: !valid,
    erp: reading.erp,
    medusa: reading.medusa,
    ...planned(() => ({
      evidence: evidenceOf(state, rule),
      decision: underRules(
        rules,
        link,
        reading.field,
        withoutRefused(link, reading.field, now, withoutOscillation(state, rule)),
      ),
    })),
  }
}

/** A function of the merchant's that throws leaves its field alone, and says so; nothing else stops. */
const planned = (
  plan: () => Pick<FieldPlan, "evidence" | "decision">,
): Pick<FieldPlan, "evidence" | "decision"> => {
  try {
    return plan()
  } catch (error) {
    if (error instanceof MappingFailed) {
      const { message } = error
      return { decision: { outcome: "drift", reason: "transform_failed", message } }
    }
    throw error
  }
}

/** Where a former version stored no language, it was the one that was agreed to. */
const madeUnder = (rules: Rules, link: Link): string =>
  withLanguageOf(link.fingerprint, rules.approved_fingerprint)

/** A mapping that changed under a base decides nothing by itself: both sides may only agree. */
const underRules = (rules: Rules, link: Link, field: FieldName, decision: Decision): Decision => {
  const { fingerprint, approved_fingerprint: approved } = rules
  const changed =
    link.base_erp[field] !== undefined &&
    approved !== undefined &&
    !sameMeaning(madeUnder(rules, link), fingerprint, field) &&
    !sameMeaning(approved, fingerprint, field)
  return changed && decision.outcome !== "agree" && decision.outcome !== "wait"
    ? { outcome: "drift", reason: "rules_changed" }
    : decision
}

/** An edit that the ERP refused is not sent again and again. */
const withoutRefused = (
  link: Link,
  field: FieldName,
  now: string,
  decision: Decision,
): Decision => {
  const refusal = decision.outcome === "push" ? refusalOf(link.kept, field, decision, now) : null
  return decision.outcome === "push" && refusal
    ? { outcome: "pending", ...refusal, value: decision.base_medusa, loses_erp: decision.loses }
    : decision
}

/** Two values that keep taking each other's place are frozen, both shown. */
const withoutOscillation = (state: FieldState, rule: FieldRule): Decision => {
  const decision = decide(state, rule)
  const moves = decision.outcome === "write" || decision.outcome === "push"
  return moves && isOscillating(state.replaced, decision, state.now)
    ? decide({ ...state, oscillates: true }, rule)
    : decision
}
