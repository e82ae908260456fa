import { SyncError } from "../../../sync/errors"
import { erpId } from "../../../sync/ids"
import { isTranslation, translationOf } from "../../../sync/translations"
import type { FieldName, Values } from "../../../sync/values"
import { triedOf } from "../protocol"
import { newestOwn, Row, rowsIn } from "../rows"
import { TEXT_FIELDS, textIn } from "../texts"
import { outcomeOfRefusal } from "./blame"
import { failed, Outcomes } from "./outcomes"
import { halfSent, isOfRecord, rowsOrNone, Sending, unreadable, unsent, writeError } from "./send"
import { partsOf, type PresentTexts } from "./texts"
import type { Subject, Vals } from "./vals"

/** Some of a product's due texts in one language. */
interface TextUnit {
  subject: Subject
  locale: string
  fields: FieldName[]
}

interface State extends Sending {
  texts: PresentTexts
  /** What the products hold now, as far as it was written. */
  holds: Map<Subject, Values>
  stopped: SyncError | null
}

const MODEL = "product.template"

/**
 * Writes the due texts in further languages, a call for each language, after the records' own fields: what
 * a language lacks falls back to those. A text that says the same as them is taken away instead. What could
 * not be written of a change counts for all of it: the next look sees which fields arrived.
 */
export const sendTexts = async (
  sending: Sending,
  texts: PresentTexts,
  subjects: readonly Subject[],
): Promise<void> => {
  const state: State = { ...sending, texts, holds: new Map(), stopped: null }
  const open = subjects.filter(({ change, due }) => {
    const outcome = sending.outcomes.get(change)
    return due.some(isTranslation) && (outcome === undefined || outcome.outcome === "written")
  })
  for (const subject of open) state.holds.set(subject, heldBefore(subject, sending.outcomes))
  for (const unit of open.flatMap((subject) => unitsDue(state, subject, false)))
    await clear(state, unit)
  const filled = open.flatMap((subject) => unitsDue(state, subject, true))
  for (const locale of new Set(filled.map((unit) => unit.locale))) {
    await fill(
      state,
      filled.filter((unit) => unit.locale === locale),
    )
  }
  for (const subject of open) enterWritten(state, subject)
}

/** What is known of the change's fields: its own ones as just written, the others as read. */
const heldBefore = ({ change, held, due }: Subject, outcomes: Outcomes): Values => {
  const outcome = outcomes.get(change)
  const own = outcome?.outcome === "written" ? outcome.holds : {}
  const unmoved = Object.entries(held).filter(([field]) => !due.includes(field))
  return { ...Object.fromEntries(unmoved), ...own }
}

const unitsOf = (subject: Subject, fields: readonly FieldName[]): TextUnit[] => {
  const locales = new Set(fields.map((field) => translationOf(field)?.locale ?? ""))
  return [...locales].map((locale) => ({
    subject,
    locale,
    fields: fields.filter((field) => translationOf(field)?.locale === locale),
  }))
}

/** Due texts that are to be filled, or else taken away. */
const unitsDue = ({ texts }: State, subject: Subject, filled: boolean): TextUnit[] =>
  unitsOf(
    subject,
    subject.due.filter(
      (field) =>
        isTranslation(field) &&
        (texts.stored(subject.change, field, subject.row) !== null) === filled,
    ),
  )

/** Odoo would take an empty text for all languages: one language's is taken away by a method of its own. */
const clear = async (state: State, unit: TextUnit): Promise<void> => {
  const { subject, locale, fields } = unit
  for (const field of fields) {
    if (isSettled(state, unit)) return
    const args = {
      field_name: TEXT_FIELDS[partsOf(field).name],
      translations: { [state.texts.codeOf(locale)]: false },
    }
    const call = { model: MODEL, method: "update_field_translations", ids: [subject.id], args }
    try {
      await state.session.call(call, { ...state.options, write: true })
      note(state, subject, { [field]: null })
    } catch (thrown) {
      settle(state, [{ ...unit, fields: [field] }], writeError(thrown, state.options))
    }
  }
}

/** Saves texts of one language: many records in a call from Odoo 19 on, one in a call before. */
const fill = async (state: State, units: readonly TextUnit[]): Promise<void> => {
  const open = units.filter((unit) => !isSettled(state, unit))
  if (state.major < 19 && open.length > 1) {
    for (const unit of open) await fill(state, [unit])
    return
  }
  const [first] = open
  if (first === undefined) return
  const call = saving(state, open, state.texts.codeOf(first.locale))
  try {
    const { value } = await state.session.call(call, { ...state.options, write: true })
    enter(
      state,
      open,
      rowsOrNone(() => rowsIn(value, MODEL)),
      triedOf(call),
    )
  } catch (thrown) {
    const error = writeError(thrown, state.options)
    if (!isOfRecord(error) || open.length === 1) {
      settle(state, open, error)
      return
    }
    const half = Math.ceil(open.length / 2)
    await fill(state, open.slice(0, half))
    await fill(state, open.slice(half))
  }
}

const saving = ({ major }: State, units: readonly TextUnit[], code: string) => {
  const list = units.map(valsOf)
  const names = [...new Set(list.flatMap((vals) => Object.keys(vals)))]
  const specification = Object.fromEntries(["write_date", ...names].map((name) => [name, {}]))
  const vals = major >= 19 ? { vals_list: list } : { vals: list[0] }
  return {
    model: MODEL,
    method: major >= 19 ? "web_save_multi" : "web_save",
    ids: units.map(({ subject }) => subject.id),
    args: { ...vals, specification, context: { lang: code } },
  }
}

const valsOf = ({ subject, fields }: TextUnit): Vals =>
  Object.fromEntries(
    fields.map((field) => [TEXT_FIELDS[partsOf(field).name], subject.change.patch[field]]),
  )

const enter = (
  state: State,
  units: readonly TextUnit[],
  rows: readonly Row[],
  tried: string,
): void => {
  for (const unit of units) {
    const { subject, fields } = unit
    const row = rows.find(({ id }) => id === subject.id)
    if (row === undefined) {
      settle(state, [unit], unreadable(tried, subject.id))
      continue
    }
    const holds = fields.map((field) => [
      field,
      state.texts.own(subject.change, field, subject.row, textIn(row, partsOf(field).name)),
    ])
    note(state, subject, Object.fromEntries(holds) as Values)
    subject.row = { ...subject.row, write_date: row["write_date"] }
  }
}

const note = ({ holds }: State, subject: Subject, more: Values): void => {
  holds.set(subject, { ...holds.get(subject), ...more })
}

/** Nothing more is sent for a change that failed, nor for any once Odoo does not answer. */
const isSettled = (state: State, unit: TextUnit): boolean => {
  if (state.stopped) settle(state, [unit], state.stopped)
  return !state.holds.has(unit.subject)
}

const settle = (state: State, units: readonly TextUnit[], error: SyncError): void => {
  for (const { subject, fields } of units) {
    const { change, id, due } = subject
    const begun = due.some((field) => state.holds.get(subject)?.[field] !== undefined)
    state.holds.delete(subject)
    const patch = Object.fromEntries(fields.map((field) => [field, change.patch[field] ?? null]))
    state.outcomes.set(
      change,
      isOfRecord(error)
        ? outcomeOfRefusal({ ...change, patch }, { model: MODEL, id }, error)
        : failed(begun ? halfSent(error) : error),
    )
  }
  const ends = error.kind === "transient" || error.scope === "connection"
  if (ends && !isOfRecord(error)) state.stopped = unsent(error)
}

const enterWritten = ({ holds, outcomes }: State, subject: Subject): void => {
  const held = holds.get(subject)
  if (held === undefined) return
  const { change, id, row } = subject
  const before = outcomes.get(change)
  const version = before?.outcome === "written" ? before.version : null
  outcomes.set(change, {
    outcome: "written",
    id: erpId(id),
    version: newestOwn([row]) ?? version,
    holds: held,
  })
}
