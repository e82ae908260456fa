/** A change of one file: `find` has to occur in it exactly once. */
export interface Edit {
  file: string
  find: string
  replace: string
}

/** What the oracle may say about a defect; `bug` is an error that the engine itself did not expect. */
export type Invariant = "I1" | "I2" | "I3" | "I4" | "I5" | "I6" | "I7" | "I8" | "I9"

/** A known defect of real connectors, as a few lines in the production path. */
export interface Defect {
  /** As in the table of the design: `D7`. */
  id: string
  /** How it goes wrong, in a sentence. */
  mechanism: string
  edits: readonly Edit[]
  /** What it breaks: one of these has to be complained of. */
  breaks: readonly Invariant[]
  /** The first seed that is tried: one that is known to find it, as long as the world is as it was. */
  start: number
  /** It is found within so many seeds, from `start` on. */
  seeds: number
}
