import { isTranslation, translationOf } from "../../../sync/translations"
import type { FieldName, FieldValue, Values } from "../../../sync/values"
import type { Change, RequestOptions } from "../../contract"
import { FALLBACK, spokenLanguages } from "../language"
import type { ProductFacts } from "../map-product"
import { Row } from "../rows"
import type { OdooSession } from "../session"
import { rowsIn, textIn, TextName } from "../texts"
import { Unsupported, unsupported } from "./outcomes"
import type { Rows } from "./present"

/** The texts of products in the languages of a batch of changes, as they were right before a write. */
export interface PresentTexts {
  /** What a patch's texts in further languages are now. */
  heldIn(change: Change, row: Row): Values
  /** What Odoo will say of such a text once the patch is written. */
  stored(change: Change, field: FieldName, row: Row): FieldValue
  /** The first text of a language that Odoo does not use, or null: nothing is known of it. */
  unspoken(change: Change): Unsupported | null
  /** Why a due text cannot be written, or null. */
  refusal(change: Change, field: FieldName, row: Row): Unsupported | null
  /** Odoo's code of a locale. */
  codeOf(locale: string): string
  /** A text of a language as a pull tells it: null where it says the same as another. */
  own(change: Change, field: FieldName, row: Row, text: string | null): string | null
}

/**
 * Reads what a batch's further languages hold, in one request for each; says nothing where no change has
 * any. Which languages are active is asked anew: Odoo 17 writes those of others over the English text.
 * @throws SyncError
 */
export const readTexts = async (
  session: OdooSession,
  changes: readonly Change[],
  rows: Rows,
  facts: ProductFacts,
  options: RequestOptions,
): Promise<PresentTexts> => {
  const locales = new Set(
    changes.flatMap(({ patch }) =>
      Object.keys(patch).flatMap((field) => translationOf(field)?.locale ?? []),
    ),
  )
  const { language } = await session.place(options)
  const source = language ?? FALLBACK
  const spoken = locales.size === 0 ? session.languages : await spokenLanguages(session, options)
  const told = new Map<string, ReadonlyMap<number, Row>>()
  const present = [...rows.values()]
  for (const code of codesOf(locales, spoken, source)) {
    if (present.length > 0) {
      told.set(code, await rowsIn(session, facts.template, present, code, options))
    }
  }
  return presentTexts({ spoken, known: session.languages, source, told })
}

const codesOf = (
  locales: ReadonlySet<string>,
  spoken: ReadonlyMap<string, string>,
  source: string,
): Set<string> => {
  const codes = new Set([...locales].flatMap((locale) => spoken.get(locale) ?? []))
  if (codes.size > 0) codes.add(FALLBACK)
  codes.delete(source)
  return codes
}

interface Told {
  spoken: ReadonlyMap<string, string>
  /** Mapped languages, active or not. */
  known: ReadonlyMap<string, string>
  source: string
  /** Rows by language, besides those of the source language. */
  told: ReadonlyMap<string, ReadonlyMap<number, Row>>
}

const presentTexts = ({ spoken, known, source, told }: Told): PresentTexts => {
  const textOf = (code: string | undefined, row: Row, name: TextName): string | null =>
    code === source ? textIn(row, name) : textIn(told.get(code ?? "")?.get(row.id), name)

  /** The text that all languages without one of their own will show. */
  const sourceText = ({ patch }: Change, row: Row, name: TextName): string | null => {
    const planned = patch[name]
    return planned === undefined ? textOf(source, row, name) : filled(planned)
  }

  const own: PresentTexts["own"] = (change, field, row, text) => {
    const { name, locale } = partsOf(field)
    if (text === null || text === sourceText(change, row, name)) return null
    const isFallback = spoken.get(locale) === FALLBACK
    return !isFallback && source !== FALLBACK && text === textOf(FALLBACK, row, name) ? null : text
  }

  return {
    own,
    codeOf: (locale) => spoken.get(locale) ?? "",
    heldIn: (change, row) =>
      Object.fromEntries(
        Object.keys(change.patch)
          .filter(isTranslation)
          .map((field) => {
            const { name, locale } = partsOf(field)
            const present = { ...change, patch: {} }
            return [field, own(present, field, row, textOf(spoken.get(locale), row, name))]
          }),
      ),
    stored: (change, field, row) => own(change, field, row, filled(change.patch[field] ?? null)),
    unspoken({ patch }) {
      const field = Object.keys(patch).find(
        (name) => isTranslation(name) && !spoken.has(partsOf(name).locale),
      )
      if (field === undefined) return null
      const { locale } = partsOf(field)
      return inactive(field, known.get(locale) ?? locale)
    },
    refusal(change, field, row) {
      const { name, locale } = partsOf(field)
      const code = spoken.get(locale)
      if (code === source) {
        return unsupported(
          field,
          `${code} is the language of the products' own texts in Odoo.`,
          'Change the product itself in the store, or take the locale out of "languages".',
        )
      }
      const wanted = own(change, field, row, filled(change.patch[field] ?? null))
      if (wanted === null && code === FALLBACK) {
        return unsupported(
          field,
          `Odoo shows its ${FALLBACK} text wherever another is missing, and never does without it.`,
          "Give it another text in the store, or in Odoo.",
        )
      }
      return wanted !== null && sourceText(change, row, name) === null
        ? unsupported(
            field,
            `Odoo has no ${name} in ${source}: it would take this text for all languages.`,
            `Give the product a ${name} in its own language first.`,
          )
        : null
    },
  }
}

const inactive = (field: FieldName, code: string): Unsupported =>
  unsupported(
    field,
    `Language ${code} is not active in Odoo.`,
    "Activate it in Odoo under Settings, Languages.",
  )

/** What a translation's field says; any other field never comes here. */
export const partsOf = (field: FieldName): { name: TextName; locale: string } => {
  const { text = "", locale = "" } = translationOf(field) ?? {}
  return { name: text === "title" ? "title" : "description", locale }
}

const filled = (value: FieldValue): string | null =>
  typeof value === "string" && value.trim() !== "" ? value : null
