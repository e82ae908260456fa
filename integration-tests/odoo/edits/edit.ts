import type { Client } from "../client"

/** What of a store an edit can change. */
export type Stream = "categories" | "products" | "prices" | "stock"

export interface EditResult {
  /** Templates that look different afterwards, a deleted one included. */
  template_ids: number[]
  /**
   * The streams whose content changed. A stream named here must be brought up to date; one that is
   * not may still see a newer `write_date`.
   */
  touches: Stream[]
}

/** Something a merchant does in Odoo's screens, through the same methods that the screens call. */
export interface Edit {
  /** Past tense, unique: "category renamed". */
  name: string
  /**
   * Picks a fitting record by itself, the one left alone for longest, or makes one; so edits can
   * follow each other in any order, and repeat.
   */
  apply(odoo: Client): Promise<EditResult>
}

let count = 0

/** A number no other edit of this process has used; makes names, codes and barcodes unique. */
export function nextNumber(): number {
  count += 1
  return count
}

/** @throws Error naming `what` when a search found nothing. */
export function found<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) {
    throw new Error(`Odoo has no ${what}.`)
  }
  return value
}

/** Replaces the x2many value of a field: Odoo's command `(6, 0, ids)`. */
export function setTo(ids: number[]): unknown[] {
  return [[6, 0, ids]]
}
