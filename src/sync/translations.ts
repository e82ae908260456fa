import { FieldName, Values } from "./values"

/** A further language of the store's, and what the ERP calls it. */
export interface LanguageMapping {
  /** As Medusa spells it: `fr-FR`. */
  locale: string
  /** As the ERP spells it: `fr_FR`. */
  erp: string
}

/** Texts of a record that exist once per language, by the names of their fields. */
export const TRANSLATED = { product: ["title", "description"] } as const

export type TranslatedEntity = keyof typeof TRANSLATED

/**
 * A record's texts in further languages, by the store's locale. Null is a text that the language does not
 * have of its own. A locale that is missing is one of which the ERP can say nothing: it does not have the
 * language, or does not use it.
 */
export type Translations = {
  readonly [locale: string]: { readonly [text: string]: string | null }
}

/** A text in a further language as a field of the engine: `title:fr-FR`. */
export const translationField = (text: string, locale: string): FieldName => `${text}:${locale}`

const TEXTS: ReadonlySet<string> = new Set(Object.values(TRANSLATED).flat())

/** What a field's name says of a translation; null for a field that is none. */
export const translationOf = (field: FieldName): { text: string; locale: string } | null => {
  const [text, locale] = field.split(":", 2)
  return text !== undefined && locale !== undefined && TEXTS.has(text) ? { text, locale } : null
}

export const isTranslation = (field: FieldName): boolean => translationOf(field) !== null

/** All fields that some languages give a record. */
export const translationFields = (
  entity: TranslatedEntity,
  languages: readonly LanguageMapping[] = [],
): FieldName[] =>
  languages.flatMap(({ locale }) =>
    TRANSLATED[entity].map((text) => translationField(text, locale)),
  )

/** Which of a record's translations a store holds, by field. */
export type MedusaTranslations = Values
