import { Change, Edit, History } from "./two-sided-history"
import { Reading, Sides } from "./two-sided-sides"
import { rowsOf, TwoSided } from "./two-sided-stage"

/**
 * Every value that a user set is on a side, was replaced by a later edit on its own side, or stands in
 * the journal as what a write replaced. `overwritten`: edits in Odoo between the connector's comparison
 * and its write, the window that a write without compare-and-set leaves.
 */
export const lostEdits = async (
  stage: TwoSided,
  history: History,
  sides: Sides,
): Promise<{ lost: string[]; overwritten: string[] }> => {
  const journaled = await replacedValues(stage)
  const links = await rowsOf<{ entity: string; odoo: string; store: string }>(
    stage,
    "select entity, erp_id as odoo, medusa_id as store from erp_link",
  )
  const now = new Map<string, Reading[]>()
  for (const reading of [...sides.readings, ...sides.resting]) {
    const { entity, odoo_id, store_id, field } = reading
    for (const id of [odoo_id, store_id]) {
      const key = `${entity} ${id} ${field}`
      now.set(key, [...(now.get(key) ?? []), reading])
    }
  }
  const store = await storeValues(stage)
  const stands = (change: Change): boolean => {
    const { entity, id, field, value } = change
    const key = `${entity} ${id} ${field}`
    return (
      (now.get(key) ?? []).some(({ odoo, store: held }) => odoo === value || holds(held, change)) ||
      (sides.values.has(key) && sides.values.get(key) === value) ||
      (store.has(key) && store.get(key) === value)
    )
  }
  const isThere = ({ entity, id }: Change): boolean =>
    sides.present[entity].has(id) || store.has(`${entity} ${id}`)
  const missing = history.edits
    .filter(({ outcome }) => outcome === "done")
    .flatMap((edit) => edit.changes.map((change) => ({ edit, change })))
    .filter(
      ({ edit, change }) =>
        isThere(change) &&
        !stands(change) &&
        !history.superseded(edit, change) &&
        !idsOf(change, links).some((id) => journaled.has(journalKey({ ...change, id }))),
    )
  const inWindow = ({ edit, change }: Missing): boolean =>
    edit.side === "odoo" && stage.watch.overwrote(change, edit)
  return {
    lost: missing.filter((entry) => !inWindow(entry)).map(told),
    overwritten: missing.filter(inWindow).map(told),
  }
}

/** The store may hold several categories of a product. */
const holds = (held: string | null, { field, value }: Change): boolean =>
  held === value || (field === "category" && (held ?? "").split(",").includes(value ?? ""))

interface Missing {
  edit: Edit
  change: Change
}

const told = ({ edit, change }: Missing): string =>
  `edit ${edit.number} (${edit.side}): ${JSON.stringify(change)}`

const idsOf = (
  { entity, id }: Change,
  links: { entity: string; odoo: string; store: string }[],
): string[] => [
  id,
  ...links
    .filter((link) => link.entity === entity && (link.odoo === id || link.store === id))
    .flatMap(({ odoo, store }) => [odoo, store]),
]

const journalKey = ({ entity, id, field, value }: Change): string =>
  `${entity} ${id} ${field} ${value ?? ""}`

const replacedValues = async (stage: TwoSided): Promise<Set<string>> => {
  const rows = await rowsOf<{
    entity: Change["entity"]
    ids: string[]
    field: string
    from: string
  }>(
    stage,
    `select entity, array[erp_id, medusa_id] as ids, field, coalesce(from_value #>> '{}', '') as from
       from erp_journal where kind in ('write', 'superseded')`,
  )
  return new Set(
    rows.flatMap(({ entity, ids, field, from }) => {
      const [family = field, element] = field.split(":")
      const value = family === "category" && from === "true" ? (element ?? "") : plain(family, from)
      return ids.map((id) => journalKey({ entity, id, field: family, value }))
    }),
  )
}

const plain = (family: string, value: string): string =>
  (family === "price" || family === "weight") && value !== "" ? String(Number(value)) : value

/** Values of records that the store still has, linked or not, deleted or not. */
const storeValues = async (stage: TwoSided): Promise<Map<string, string | null>> => {
  const rows = await rowsOf<{ key: string; values: Record<string, string | null> }>(
    stage,
    `select 'product ' || id as key, json_build_object('title', title, 'description',
            nullif(description, '')) as values from product where deleted_at is null
     union all
     select 'variant ' || id, json_build_object('sku', sku, 'barcode', barcode, 'weight',
            trim_scale(round(weight::numeric, 3))::text) from product_variant
      where deleted_at is null
     union all
     select 'category ' || id, json_build_object('name', name) from product_category
      where deleted_at is null`,
  )
  return new Map(
    rows.flatMap(({ key, values }): [string, string | null][] => [
      [key, null],
      ...Object.entries(values).map(([field, value]): [string, string | null] => [
        `${key} ${field}`,
        value,
      ]),
    ]),
  )
}
