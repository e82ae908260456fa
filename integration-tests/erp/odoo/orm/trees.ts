import type { Env } from "./env"
import type { Model } from "./schema"
import { idOf, numberOf, type Row } from "./values"

/** The records themselves and everything below them, in models that form a tree. */
export function descendants(env: Env, model: Model, roots: readonly number[]): Set<number> {
  const { parent } = model
  const found = new Set<number>()
  if (parent === undefined) return new Set(roots)
  const table = env.table(model)
  const queue = [...roots]
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (found.has(id) || table.get(id) === undefined) continue
    found.add(id)
    queue.push(...table.find(parent, id))
  }
  return found
}

/** The records themselves and everything above them. */
export function ancestors(env: Env, model: Model, leaves: readonly number[]): Set<number> {
  const { parent } = model
  const found = new Set<number>()
  if (parent === undefined) return new Set(leaves)
  const table = env.table(model)
  for (const leaf of leaves) {
    for (let id = leaf; id !== 0 && !found.has(id); id = idOf(table.get(id)?.[parent])) {
      if (table.get(id) !== undefined) found.add(id)
    }
  }
  return found
}

/** `parent_path` as Odoo stores it: `4/5/`. */
export function parentPath(env: Env, model: Model, row: Row): string {
  const own = `${row.id}/`
  const { parent } = model
  if (parent === undefined) return own
  const above = env.table(model).get(numberOf(row[parent]))
  return above === undefined ? own : parentPath(env, model, above) + own
}
