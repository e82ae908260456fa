import { Client } from "pg"

export interface Check {
  name: string
  found: number
  expected: number
}

const count = (sql: string): string => `select count(*)::int as found from ${sql}`

/** What must hold once the import has come to rest, however often it was killed. */
const CHECKS: { name: string; sql: string; expected: "products" | "levels" | 0 | 1 }[] = [
  {
    name: "completed runs of the catalog",
    sql: count("erp_run where state = 'completed' and 'products' = any(streams)"),
    expected: 1,
  },
  { name: "products", sql: count("product where deleted_at is null"), expected: "products" },
  {
    name: "variants",
    sql: count("product_variant where deleted_at is null"),
    expected: "products",
  },
  // Medusa makes price sets before it links them: a kill in between leaves rows that belong to nothing.
  {
    name: "prices of variants",
    sql: count(
      `price p join product_variant_price_set v on v.price_set_id = p.price_set_id
        where p.deleted_at is null and v.deleted_at is null`,
    ),
    expected: "products",
  },
  {
    name: "stock levels",
    sql: count("inventory_level where deleted_at is null"),
    expected: "levels",
  },
  {
    name: "product links",
    sql: count("erp_link where entity = 'product' and state = 'linked'"),
    expected: "products",
  },
  {
    name: "variant links",
    sql: count("erp_link where entity = 'variant' and state = 'linked'"),
    expected: "products",
  },
  { name: "links left unfinished", sql: count("erp_link where state = 'creating'"), expected: 0 },
  {
    name: "SKUs that occur twice",
    sql: count(
      "(select sku from product_variant where deleted_at is null group by sku having count(*) > 1) t",
    ),
    expected: 0,
  },
  {
    name: "variants with two prices in one currency",
    sql: count(
      `(select v.variant_id from product_variant_price_set v join price p on p.price_set_id = v.price_set_id
        where p.deleted_at is null and v.deleted_at is null
        group by v.variant_id, p.currency_code having count(*) > 1) t`,
    ),
    expected: 0,
  },
  {
    name: "inventory items without a variant",
    sql: count(
      `inventory_item i where i.deleted_at is null and not exists (
         select from product_variant_inventory_item l
         where l.inventory_item_id = i.id and l.deleted_at is null)`,
    ),
    expected: 0,
  },
  {
    name: "products created twice",
    sql: count(
      `(select erp_id from erp_journal where kind = 'create' and entity = 'product'
        group by erp_id having count(*) > 1) t`,
    ),
    expected: 0,
  },
  {
    name: "fields written again after their creation",
    sql: count("erp_journal where kind in ('write', 'superseded') and field not like 'stock:%'"),
    expected: 0,
  },
  {
    name: "levels written twice",
    sql: count(
      `(select erp_id, field from erp_journal where field like 'stock:%'
        group by erp_id, field having count(*) > 1) t`,
    ),
    expected: 0,
  },
  { name: "keys left dirty", sql: count("erp_dirty where due_at <= now()"), expected: 0 },
]

/** Runs all checks; each that fails is in the answer. */
export const failedChecks = async (
  databaseUrl: string,
  sizes: { products: number; levels: number },
): Promise<{ done: number; failed: Check[] }> => {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const failed: Check[] = []
    for (const { name, sql, expected } of CHECKS) {
      const { rows } = await client.query<{ found: number }>(sql)
      const found = rows[0]?.found ?? -1
      const wanted = typeof expected === "number" ? expected : sizes[expected]
      if (found !== wanted) {
        failed.push({ name, found, expected: wanted })
      }
    }
    return { done: CHECKS.length, failed }
  } finally {
    await client.end()
  }
}

/** The dead process's leases end now instead of half a minute later. */
export const endLeases = async (databaseUrl: string): Promise<void> => {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query("update erp_run set lease_until = clock_timestamp() where state = 'running'")
    await client.query(
      "update erp_dirty set lease_until = clock_timestamp() where lease_until is not null",
    )
  } finally {
    await client.end()
  }
}
