/** How far a day's destructive changes may go before a person is asked. */
export interface Guards {
  /** Share of linked products archived or deleted, 0 to 1. */
  gone_share: number
}

export const DEFAULT_GUARDS: Guards = { gone_share: 0.05 }

/** A catalog of fewer records than this is treated as one of this size. */
const SMALLEST = 50

/** The number of destructive changes allowed in a rolling day. */
export const massChangeLimit = (linked: number, share: number): number =>
  Math.max(SMALLEST * share, linked * share)

/** True when a batch would cross the limit; the batch then waits whole. */
export const tripsMassChange = (input: {
  today: number
  batch: number
  linked: number
  share: number
}): boolean => input.today + input.batch > massChangeLimit(input.linked, input.share)

/**
 * Whether re-read records look like those of a restored copy: at least three, and at least one in a
 * hundred, are older than what was stored.
 */
export const looksRestored = (input: { reread: number; older: number }): boolean =>
  input.older >= 3 && input.older >= input.reread * 0.01
