import type { OdooVersion, World } from ".."
import type { TestClock } from "./shop"

const WATCHED = [
  ...["product.template", "product.product", "product.template.attribute.line"],
  ...["product.template.attribute.value", "product.attribute", "product.attribute.value"],
  ...["product.category", "product.tag", "product.pricelist", "product.pricelist.item"],
  ...["stock.quant", "stock.move.line", "stock.location", "ir.attachment", "uom.uom"],
]

/** The records that the rows of the matrix work on. */
export interface Stage {
  readonly version: OdooVersion
  readonly world: World
  readonly template: number
  readonly first: number
  readonly second: number
  readonly values: readonly [number, number, number]
  readonly color: number
  readonly line: number
  readonly ptav: number
  readonly categories: readonly [number, number]
  readonly tag: number
  readonly stock: number
}

/** How many records of each model were stamped, came or went. */
export type Effect = Readonly<Record<string, { touched?: number; created?: number; gone?: number }>>

/** One row of the matrix: a change, and what it stamps. */
export type StampRow = readonly [title: string, work: (stage: Stage) => void, effect: Effect]

function snapshot(world: World): Map<string, Map<number, number>> {
  return new Map(
    WATCHED.map((model) => [
      model,
      new Map(world.ids(model).map((id) => [id, Number(world.row(model, id)?.["write_date"])])),
    ]),
  )
}

/** How many records of each model were stamped, came or went during some work. */
export function effectOf(world: World, clock: TestClock, work: () => void): Effect {
  const before = snapshot(world)
  clock.tick()
  work()
  const effect: Record<string, { touched?: number; created?: number; gone?: number }> = {}
  for (const [model, now] of snapshot(world)) {
    const old = before.get(model) ?? new Map<number, number>()
    const touched = [...now].filter(([id, stamp]) => old.has(id) && old.get(id) !== stamp).length
    const created = [...now.keys()].filter((id) => !old.has(id)).length
    const gone = [...old.keys()].filter((id) => !now.has(id)).length
    const counts = {
      ...(touched > 0 ? { touched } : {}),
      ...(created > 0 ? { created } : {}),
      ...(gone > 0 ? { gone } : {}),
    }
    if (Object.keys(counts).length > 0) effect[model] = counts
  }
  return effect
}
