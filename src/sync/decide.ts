import { FieldValue, Intent, Owner, Replaced } from "./values"

/** How values of a field are compared and carried over. */
export interface FieldRule {
  owner: Owner
  /** An edit in Medusa of a field that the ERP owns is undone, or only reported. */
  foreign_edits: "enforce" | "report"
  conflicts: "erp" | "medusa" | "manual"
  first_link: "erp" | "medusa" | "manual"
  /** Whether a blank may clear the other side (description, set elements); elsewhere it is refused. */
  blank_clears: boolean
  isBlank(value: FieldValue): boolean
  /** What Medusa will hold when given this ERP value. */
  toMedusa(value: FieldValue): FieldValue
  equalErp(a: FieldValue, b: FieldValue): boolean
  equalMedusa(a: FieldValue, b: FieldValue): boolean
  /** False while write-back is off: an edit in Medusa waits as pending. */
  push: boolean
}

/** One field of one link, as read for this plan. An absent base means: never agreed on. */
export interface FieldState {
  erp: FieldValue
  medusa: FieldValue
  base_erp: FieldValue | undefined
  base_medusa: FieldValue | undefined
  intent?: Intent | undefined
  replaced?: Replaced | undefined
  /** Database time of this plan, ISO. */
  now: string
}

export type WriteRule =
  "erp_changed" | "enforce" | "erp_owns" | "conflict_erp_wins" | "stale_return" | "first_link"

export type Decision =
  | { outcome: "unchanged" }
  | { outcome: "agree"; base_erp: FieldValue; base_medusa: FieldValue }
  /** Write Medusa. `loses` says whether the replaced value competed and has to be journaled as a loser. */
  | {
      outcome: "write"
      from: FieldValue
      to: FieldValue
      base_erp: FieldValue
      rule: WriteRule
      loses: boolean
    }
  /** A difference that the owner's rule leaves alone; no base moves. */
  | { outcome: "drift"; reason: "owner_medusa" | "foreign_edit" | "blank_refused" | "owner_empty" }
  /** An edit in Medusa that waits for write-back. */
  | { outcome: "pending"; value: FieldValue; loses_erp: boolean }
  /** Both changed and a person has to decide; this field alone is frozen. */
  | { outcome: "conflict"; erp: FieldValue; medusa: FieldValue }

const STALE_RETURN_MS = 15 * 60 * 1000

/** The bases after looking at the open intent: evidence of our own write, or nothing. */
const withIntent = (state: FieldState, rule: FieldRule): FieldState => {
  const { intent } = state
  if (!intent) {
    return state
  }
  if (intent.source === "erp" && rule.equalMedusa(state.medusa, intent.target_value)) {
    return { ...state, base_erp: intent.source_value, base_medusa: state.medusa }
  }
  if (intent.source === "medusa" && rule.equalErp(state.erp, intent.target_value)) {
    return { ...state, base_erp: state.erp, base_medusa: intent.source_value }
  }
  return state
}

const isStaleReturn = (state: FieldState, rule: FieldRule): boolean =>
  state.replaced !== undefined &&
  rule.equalMedusa(state.medusa, state.replaced.value) &&
  Date.parse(state.now) - Date.parse(state.replaced.at) < STALE_RETURN_MS

const erpWins = (state: FieldState, rule: FieldRule, why: WriteRule, loses: boolean): Decision =>
  rule.isBlank(state.erp) && !rule.blank_clears
    ? { outcome: "drift", reason: "blank_refused" }
    : {
        outcome: "write",
        from: state.medusa,
        to: rule.toMedusa(state.erp),
        base_erp: state.erp,
        rule: why,
        loses,
      }

const medusaWins = (state: FieldState, losesErp: boolean): Decision => ({
  outcome: "pending",
  value: state.medusa,
  loses_erp: losesErp,
})

/** No base: the owner's value wins if it has one, an empty side of a shared field is filled. */
const firstLink = (state: FieldState, rule: FieldRule): Decision => {
  const erpBlank = rule.isBlank(state.erp)
  const medusaBlank = rule.isBlank(state.medusa)
  switch (rule.owner) {
    case "erp":
      return erpBlank
        ? { outcome: "drift", reason: "owner_empty" }
        : erpWins(state, rule, "first_link", !medusaBlank)
    case "medusa":
      return medusaBlank
        ? { outcome: "drift", reason: "owner_empty" }
        : medusaWins(state, !erpBlank)
    case "both":
      if (erpBlank || medusaBlank) {
        return erpBlank ? medusaWins(state, false) : erpWins(state, rule, "first_link", false)
      }
      return settle(state, rule, rule.first_link, "first_link")
  }
}

const settle = (
  state: FieldState,
  rule: FieldRule,
  policy: "erp" | "medusa" | "manual",
  why: WriteRule,
): Decision => {
  switch (policy) {
    case "erp":
      return erpWins(state, rule, why, true)
    case "medusa":
      return medusaWins(state, true)
    case "manual":
      return { outcome: "conflict", erp: state.erp, medusa: state.medusa }
  }
}

/**
 * The table of the engine, for one field: what both sides hold, what they held when they last agreed,
 * and who owns the field, decide what is written. Pure; the same inputs give the same decision.
 */
export const decide = (input: FieldState, rule: FieldRule): Decision => {
  const state = withIntent(input, rule)
  const based = state.base_erp !== undefined && state.base_medusa !== undefined
  const differs = state.base_erp === undefined || !rule.equalErp(state.erp, state.base_erp)
  // A blank that may not clear counts as unchanged: it must not win against a later edit.
  const refusedBlank = based && differs && rule.isBlank(state.erp) && !rule.blank_clears
  const erpMoved = differs && !refusedBlank
  const medusaMoved =
    state.base_medusa === undefined || !rule.equalMedusa(state.medusa, state.base_medusa)
  const rebased = state.base_erp !== input.base_erp || state.base_medusa !== input.base_medusa

  if (refusedBlank && !medusaMoved) {
    return { outcome: "drift", reason: "blank_refused" }
  }
  if (based && !erpMoved && !medusaMoved) {
    return rebased || input.intent
      ? { outcome: "agree", base_erp: state.erp, base_medusa: state.medusa }
      : { outcome: "unchanged" }
  }
  if (rule.equalMedusa(rule.toMedusa(state.erp), state.medusa)) {
    return { outcome: "agree", base_erp: state.erp, base_medusa: state.medusa }
  }
  if (!based) {
    return firstLink(state, rule)
  }
  if (erpMoved && !medusaMoved) {
    return rule.owner === "medusa"
      ? { outcome: "drift", reason: "owner_medusa" }
      : erpWins(state, rule, "erp_changed", false)
  }
  if (!erpMoved) {
    return medusaEdited(state, rule)
  }
  switch (rule.owner) {
    case "erp":
      return erpWins(state, rule, "erp_owns", true)
    case "medusa":
      return medusaWins(state, true)
    case "both":
      return settle(state, rule, rule.conflicts, "conflict_erp_wins")
  }
}

const medusaEdited = (state: FieldState, rule: FieldRule): Decision => {
  if (rule.owner === "erp") {
    if (rule.foreign_edits === "report") {
      return { outcome: "drift", reason: "foreign_edit" }
    }
    // A blank is never restored over what somebody wrote, even where a blank may clear.
    return rule.isBlank(state.erp)
      ? { outcome: "drift", reason: "foreign_edit" }
      : erpWins(state, rule, "enforce", true)
  }
  if (rule.owner === "both" && isStaleReturn(state, rule)) {
    return settle(state, rule, rule.conflicts, "stale_return")
  }
  return medusaWins(state, false)
}
