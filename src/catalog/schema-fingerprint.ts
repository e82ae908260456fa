import { Database, query } from "./database"
import { TESTED_SCHEMA } from "./tested-schema"
import { TESTED_TRANSLATIONS } from "./tested-translations"

/** What of a table the catalog's SQL relies on. */
export interface TableShape {
  /** Column to type, `text not null`, and whether it has a default. */
  columns: { readonly [column: string]: string }
  /** Unique indexes, as PostgreSQL writes them. */
  unique: readonly string[]
}

export type Schema = { readonly [table: string]: TableShape }

export interface SchemaCheck {
  /** True when the tables are those that the catalog's SQL was tested with. */
  known: boolean
  /** One line each: `price.amount: numeric not null, tested with numeric`. */
  differences: string[]
}

/**
 * Compares the tables that the catalog touches by SQL with those it was tested with.
 * @param translated the store has Medusa's module for translations
 */
export const checkSchema = async (db: Database, translated = false): Promise<SchemaCheck> => {
  const tested = translated ? { ...TESTED_SCHEMA, ...TESTED_TRANSLATIONS } : TESTED_SCHEMA
  const differences = compareSchemas(await readSchema(db, Object.keys(tested)), tested)
  return { known: differences.length === 0, differences }
}

/** The tables as they are in the store's database. */
export const readSchema = async (
  db: Database,
  tables: readonly string[] = Object.keys(TESTED_SCHEMA),
): Promise<Schema> => {
  const columns = await query<{ table: string; column: string; type: string }>(
    db,
    `select c.relname as "table", a.attname as "column",
            format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
              || case when a.atthasdef then ' default' else '' end as type
       from pg_attribute a join pg_class c on c.oid = a.attrelid
       join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema()
      where c.relname = any(?) and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
      order by c.relname, a.attname`,
    [[...tables]],
  )
  const indexes = await query<{ table: string; definition: string }>(
    db,
    `select c.relname as "table",
            regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING ', '') as definition
       from pg_index i join pg_class c on c.oid = i.indrelid
       join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema()
      where c.relname = any(?) and i.indisunique order by c.relname, definition`,
    [[...tables]],
  )
  return Object.fromEntries(
    tables.map((table) => [
      table,
      {
        columns: Object.fromEntries(
          columns.filter((row) => row.table === table).map((row) => [row.column, row.type]),
        ),
        unique: indexes.filter((row) => row.table === table).map((row) => row.definition),
      },
    ]),
  )
}

/** What differs, a line per column or index. */
export const compareSchemas = (present: Schema, tested: Schema): string[] =>
  Object.entries(tested).flatMap(([table, shape]) => {
    const columns = present[table]?.columns ?? {}
    const unique = present[table]?.unique ?? []
    return [
      ...differences(table, columns, shape.columns),
      ...differences(table, asRecord(unique), asRecord(shape.unique)),
    ]
  })

const differences = (
  table: string,
  present: { readonly [name: string]: string },
  tested: { readonly [name: string]: string },
): string[] =>
  [...new Set([...Object.keys(present), ...Object.keys(tested)])]
    .filter((name) => present[name] !== tested[name])
    .map(
      (name) =>
        `${table}.${name}: ${present[name] ?? "missing"}, tested with ${tested[name] ?? "none"}`,
    )

const asRecord = (definitions: readonly string[]): Record<string, string> =>
  Object.fromEntries(definitions.map((definition) => [`(${definition})`, "unique index"]))
