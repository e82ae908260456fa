import { Reading, Sides } from "./two-sided-sides"
import { rowsOf, TwoSided } from "./two-sided-stage"

/** What stands open, by its reason. */
interface Open {
  /** Link of the difference; of a parked record its kind and id in Odoo. */
  of: string
  field: string
  reason: string
  odoo: string | null
  store: string | null
}

export interface Verdict {
  /** What must not be: one sentence each. */
  faults: string[]
  /** Fields that differ and are known to, by reason. */
  differences: Record<string, number>
  parked: Record<string, number>
  compared: number
}

/** Holds both sides against each other: what differs has to stand open, for a reason that still holds. */
export const judgeSides = async (stage: TwoSided, sides: Sides): Promise<Verdict> => {
  const differences = await openDifferences(stage)
  const parked = await openParked(stage)
  const faults: string[] = []
  // What Odoo has archived may still differ: it says so until it comes back.
  const differing = new Set(
    [...sides.readings, ...sides.resting]
      .filter(({ odoo, store }) => odoo !== store)
      .flatMap(({ link_id, entity, odoo_id, field }) => [
        `${link_id} ${field}`,
        `${entity} ${odoo_id} ${field}`,
      ]),
  )
  for (const reading of sides.readings.filter(({ odoo, store }) => odoo !== store)) {
    const known = [...differences, ...parked].some((open) => explains(open, reading))
    if (!known) {
      faults.push(`differs unsaid: ${JSON.stringify(reading)}`)
    }
  }
  for (const open of [...differences, ...parked]) {
    if (JUDGED.has(familyOf(open.field)) && !differing.has(`${open.of} ${familyOf(open.field)}`)) {
      faults.push(
        `stands open without a cause: ${JSON.stringify({ ...open, both: bothOf(sides, open) })}`,
      )
    }
  }
  return {
    faults: [
      ...faults,
      ...lifeFaults(sides, parked),
      ...(await strangers(stage, parked)),
      ...(await doubles(stage)),
    ],
    differences: countBy(differences),
    parked: countBy(parked),
    compared: sides.readings.length,
  }
}

const JUDGED = new Set([
  "title",
  "description",
  "category",
  "sku",
  "barcode",
  "weight",
  "price",
  "name",
  "parent",
])

/** What both sides hold of it, for a fault that can be read without the databases. */
const bothOf = ({ readings, resting, links }: Sides, { of }: Open): unknown => ({
  state: links.find(({ link_id }) => link_id === of)?.state ?? "no live record",
  fields: [...readings, ...resting]
    .filter(({ link_id }) => link_id === of)
    .map(({ field, odoo, store }) => ({ field, odoo, store })),
})

const familyOf = (field: string): string => field.split(":", 1)[0] ?? field

const explains = (open: Open, reading: Reading): boolean =>
  (open.of === reading.link_id || open.of === `${reading.entity} ${reading.odoo_id}`) &&
  (familyOf(open.field) === reading.field || open.field === "*")

const countBy = (open: Open[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { field, reason } of open) {
    const name = `${familyOf(field)} ${reason}`
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

const openDifferences = (stage: TwoSided): Promise<Open[]> =>
  rowsOf<Open>(
    stage,
    `select link_id as of, field, kind || ':' || reason as reason, erp_value #>> '{}' as odoo,
            medusa_value #>> '{}' as store from erp_difference`,
  )

const openParked = (stage: TwoSided): Promise<Open[]> =>
  rowsOf<Open>(
    stage,
    `select entity || ' ' || erp_id as of, field, reason, value as odoo, message as store
       from erp_parked`,
  )

/** What Odoo sells is linked, what it does not is gone; each of them is parked otherwise. */
const lifeFaults = (sides: Sides, parked: Open[]): string[] => {
  const products = new Map(
    sides.links.filter(({ entity }) => entity === "product").map((link) => [link.odoo_id, link]),
  )
  const isParked = (id: string): boolean => parked.some(({ of }) => of === `product ${id}`)
  const unlinked = [...sides.sold].filter((id) => {
    const link = products.get(id)
    return link ? link.state !== "linked" && !isParked(id) : false
  })
  const alive = [...products.values()].filter(
    ({ odoo_id, state }) => state === "linked" && !sides.sold.has(odoo_id),
  )
  return [
    ...unlinked.map((id) => `Odoo sells ${id}, which counts as gone`),
    ...alive.map(({ odoo_id }) => `Odoo does not sell ${odoo_id}, which is linked`),
  ]
}

/** Every record is somebody's: of the demo, of a user, or the other side's. */
const strangers = async (stage: TwoSided, parked: Open[]): Promise<string[]> => {
  const unlinked = await rowsOf<{ id: string; title: string }>(
    stage,
    `select id, title from product p where deleted_at is null and not exists (
       select from erp_link l where l.medusa_id = p.id and l.state in ('linked', 'gone'))`,
  )
  const known = new Set(
    (
      await rowsOf<{ id: string }>(
        stage,
        "select erp_id as id from erp_link where entity = 'product'",
      )
    ).map(({ id }) => id),
  )
  const templates = await stage.odoo.search("product.template", [["sale_ok", "=", true]])
  return [
    ...unlinked
      .filter(({ id }) => !parked.some(({ of }) => of === `product new:${id}`))
      .map(({ id, title }) => `Odoo lacks ${id} "${title}"`),
    ...templates
      .filter((id) => !known.has(String(id)) && !parked.some(({ of }) => of === `product ${id}`))
      .map((id) => `the store lacks template ${id}`),
  ]
}

const DOUBLES: readonly (readonly [what: string, sql: string])[] = [
  [
    "created twice",
    `select side || ' ' || coalesce(case side when 'erp' then medusa_id else erp_id end, '') as found
       from erp_journal where kind = 'create' and entity = 'product' group by 1 having count(*) > 1`,
  ],
  [
    "two base prices of one currency",
    `select v.variant_id || ' ' || p.currency_code as found from product_variant_price_set v
       join price p on p.price_set_id = v.price_set_id and p.deleted_at is null
                   and p.price_list_id is null and coalesce(p.rules_count, 0) = 0
      where v.deleted_at is null and p.min_quantity is null
      group by 1 having count(*) > 1`,
  ],
  [
    "made by one user, there twice",
    `select title as found from product where deleted_at is null and title like 'Made in %'
      group by 1 having count(*) > 1`,
  ],
  [
    "a variant that Odoo does not have",
    `select v.id || ' ' || v.title as found from product_variant v
       join erp_link l on l.medusa_id = v.product_id and l.entity = 'product' and l.state = 'linked'
      where v.deleted_at is null
        and not exists (select from erp_link o where o.medusa_id = v.id and o.state <> 'tombstone')
        and not exists (select from erp_parked k where k.key = l.erp_id)`,
  ],
  [
    "left unfinished",
    `select entity || ' ' || erp_id as found from erp_link l where state = 'creating' and not exists (
       select from erp_parked p where p.erp_id in (l.erp_id, l.parent_erp_id))`,
  ],
]

const doubles = async (stage: TwoSided): Promise<string[]> => {
  const faults: string[] = []
  for (const [what, sql] of DOUBLES) {
    const found = await rowsOf<{ found: string }>(stage, sql)
    faults.push(...found.map((row) => `${what}: ${row.found}`))
  }
  const names = await stage.odoo.searchRead(
    "product.template",
    [["name", "=like", "Made in %"]],
    ["name"],
    { context: { active_test: false } },
  )
  const seen = new Set<unknown>()
  for (const { name } of names) {
    faults.push(...(seen.has(name) ? [`Odoo has twice: ${String(name)}`] : []))
    seen.add(name)
  }
  return faults
}
