import { userError } from "../orm/errors"
import type { Env } from "../orm/env"
import { createRecords, patchRow, unlinkRecords, writeRecords } from "../orm/records"
import { idOf, idsOf, type JsonObject, type Row } from "../orm/values"
import { variantRows } from "./template-columns"
import { activeValuesOfLine, combinationKey, isDynamic, variantLines } from "./attributes-of"

const LIMIT = 1000

/** Every combination of one value per line, the last line turning fastest. */
function combinations(lists: ReadonlyArray<readonly number[]>): number[][] {
  return lists.reduce<number[][]>(
    (known, list) => known.flatMap((head) => list.map((id) => [...head, id])),
    [[]],
  )
}

function lineOf(env: Env, ptavId: number): number {
  return idOf(env.row("product.template.attribute.value", ptavId)?.["attribute_line_id"])
}

/** A new line with one value does not make new variants: the value is added to those that are there. */
function addSingleValues(env: Env, templateId: number, lines: readonly Row[]): void {
  const singles = lines.flatMap((line) => {
    const values = activeValuesOfLine(env, line.id)
    return values.length === 1 ? values.map((value) => value.id) : []
  })
  if (singles.length === 0) return
  const wanted = new Set(lines.map((line) => line.id))
  for (const variant of variantRows(env, templateId)) {
    const before = idsOf(variant["product_template_attribute_value_ids"])
    const after = [...new Set([...before, ...singles])]
    const covered = new Set(after.map((id) => lineOf(env, id)))
    const fits = after.length === lines.length && [...covered].every((line) => wanted.has(line))
    if (fits && after.length !== before.length) setCombination(env, variant.id, after)
  }
}

export function setCombination(env: Env, variantId: number, ids: readonly number[]): void {
  patchRow(env, "product.product", variantId, {
    product_template_attribute_value_ids: [...ids],
    combination_indices: combinationKey(ids),
  })
}

interface VariantPlan {
  readonly activate: readonly number[]
  readonly create: readonly JsonObject[]
  readonly drop: readonly number[]
}

function planVariants(env: Env, templateId: number, lines: readonly Row[]): VariantPlan {
  const all = variantRows(env, templateId)
  const known = new Map<string, Row>()
  // Of two variants with one combination the active one counts.
  for (const variant of [...all].sort((a, b) => Number(a["active"]) - Number(b["active"]))) {
    known.set(combinationKey(idsOf(variant["product_template_attribute_value_ids"])), variant)
  }
  const values = lines.map((line) => activeValuesOfLine(env, line.id).map((value) => value.id))
  const activate: number[] = []
  const create: JsonObject[] = []
  if (isDynamic(env, templateId)) {
    const possible = new Set(combinations(values).map(combinationKey))
    for (const [key, variant] of known) if (possible.has(key)) activate.push(variant.id)
  } else {
    for (const combination of combinations(values)) {
      const variant = known.get(combinationKey(combination))
      if (variant === undefined) {
        create.push({
          product_tmpl_id: templateId,
          product_template_attribute_value_ids: [[6, 0, combination]],
          active: env.row("product.template", templateId)?.["active"] === true,
        })
      } else activate.push(variant.id)
      if (create.length > LIMIT) throw tooMany()
    }
  }
  const kept = new Set(activate)
  return {
    activate,
    create,
    drop: all.map((variant) => variant.id).filter((id) => !kept.has(id)),
  }
}

function tooMany(): Error {
  return userError(
    `The number of variants to generate is above allowed limit. You should either not generate variants for each combination or generate them on demand from the sales order. To do so, open the form view of attributes and change the mode of *Create Variants*.`,
  )
}

/**
 * Odoo's `_create_variant_ids`: makes the variants of a template match its attribute lines.
 *
 * Copies: a combination that is still possible keeps its variant, and *becomes active again* when it
 * was archived; one that is missing comes with a new id, also when someone had deleted it; what is
 * not possible any more is deleted, or archived when it is in use.
 */
export function regenerateVariants(env: Env, templateId: number): void {
  const lines = variantLines(env, templateId)
  addSingleValues(env, templateId, lines)
  const plan = planVariants(env, templateId, lines)
  const product = env.model("product.product")
  if (plan.activate.length > 0) writeRecords(env, product, plan.activate, { active: true })
  if (plan.create.length > 0) createRecords(env, product, plan.create)
  if (plan.drop.length === 0) return
  unlinkOrArchive(env, plan.drop)
  if (env.row("product.template", templateId) === undefined) {
    throw userError(
      "This configuration of product attributes, values, and exclusions would lead to no possible variant. Please archive or delete your product directly if intended.",
    )
  }
}

/**
 * Deletes variants; those that cannot be deleted, because stock moves refer to them, are archived.
 * Like Odoo it tries all at once, then halves: deleting the variants of a product together leaves the
 * product, deleting the last one alone takes the product along.
 */
export function unlinkOrArchive(env: Env, ids: readonly number[]): void {
  const there = ids.filter((id) => env.row("product.product", id) !== undefined)
  const [only] = there
  if (only === undefined) return
  const product = env.model("product.product")
  try {
    env.tx.savepoint(() => unlinkRecords(env, product, there))
  } catch {
    // Odoo catches every failure of the deletion here and archives.
    if (there.length > 1) {
      const half = there.length >> 1
      unlinkOrArchive(env, there.slice(0, half))
      unlinkOrArchive(env, there.slice(half))
    } else if (env.row("product.product", only)?.["active"] === true) {
      writeRecords(env, product, [only], { active: false })
    }
  }
}
