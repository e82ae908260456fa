import { isDeepStrictEqual } from "node:util"

import type { Stream } from "./edits/edit"
import type { OracleCatalog, OracleTemplate, OracleVariant } from "./oracle"

/** What changed between two looks at a catalog. */
export interface Difference {
  /** Templates that appeared, went, or look different; by their categories' names too. */
  templates: number[]
  streams: Stream[]
}

type View = (template: OracleTemplate) => unknown

/**
 * Each stream's share of a template. Prices and stock are compared variant by variant where both
 * looks have the variant; a variant that comes or goes is a change of `products`.
 */
const SHARES: [Stream, View][] = [
  [
    "products",
    ({ list_price: _price, category_path: _path, variants, ...template }) => ({
      ...template,
      variants: variants.map(({ price: _own, stock: _stock, ...variant }) => variant),
    }),
  ],
  ["prices", ({ list_price, variants }) => [list_price, variants.map(({ price }) => price)]],
  ["stock", ({ variants }) => variants.map(occupied)],
]

export function difference(before: OracleCatalog, after: OracleCatalog): Difference {
  const old = new Map(before.templates.map((template) => [template.id, template]))
  const now = new Map(after.templates.map((template) => [template.id, template]))
  const templates = new Set<number>()
  const streams = new Set<Stream>()
  if (!isDeepStrictEqual(before.categories, after.categories)) {
    streams.add("categories")
  }
  for (const id of new Set([...old.keys(), ...now.keys()])) {
    const [first, second] = [old.get(id), now.get(id)]
    if (!first || !second) {
      templates.add(id)
      streams.add("products")
      continue
    }
    if (!isDeepStrictEqual(first.category_path, second.category_path)) {
      templates.add(id)
    }
    for (const [stream, view] of SHARES) {
      const common = stream === "products" ? [first, second] : shared(first, second)
      if (!isDeepStrictEqual(...(common.map(view) as [unknown, unknown]))) {
        templates.add(id)
        streams.add(stream)
      }
    }
  }
  return { templates: [...templates], streams: [...streams] }
}

/** Both templates with only the variants they have in common. */
function shared(first: OracleTemplate, second: OracleTemplate): OracleTemplate[] {
  const [a, b] = [first, second].map(({ variants }) => new Set(variants.map(({ id }) => id)))
  return [first, second].map((template) => ({
    ...template,
    variants: template.variants.filter(({ id }) => a?.has(id) && b?.has(id)),
  }))
}

/** A warehouse opened since has zeros for everyone, which is no change. */
function occupied({ stock }: OracleVariant): unknown {
  return stock.filter(({ on_hand, free }) => on_hand !== 0 || free !== 0)
}
