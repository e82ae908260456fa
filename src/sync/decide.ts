import { FieldValue, Intent, Owner, Replaced, Side } from "./values"

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
  /** What the ERP will hold when given this value of Medusa's. */
  toErp(value: FieldValue): FieldValue
  equalErp(a: FieldValue, b: FieldValue): boolean
  equalMedusa(a: FieldValue, b: FieldValue): boolean
  /** Why an edit in Medusa cannot go to the ERP now; null when it can. */
  held: HeldReason | null
}

/**
 * Write-back is off, was not approved yet, creates nothing, the ERP has no place for the field, refused
 * it, or it is too much at once.
 */
export type HeldReason =
  "push_off" | "push_not_approved" | "create_off" | "unsupported" | "refused_by_erp" | "mass_change"

/** One field of one link, as read for this plan. An absent base means: never agreed on. */
export interface FieldState {
  erp: FieldValue
  medusa: FieldValue
  base_erp: FieldValue | undefined
  base_medusa: FieldValue | undefined
  intent?: Intent | undefined
  replaced?: Replaced | undefined
  /** What Medusa holds is no stale return, whatever was replaced. */
  is_edit?: boolean
  /** Whose value a person chose for this frozen field. */
  resolution?: Side | undefined
  /** The same two values went to and fro: the field is frozen until a person decides. */
  oscillates?: boolean
  /** Database time of this plan, ISO. */
  now: string
}

export type WriteRule =
  | "erp_changed"
  | "enforce"
  | "erp_owns"
  | "conflict_erp_wins"
  | "stale_return"
  | "first_link"
  | "resolved"

export type PushRule =
  "medusa_changed" | "medusa_owns" | "conflict_medusa_wins" | "first_link" | "resolved"

/** `rules_changed`: the mapping is another one by now, and nobody has approved what it would write. */
export type DriftReason =
  | "owner_medusa"
  | "foreign_edit"
  | "blank_refused"
  | "owner_empty"
  | "rules_changed"
  | "transform_failed"

export type ConflictReason = "both_changed" | "first_link" | "stale_return" | "oscillation"

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
  /** Write the ERP; the same from its side. */
  | {
      outcome: "push"
      from: FieldValue
      to: FieldValue
      base_medusa: FieldValue
      rule: PushRule
      loses: boolean
    }
  /** A request of ours may still land: nothing is decided before. */
  | { outcome: "wait"; until: string }
  /** A difference that the owner's rule leaves alone; no base moves. */
  | { outcome: "drift"; reason: DriftReason; message?: string }
  /** An edit in Medusa that waits for write-back. */
  | {
      outcome: "pending"
      reason: HeldReason
      /** What the ERP, or its connector, said to it. */
      message?: string
      value: FieldValue
      loses_erp: boolean
    }
  /** Both changed and a person has to decide; this field alone is frozen. */
  | { outcome: "conflict"; reason: ConflictReason; erp: FieldValue; medusa: FieldValue }

/** A field that both sides have agreed on once. */
type BasedState = FieldState & { base_erp: FieldValue; base_medusa: FieldValue }

const isBased = (state: FieldState): state is BasedState =>
  state.base_erp !== undefined && state.base_medusa !== undefined

const STALE_RETURN_MS = 15 * 60 * 1000

/** Bases that an open intent proves. */
export interface Evidence {
  base_erp: FieldValue
  base_medusa: FieldValue
}

/** What the open intent proves: our own write, seen on the written side; null when it proves nothing. */
export const evidenceOf = (state: FieldState, rule: FieldRule): Evidence | null => {
  const { intent } = state
  if (intent?.source === "erp" && rule.equalMedusa(state.medusa, intent.target_value)) {
    return { base_erp: intent.source_value, base_medusa: state.medusa }
  }
  if (intent?.source === "medusa" && rule.equalErp(state.erp, intent.target_value)) {
    return { base_erp: state.erp, base_medusa: intent.source_value }
  }
  return null
}

const withIntent = (state: FieldState, rule: FieldRule): FieldState => {
  const evidence = evidenceOf(state, rule)
  return evidence ? { ...state, ...evidence } : state
}

/** Until when a request whose fate is unknown may still land; null when none may, or it was seen to. */
const underWayUntil = (state: FieldState, rule: FieldRule): string | null =>
  state.intent?.source === "medusa" &&
  state.intent.until !== null &&
  Date.parse(state.intent.until) > Date.parse(state.now) &&
  !rule.equalErp(state.erp, state.intent.target_value)
    ? state.intent.until
    : null

/** Only while our last write is what both sides agreed on last: later edits have made it history. */
const isStaleReturn = (state: BasedState, rule: FieldRule): boolean =>
  state.is_edit !== true &&
  state.replaced?.side === "medusa" &&
  rule.equalMedusa(state.base_medusa, state.replaced.to) &&
  rule.equalMedusa(state.medusa, state.replaced.value) &&
  Date.parse(state.now) - Date.parse(state.replaced.at) < STALE_RETURN_MS

const isRefused = (value: FieldValue, rule: FieldRule): boolean =>
  rule.isBlank(value) && !rule.blank_clears

const erpWins = (state: FieldState, rule: FieldRule, why: WriteRule, loses: boolean): Decision =>
  isRefused(state.erp, rule)
    ? { outcome: "drift", reason: "blank_refused" }
    : {
        outcome: "write",
        from: state.medusa,
        to: rule.toMedusa(state.erp),
        base_erp: state.erp,
        rule: why,
        loses,
      }

const medusaWins = (
  state: FieldState,
  rule: FieldRule,
  why: PushRule,
  loses: boolean,
): Decision => {
  if (rule.held) {
    return { outcome: "pending", reason: rule.held, value: state.medusa, loses_erp: loses }
  }
  return isRefused(state.medusa, rule)
    ? { outcome: "drift", reason: "blank_refused" }
    : {
        outcome: "push",
        from: state.erp,
        to: rule.toErp(state.medusa),
        base_medusa: state.medusa,
        rule: why,
        loses,
      }
}

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
        : medusaWins(state, rule, "first_link", !erpBlank)
    case "both":
      if (erpBlank || medusaBlank) {
        return erpBlank
          ? medusaWins(state, rule, "first_link", false)
          : erpWins(state, rule, "first_link", false)
      }
      return settle(state, rule, rule.first_link, "first_link")
  }
}

const PUSH_RULES: Readonly<Record<"conflict_erp_wins" | "stale_return" | "first_link", PushRule>> =
  {
    conflict_erp_wins: "conflict_medusa_wins",
    stale_return: "conflict_medusa_wins",
    first_link: "first_link",
  }

const CONFLICTS: Readonly<Record<keyof typeof PUSH_RULES, ConflictReason>> = {
  conflict_erp_wins: "both_changed",
  stale_return: "stale_return",
  first_link: "first_link",
}

const settle = (
  state: FieldState,
  rule: FieldRule,
  policy: "erp" | "medusa" | "manual",
  why: keyof typeof PUSH_RULES,
): Decision => {
  switch (policy) {
    case "erp":
      return erpWins(state, rule, why, true)
    case "medusa":
      return medusaWins(state, rule, PUSH_RULES[why], true)
    case "manual":
      return {
        outcome: "conflict",
        reason: CONFLICTS[why],
        erp: state.erp,
        medusa: state.medusa,
      }
  }
}

/** What a person decided, from present values. */
const resolved = (state: FieldState, rule: FieldRule, side: Side): Decision =>
  side === "erp"
    ? erpWins(state, rule, "resolved", true)
    : medusaWins(state, rule, "resolved", true)

/** Which side holds something else than its base; a blank that may not clear counts as unchanged. */
const movements = (state: BasedState, rule: FieldRule): { erp: boolean; medusa: boolean } => {
  const erp = !rule.equalErp(state.erp, state.base_erp)
  const medusa = !rule.equalMedusa(state.medusa, state.base_medusa)
  // A field that the ERP owns is restored over a blank: nothing travels, so nothing is refused.
  const medusaRefused = rule.owner !== "erp" && isRefused(state.medusa, rule)
  return {
    erp: erp && !isRefused(state.erp, rule),
    medusa: medusa && !medusaRefused,
  }
}

/** Whether both sides say the same, whichever of the two mappings says so. */
const saysTheSame = (state: FieldState, rule: FieldRule): boolean =>
  rule.equalMedusa(rule.toMedusa(state.erp), state.medusa) ||
  (!rule.isBlank(state.medusa) &&
    rule.held !== "unsupported" &&
    rule.equalErp(rule.toErp(state.medusa), state.erp))

/**
 * The table of the engine, for one field: what both sides hold, what they held when they last agreed,
 * and who owns the field, decide what is written. Pure; the same inputs give the same decision.
 */
export const decide = (input: FieldState, rule: FieldRule): Decision => {
  const state = withIntent(input, rule)
  const until = underWayUntil(input, rule)
  if (until !== null) {
    return { outcome: "wait", until }
  }
  if (isBased(state) && isUnmoved(state, rule)) {
    return state.intent || state.resolution
      ? { outcome: "agree", base_erp: state.erp, base_medusa: state.medusa }
      : { outcome: "unchanged" }
  }
  if (saysTheSame(state, rule)) {
    return { outcome: "agree", base_erp: state.erp, base_medusa: state.medusa }
  }
  if (state.resolution) {
    return resolved(state, rule, state.resolution)
  }
  if (state.oscillates) {
    return { outcome: "conflict", reason: "oscillation", erp: state.erp, medusa: state.medusa }
  }
  return isBased(state) ? competing(state, rule) : firstLink(state, rule)
}

const isUnmoved = (state: BasedState, rule: FieldRule): boolean =>
  rule.equalErp(state.erp, state.base_erp) && rule.equalMedusa(state.medusa, state.base_medusa)

/** Both sides have a base and differ. */
const competing = (state: BasedState, rule: FieldRule): Decision => {
  const moved = movements(state, rule)
  if (!moved.erp && !moved.medusa) {
    return { outcome: "drift", reason: "blank_refused" }
  }
  if (!moved.medusa) {
    return rule.owner === "medusa"
      ? { outcome: "drift", reason: "owner_medusa" }
      : // A blank that was refused here is replaced now: it is journaled.
        erpWins(state, rule, "erp_changed", medusaHoldsRefused(state, rule))
  }
  if (!moved.erp) {
    return medusaEdited(state, rule)
  }
  switch (rule.owner) {
    case "erp":
      return erpWins(state, rule, "erp_owns", true)
    case "medusa":
      return medusaWins(state, rule, "medusa_owns", true)
    case "both":
      return settle(state, rule, rule.conflicts, "conflict_erp_wins")
  }
}

const medusaHoldsRefused = (state: BasedState, rule: FieldRule): boolean =>
  isRefused(state.medusa, rule) && !rule.equalMedusa(state.medusa, state.base_medusa)

const medusaEdited = (state: BasedState, rule: FieldRule): Decision => {
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
  return medusaWins(state, rule, "medusa_changed", isRefused(state.erp, rule))
}
