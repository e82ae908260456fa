import { FieldName, FieldValue, Replaced, Side } from "./values"

/** So many writes of the same two values, in either direction, are no edits any more. */
const TURNS = 3
/** Within this time. */
const WINDOW_MS = 60 * 60 * 1000
/** A field that nobody decided about is tried again after this time, so that no history freezes it for ever. */
const FREEZE_MS = 24 * 60 * 60 * 1000

/** A write of a field on one side. */
export interface Turn {
  side: Side
  from: FieldValue
  to: FieldValue
  /** Database time, ISO. */
  at: string
}

const since = (then: string, now: string): number => Date.parse(now) - Date.parse(then)

/** Compared raw, before any normaliser: a value that a side alters on its own must count as the same. */
const isSamePair = (previous: Replaced, { from, to }: Pick<Turn, "from" | "to">): boolean =>
  (previous.value === from && previous.to === to) || (previous.value === to && previous.to === from)

/** What a link keeps of its last write of a field, with how often the same two values have followed each other. */
export const nextReplaced = (previous: Replaced | undefined, turn: Turn): Replaced => {
  const { from, to, side, at } = turn
  const first: Replaced = { value: from, to, side, at, turns: 1, since: at }
  if (!previous || !isSamePair(previous, turn)) {
    return first
  }
  if (since(previous.since, at) <= WINDOW_MS) {
    return { ...first, turns: previous.turns + 1, since: previous.since }
  }
  // The earlier turns are too old; the last one may still be within the hour.
  return since(previous.at, at) <= WINDOW_MS ? { ...first, turns: 2, since: previous.at } : first
}

/**
 * Whether a write would only carry on what two systems do to each other: the same two values were
 * written three times within an hour. The field is frozen for a day then, or until a person decides.
 */
export const isOscillating = (
  previous: Replaced | undefined,
  write: Pick<Turn, "from" | "to">,
  now: string,
): boolean =>
  previous !== undefined &&
  previous.turns >= TURNS &&
  isSamePair(previous, write) &&
  since(previous.at, now) < FREEZE_MS

/** Stock goes up and down by its nature: the same figure again and again is no quarrel. */
export const mayOscillate = (field: FieldName): boolean =>
  field !== "stock" && !field.startsWith("stock:") && !field.startsWith("on_hand:")
