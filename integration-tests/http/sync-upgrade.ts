import { ModulesSdkUtils } from "@medusajs/framework/utils"
import { readdirSync, readFileSync } from "node:fs"
import { resolve } from "node:path"
import { Client } from "pg"
import { connectionId } from "../../src/sync/ids"
import { eventsOf, given, rows } from "./catalog-fixtures"
import { openOf, template } from "./sync-push"
import { editProduct, editVariant } from "./sync-merchant"
import { linkOf, productOf } from "./sync-readings"
import { makeProduct, onlyVariant } from "./sync-shop"
import { CONNECTION, eventually, OpenStage, runWell, settle, Stage } from "./sync-stage"

const MODULE = {
  moduleName: "erp",
  pathToMigrations: resolve(__dirname, "../../src/modules/erp/migrations"),
}
const OLD_DATABASE = readFileSync(resolve(__dirname, "../modules/ledger/old-database.sql"), "utf8")
const silent = { info() {}, warn() {}, error() {} }

/** A database that a former version left: upgraded, it loses nothing, and nothing moves because of it. */
export const upgradeTests = (open: OpenStage): void => {
  it.each([
    "fingerprint of today",
    "fingerprint without a language",
    "fingerprint of the first version",
  ] as const)(
    "goes on after an upgrade where the first version stopped, and writes nothing: %s",
    async (made) => {
      const stage = await open({ erp: { products: 40 } })
      const standing = await differAsLongAsBasesStand(stage)
      await takeBack(stage)
      await storeAsFirstVersion(stage, standing.lamp, made)
      const before = await present(stage)

      await migrate(stage)
      await beginWriteBack(stage)
      const catalog = await catalogOf(stage)
      const journal = await count(stage, "erp_journal")
      stage.erp.requests.reset()
      const events = await eventsOf(stage, () => lookAtEverything(stage))

      expect(stage.erp.requests.writes).toEqual({})
      expect(await catalogOf(stage)).toEqual(catalog)
      expect(events.filter(({ name }) => !name.startsWith("erp."))).toEqual([])
      expect(await count(stage, "erp_journal")).toBe(journal)
      expect((await present(stage)).links).toEqual(before.links)
      expect(await openOf(stage)).toEqual(standing.differences)
      expect((await linkOf(stage, "product", standing.lamp)).intents).toEqual({})

      await sendWhatWaited(stage, standing.lamp)
    },
  )
}

/**
 * A store in which both sides differ and only the bases say that nothing is to be written: an edit of
 * the store that waits, and one that the ERP's ownership only reports. Without bases either would be
 * overwritten as at a first link.
 */
const differAsLongAsBasesStand = async (stage: Stage) => {
  Object.assign(stage.options, { foreign_edits: "report" })
  const lamp = makeProduct(stage, { name: "Lamp", description_sale: "Bright." })
  const desk = makeProduct(stage, { default_code: "DESK" })
  await runWell(stage, "full")
  await editProduct(stage, lamp, { title: "The merchant's lamp" })
  await editVariant(stage, onlyVariant(stage, desk), { sku: "DESK-OF-THE-STORE" })
  const differences = [
    { field: "sku", kind: "drift", reason: "foreign_edit" },
    { field: "title", kind: "pending", reason: "push_off" },
  ]
  await eventually(async () => {
    await settle(stage)
    expect(await openOf(stage)).toEqual(differences)
  })
  await runWell(stage, "delta")
  const waiting = differences.map((entry) =>
    entry.field === "title" ? { ...entry, reason: "push_not_approved" } : entry,
  )
  return { lamp, differences: waiting }
}

/** Undoes every migration but the first, and holds what is left against a dump of that version. */
const takeBack = async (stage: Stage): Promise<void> => {
  const [, ...later] = readdirSync(MODULE.pathToMigrations)
    .filter((name) => /^Migration\d+_erp\.ts$/.test(name))
    .sort()
  const revert = ModulesSdkUtils.buildRevertMigrationScript(MODULE)
  await revert({
    options: { database: { clientUrl: stage.databaseUrl } },
    logger: silent,
    migrationNames: later,
  } as never)
  expect(await shapeOf(stage, "public")).toEqual(await shapeOfDump(stage))
  expect(await migrationsOf(stage)).toHaveLength(1)
}

const migrationsOf = (stage: Stage) =>
  rows(stage, "select name from mikro_orm_migrations where name like '%\\_erp' order by name")

/** Tables of the module with columns, constraints and indexes, in words that do not name the schema. */
const shapeOf = async (stage: Stage, schema: string): Promise<string[]> => {
  const found = await rows<{ said: string }>(
    stage,
    `select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' ||
        coalesce(column_default, '') as said
       from information_schema.columns where table_schema = ? and table_name like 'erp\\_%'
     union all
     select c.conrelid::regclass || ' ' || pg_get_constraintdef(c.oid)
       from pg_constraint c join pg_class t on t.oid = c.conrelid
       join pg_namespace n on n.oid = t.relnamespace
      where n.nspname = ? and t.relname like 'erp\\_%' and c.contype <> 'n'
     union all
     select indexdef from pg_indexes where schemaname = ? and tablename like 'erp\\_%'
     order by said`,
    [schema, schema, schema],
  )
  return found.map(({ said }) => said.replaceAll(`${schema}.`, "")).sort()
}

const shapeOfDump = async (stage: Stage): Promise<string[]> => {
  const client = new Client({ connectionString: stage.databaseUrl })
  await client.connect()
  try {
    await client.query("create schema first_version")
    await client.query(`set search_path = first_version; ${OLD_DATABASE}`)
    return await shapeOf(stage, "first_version")
  } finally {
    await client.query("drop schema first_version cascade")
    await client.end()
  }
}

type Made =
  "fingerprint of today" | "fingerprint without a language" | "fingerprint of the first version"

/** Rows as that version wrote them: an announcement without its end, a replaced value without its turns. */
const storeAsFirstVersion = async (stage: Stage, lamp: number, made: Made): Promise<void> => {
  const id = String(lamp)
  await rows(
    stage,
    `update erp_link set
       intents = jsonb_build_object('description', jsonb_build_object(
         'source', 'erp', 'source_value', base_erp -> 'description',
         'target_value', base_medusa -> 'description', 'replaced_value', null,
         'target_version', null, 'at', '2026-11-19T10:00:00Z')),
       replaced = '{"description": {"value": "Old", "at": "2026-11-19T10:00:00Z"}}'
     where entity = 'product' and erp_id = ?`,
    [id],
  )
  if (made === "fingerprint without a language") {
    const changed = await rows(
      stage,
      `update erp_link set fingerprint = regexp_replace(fingerprint, '(^|;)language=[^;]*', '')
       where fingerprint like '%language=%' returning id`,
    )
    expect(changed.length).toBeGreaterThan(0)
  }
  if (made === "fingerprint of the first version") {
    await rows(stage, "update erp_link set fingerprint = 'f1'")
  }
  await rows(
    stage,
    `insert into erp_dirty (connection_id, stream, erp_id, generation, due_at, reason)
     values (?, 'products', ?, nextval('erp_seq'), now(), 'edited_in_medusa')
     on conflict do nothing`,
    [CONNECTION, id],
  )
}

/** What `medusa db:migrate` does for the module. */
const migrate = async (stage: Stage): Promise<void> => {
  const up = ModulesSdkUtils.buildMigrationScript(MODULE)
  await up({ options: { database: { clientUrl: stage.databaseUrl } }, logger: silent } as never)
}

/** The new version starts with write-back on: what is pending waits for a person. */
const beginWriteBack = async (stage: Stage): Promise<void> => {
  Object.assign(stage.options, { push: { create: false, stock: false } })
  await stage.runtime.connections.close()
  await stage.runtime.ledger.syncConnections([
    { id: CONNECTION, erp: "odoo", problem: null, push: true },
  ])
}

/** A full sync, a delta, and a look at every key, as the drain of edits takes it. */
const lookAtEverything = async (stage: Stage): Promise<void> => {
  for (const kind of ["full", "delta"] as const) {
    const { counters } = await runWell(stage, kind)
    expect(counters).toMatchObject({ writes: 0, events: 0, created: 0, gone: 0, pushed: 0 })
  }
  const keys = await rows<{ stream: "categories" | "products" | "stock"; erp_id: string }>(
    stage,
    `select case entity when 'category' then 'categories' else 'products' end as stream, erp_id
       from erp_link where entity in ('category', 'product')
     union all select 'stock', erp_id from erp_link where entity = 'variant'`,
  )
  await stage.runtime.ledger.markDirty(
    connectionId(CONNECTION),
    keys.map(({ stream, erp_id }) => ({ stream, erp_id: erp_id as never, reason: "upgraded" })),
  )
  await settle(stage)
}

/** What waited goes once it may, and alone: the counting above counts. */
const sendWhatWaited = async (stage: Stage, lamp: number): Promise<void> => {
  await stage.sync.approvePush(CONNECTION)
  await settle(stage)
  expect(template(stage, lamp)).toMatchObject({ name: "The merchant's lamp" })
  expect(stage.erp.requests.writes).toEqual({ "product.template": { records: 1, most: 1 } })
  expect(await productOf(stage, lamp)).toMatchObject({ title: "The merchant's lamp" })
}

const present = async (stage: Stage) => ({
  links: await rows(
    stage,
    `select id, connection_id, entity, erp_id, parent_erp_id, medusa_id, state, base_erp,
       base_medusa, match_key, kept from erp_link order by id`,
  ),
})

const CATALOG = [
  ...["product", "product_variant", "product_option", "product_option_value"],
  ...["product_category", "product_category_product", "image", "price", "price_set"],
  ...["inventory_item", "inventory_level"],
]

/** How the store's rows stand, by table: a row written anew has another version, whatever it holds. */
const catalogOf = async (stage: Stage): Promise<Record<string, string>> => {
  const found: Record<string, string> = {}
  for (const table of CATALOG) {
    const [row] = await rows<{ said: string }>(
      stage,
      `select count(*) || ' ' || md5(string_agg(ctid::text || xmin::text, ',' order by ctid)) as said
       from "${table}"`,
    )
    found[table] = String(given(row).said)
  }
  return found
}

const count = async (stage: Stage, table: "erp_journal"): Promise<number> =>
  Number(given((await rows<{ count: string }>(stage, `select count(*) from ${table}`))[0]).count)
