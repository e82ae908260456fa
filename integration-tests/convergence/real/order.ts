import { Totals } from "../totals"

/** What a store's process is asked to do. */
export interface Order {
  start: number
  /** Every so many seeds and scripts one is taken. */
  stride: number
  seeds: number
  scripts: number
  /** Goes on after a seed that failed. */
  keep: boolean
  /** No seed is begun after so many seconds of simulating. */
  budget: number
}

/** What it found, written to a file: the output of a store is full of other things. */
export interface Result {
  totals: Totals
  scripts: { played: number; calls: number }
  /** Text for a person: seeds that broke an invariant, scripts that were answered differently. */
  failures: string[]
  /** Edits of the world that the tables did not take, because a row was held. */
  refusals: number
}

export const ORDER_VARIABLE = "CONVERGENCE_ORDER"
export const RESULT_VARIABLE = "CONVERGENCE_RESULT"
