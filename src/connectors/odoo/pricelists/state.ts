import { createHash } from "node:crypto"
import { z } from "@medusajs/framework/zod"

/**
 * What prices were last computed with, as far as no stamp of a product tells of its change. Small,
 * whatever the number of rules: it is kept in the cursor.
 */
export const pricesStateSchema = z.object({
  /** Hash of the mapped lists, their currencies and the rates. */
  facts: z.string(),
  /** Rules and what each applies to. */
  rules: z.object({ last: z.number().int(), sum: z.string() }),
  /** Categories and what each lies below; null where no rule asks. */
  categories: z.object({ last: z.number().int(), sum: z.string() }).nullable(),
  /** The moment that prices were computed for. */
  at: z.string(),
})

export type PricesState = z.infer<typeof pricesStateSchema>
export type Sum = PricesState["rules"]

/** One record of a set, with what must not change of it unseen. */
export interface Member {
  id: number
  text: string
}

/** Sums a set up. */
export const sumOf = (members: readonly Member[]): Sum => ({
  last: members.reduce((last, { id }) => Math.max(last, id), 0),
  sum: hashOf(members.toSorted((a, b) => a.id - b.id).map(({ id, text }) => `${id} ${text}`)),
})

/**
 * Whether all members of the former set are there as they were; new ones may have come. Odoo's ids
 * only rise, so that whatever is beyond the last one is new.
 */
export const onlyGrew = (before: Sum, members: readonly Member[]): boolean =>
  sumOf(members.filter(({ id }) => id <= before.last)).sum === before.sum

export const hashOf = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("base64url").slice(0, 22)
