import { Guards } from "../../src/sync/guards"
import { Rules } from "../../src/sync/rules"
import { Random } from "./random"
import { Dialect } from "./world/dialects"

/** What only some worlds have. */
export interface Extras {
  /** The merchant makes products, which are to be created in the ERP. */
  creates: boolean
  /** Stock belongs to the store, and goes to the ERP as counts. */
  counts: boolean
  /** A day allows so little that the guards trip, in either direction. */
  tight: boolean
}

export const NO_EXTRAS: Extras = { creates: false, counts: false, tight: false }

/** Drawn by a generator of their own: a world without any is as it would be if there were none. */
export const extrasOf = (seed: number): Extras => {
  const random = new Random(seed + 0x2f_9e_4d)
  return {
    creates: random.chance(0.25),
    counts: random.chance(0.2),
    tight: random.chance(0.15),
  }
}

/** One record out of sale a day, and two prices moved by more than half: the options' percentages say so. */
const TIGHT: Guards = { gone_share: 0.02, price_share: 0.04, absent_share: 0.02 }

/** The rules of a world with its extras, as the options of a connection are resolved. */
export const withExtras = (
  rules: Rules,
  { creates, counts, tight }: Extras,
  dialect: Dialect,
): Rules => {
  const stock = counts && dialect.writes.stock !== undefined
  return {
    ...rules,
    owners: stock ? { ...rules.owners, stock: "medusa" } : rules.owners,
    push: { ...rules.push, create: creates && dialect.idempotency_key !== null, stock },
    deleted: tight ? "archive_erp" : rules.deleted,
  }
}

export const guardsWith = (guards: Guards, { tight }: Extras): Guards => (tight ? TIGHT : guards)
