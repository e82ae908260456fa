import { Entity, Stream, STREAMS } from "../../../../src/sync/canonical"
import { ErpId } from "../../../../src/sync/ids"
import { FieldValue } from "../../../../src/sync/values"
import { Clock } from "../../clock"
import { Random } from "../../random"
import { KEYS, Side } from "./side"

/** One call of a script: what was drawn for it is the same for both implementations. */
export interface Step {
  name: string
  run<Tx>(side: Side<Tx>): Promise<unknown>
}

/** What steps are drawn from. */
export interface Draw {
  random: Random
  clock: Clock
}

export type Maker = (draw: Draw) => Step

/** One of several; the list is never empty. */
export const one = <T>(random: Random, items: readonly [T, ...T[]]): T =>
  random.pick(items) ?? items[0]

export const keyPlace = (random: Random): number => random.between(0, KEYS.length - 1)

export const keyAt = (place: number): ErpId => KEYS[place] ?? KEYS[0] ?? ("1" as ErpId)

export const anyKey = (random: Random): ErpId => keyAt(keyPlace(random))

export const anyStream = (random: Random): Stream => random.pick(STREAMS) ?? "products"

export const anyEntity = (random: Random): Entity =>
  one<Entity>(random, ["product", "variant", "category", "option"])

export const anyValue = (random: Random): FieldValue =>
  one<FieldValue>(random, ["a", "b", "12.50", "40", true, false, null])

export const several = <T>(random: Random, most: number, draw: () => T): T[] =>
  Array.from({ length: random.between(1, most) }, draw)
