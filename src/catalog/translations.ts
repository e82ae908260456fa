import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { MedusaContainer } from "@medusajs/framework/types"
import { generateEntityId, Modules } from "@medusajs/framework/utils"
import {
  MedusaTranslations,
  TRANSLATED,
  TranslatedEntity,
  translationField,
  translationOf,
} from "../sync/translations"
import { FieldValue } from "../sync/values"
import { Database, groupBy, query, queryByIds } from "./database"
import { OpenWrite, ValueBatch } from "./value-batch"

/** Whether the store has Medusa's module for translations; without it there is no table of them. */
export const hasTranslations = (container: MedusaContainer): boolean =>
  container.hasRegistration(Modules.TRANSLATION)

/** A record's texts in one language, as Medusa's module keeps them. */
export interface TranslationRow {
  id: string
  record: string
  locale: string
  texts: { readonly [text: string]: unknown }
}

const COLUMNS = "id, reference_id as record, locale_code as locale, translations as texts"

/** The translations of live records, by record. */
export const readTranslations = async (
  db: Database,
  entity: TranslatedEntity,
  ids: readonly string[],
): Promise<Map<string, MedusaTranslations>> => {
  const rows = await readRows(db, entity, ids)
  return new Map(
    [...groupBy(rows, (row) => row.record)].map(([record, own]) => [
      record,
      Object.fromEntries(own.flatMap((row) => valuesOf(entity, row))),
    ]),
  )
}

/** Every language of these records. */
export const readRows = (
  db: Database,
  entity: TranslatedEntity,
  ids: readonly string[],
): Promise<TranslationRow[]> =>
  queryByIds(ids, (chunk) =>
    query<TranslationRow>(
      db,
      `select ${COLUMNS} from translation
        where reference = '${entity}' and reference_id = any(?) and deleted_at is null`,
      [chunk],
    ),
  )

const valuesOf = (entity: TranslatedEntity, { locale, texts }: TranslationRow) =>
  TRANSLATED[entity].map((text): [string, FieldValue] => [
    translationField(text, locale),
    textIn(texts, text),
  ])

/** An empty text is shown as none: the record's own stands in its place. */
export const textIn = (texts: TranslationRow["texts"], text: string): string | null => {
  const held = texts[text]
  return typeof held === "string" && held !== "" ? held : null
}

/** The writes of one record's texts in one language. */
export interface Due {
  record: string
  locale: string
  writes: OpenWrite[]
}

/**
 * Writes the due texts of records that are locked: each text by itself, every other one of the language
 * stays as it is. A language's first text makes its row; the last one to go leaves the row empty.
 */
export const writeTranslations = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  entity: TranslatedEntity,
  writes: readonly OpenWrite[],
): Promise<void> => {
  if (writes.length === 0) {
    return
  }
  const rows = await lockTranslations(tx, entity, writes)
  const due = dueRows(writes)
  await updateTexts(
    tx,
    batch,
    due.flatMap((one) => {
      const row = rows.held.get(keyOf(one))
      const left = row
        ? one.writes.filter((write) => batch.isDue(write, presentIn(row, write)))
        : []
      return row && left.length > 0 ? [{ ...one, id: row.id, writes: left }] : []
    }),
  )
  await insertTexts(
    tx,
    batch,
    entity,
    due.flatMap((one) => {
      if (rows.held.has(keyOf(one))) {
        return []
      }
      if (rows.busy.has(keyOf(one))) {
        one.writes.forEach((write) => batch.settle(write, { outcome: "locked" }))
        return []
      }
      const left = one.writes.filter((write) => batch.isDue(write, null))
      return left.length > 0 ? [{ ...one, writes: left }] : []
    }),
  )
}

const keyOf = ({ record, locale }: { record: string; locale: string }): string =>
  `${record} ${locale}`

const localeOf = ({ field }: OpenWrite): string => translationOf(field)?.locale ?? ""
const textOf = ({ field }: OpenWrite): string => translationOf(field)?.text ?? ""

/** What a row holds of a write's text. */
export const presentIn = ({ texts }: TranslationRow, write: OpenWrite): string | null =>
  textIn(texts, textOf(write))

/** Writes by record and language. */
export const dueRows = (writes: readonly OpenWrite[]): Due[] =>
  [...groupBy(writes, (write) => keyOf({ record: write.id, locale: localeOf(write) }))].flatMap(
    ([, own]) => {
      const [first] = own
      return first ? [{ record: first.id, locale: localeOf(first), writes: own }] : []
    },
  )

/** The rows of these texts, taken without waiting; `busy` are those that another session holds. */
const lockTranslations = async (
  tx: Knex.Transaction,
  entity: TranslatedEntity,
  writes: readonly OpenWrite[],
): Promise<{ held: ReadonlyMap<string, TranslationRow>; busy: ReadonlySet<string> }> => {
  const locales = [...new Set(writes.map(localeOf))]
  const read = (lock: string): Promise<TranslationRow[]> =>
    queryByIds(
      writes.map(({ id }) => id),
      (chunk) =>
        query<TranslationRow>(
          tx,
          `select ${COLUMNS} from translation
            where reference = '${entity}' and reference_id = any(?) and locale_code = any(?)
              and deleted_at is null order by id ${lock}`,
          [chunk, locales],
        ),
    )
  const held = new Map(
    (await read("for no key update skip locked")).map((row) => [keyOf(row), row]),
  )
  const busy = (await read("")).map(keyOf).filter((key) => !held.has(key))
  return { held, busy: new Set(busy) }
}

/** Texts that the module's settings count; without settings none. */
const COUNT = `(select count(*) from translation_settings s, jsonb_array_elements_text(s.fields) f
  where s.entity_type = t.reference and s.is_active and s.deleted_at is null
    and coalesce(t.translations ->> f, '') not in ('', 'null'))`

const recount = (tx: Knex.Transaction, ids: string[]): Promise<unknown> =>
  query(tx, `update translation t set translated_field_count = ${COUNT} where t.id = any(?)`, [ids])

/** What of a language's texts is set, and what goes. */
export const patchOf = ({
  writes,
}: Due): { adds: Record<string, FieldValue>; removes: string[] } => ({
  adds: Object.fromEntries(
    writes.filter(({ to }) => to !== null).map((write) => [textOf(write), write.to]),
  ),
  removes: writes.filter(({ to }) => to === null).map(textOf),
})

const updateTexts = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  due: readonly (Due & { id: string })[],
): Promise<void> => {
  if (due.length === 0) {
    return
  }
  await query(
    tx,
    `update translation t
        set translations = (t.translations || v.adds) - v.removes, updated_at = now()
       from jsonb_to_recordset(?::jsonb) as v(id text, adds jsonb, removes text[])
      where t.id = v.id`,
    [JSON.stringify(due.map((one) => ({ id: one.id, ...patchOf(one) })))],
  )
  const ids = due.map(({ id }) => id)
  await recount(tx, ids)
  settle(batch, due)
  batch.events.add("translation_updated", ids)
}

/** A language that somebody translated first meanwhile is looked at again. */
const insertTexts = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  entity: TranslatedEntity,
  due: readonly Due[],
): Promise<void> => {
  if (due.length === 0) {
    return
  }
  const made = due.map((one) => ({
    id: generateEntityId(undefined, "trans"),
    record: one.record,
    locale: one.locale,
    texts: patchOf(one).adds,
  }))
  const rows = await query<{ id: string; key: string }>(
    tx,
    `insert into translation (id, reference, reference_id, locale_code, translations)
     select id, '${entity}', record, locale, texts
       from jsonb_to_recordset(?::jsonb) as v(id text, record text, locale text, texts jsonb)
     on conflict (reference_id, locale_code) where deleted_at is null do nothing
     returning id, reference_id || ' ' || locale_code as key`,
    [JSON.stringify(made)],
  )
  const ids = rows.map(({ id }) => id)
  await recount(tx, ids)
  const written = new Set(rows.map(({ key }) => key))
  settle(
    batch,
    due.filter((one) => written.has(keyOf(one))),
  )
  for (const one of due.filter((entry) => !written.has(keyOf(entry)))) {
    one.writes.forEach((write) => batch.settle(write, { outcome: "locked" }))
  }
  batch.events.add("translation_created", ids)
}

const settle = (batch: ValueBatch, due: readonly Due[]): void => {
  for (const write of due.flatMap(({ writes }) => writes)) {
    batch.settle(write, { outcome: "written" })
  }
  batch.rows += due.length
}
