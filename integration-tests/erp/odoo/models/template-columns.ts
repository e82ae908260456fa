import type { Env } from "../orm/env"
import { patchRow } from "../orm/records"
import { idsOf, type Row, type Value } from "../orm/values"
import { creationMode, validLines } from "./attributes-of"

/** Columns a template takes from its variant as long as it has exactly one. */
const FROM_VARIANT: Readonly<Record<string, Value>> = { default_code: false, weight: 0, volume: 0 }

/** All variants of a product, archived ones included, by id. */
export function variantRows(env: Env, templateId: number): Row[] {
  const table = env.table("product.product")
  return table
    .find("product_tmpl_id", templateId)
    .map((id) => table.get(id))
    .filter((row): row is Row => row !== undefined)
}

/** The one variant whose fields a template shows: the only active, else the only archived one. */
export function singleVariant(env: Env, templateId: number): Row | undefined {
  const all = variantRows(env, templateId)
  const active = all.filter((variant) => variant["active"] === true)
  const candidates = active.length === 0 ? all : active
  return candidates.length === 1 ? candidates[0] : undefined
}

function isConfigurable(env: Env, templateId: number): boolean {
  return validLines(env, templateId).some(
    (line) => idsOf(line["value_ids"]).length > 1 || creationMode(env, line) === "dynamic",
  )
}

/**
 * Recomputes the stored fields of templates after their lines or variants changed, which stamps the
 * template. With several variants the code and the weight of the template are emptied.
 */
export function recomputeTemplates(env: Env, ids: readonly number[]): void {
  for (const id of ids) {
    if (env.row("product.template", id) === undefined) continue
    const variant = singleVariant(env, id)
    const patch: Record<string, Value> = { has_configurable_attributes: isConfigurable(env, id) }
    for (const [field, empty] of Object.entries(FROM_VARIANT)) {
      patch[field] = variant?.[field] ?? empty
    }
    patchRow(env, "product.template", id, patch)
  }
}

export const SHARED_WITH_VARIANT = Object.keys(FROM_VARIANT)
