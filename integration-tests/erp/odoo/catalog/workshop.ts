import type { Env } from "../orm/env"
import type { BaseData } from "./base-data"

export interface CatalogOptions {
  /** Number of products (templates). */
  readonly products: number
  /** A plain, regular catalog with exactly this many variants each, for benchmarks. */
  readonly variantsPerProduct?: number
  readonly seed: number
  /** Whether records that break the rules are among them; see `odd.ts`. */
  readonly odd: boolean
}

/** Where a generator works: it asks for a new environment for each batch of one moment. */
export interface Workshop {
  readonly base: BaseData
  /** An environment whose writes carry a later stamp than the one before. */
  readonly nextBatch: () => Env
}

/** Bulk imports share one stamp, so a batch of products does too. */
export const BATCH = 50
