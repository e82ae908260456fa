import { z } from "@medusajs/framework/zod"
import { normalizeLocale } from "@medusajs/framework/utils"
import { TRANSLATED, translationField, translationOf } from "../../../sync/translations"
import type { Problem } from "./problems"

const EXPECTED = 'a locale of the store with the ERP\'s language: { "fr-FR": "fr_FR" }'

/** As Medusa spells it, or it would find no translation under it. */
const isLocale = (text: string): boolean =>
  /^[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?$/i.test(text) && normalizeLocale(text) === text

/** Locales of the store with the ERP's codes of their languages. */
export const languages = () =>
  z.record(
    z.string().refine(isLocale, { error: EXPECTED }),
    z
      .string({ error: "the ERP's code of the language" })
      .regex(/^\S{1,40}$/, { error: "the ERP's code of the language" }),
    { error: EXPECTED },
  )

/** The keys of `fields` that name a text of one language. */
export const TEXT_KEYS: readonly string[] = TRANSLATED.product.map((text) =>
  translationField(text, "<locale>"),
)

export const isTextKey = (key: string): boolean => {
  const text = translationOf(key)
  return text !== null && isLocale(text.locale)
}

/** Two locales of one language would take turns in its texts; an owner needs a language to own. */
export const languageProblems = (
  mapped: unknown,
  fields: unknown,
  path: (string | number)[],
): Problem[] => {
  const known = isObject(mapped) ? mapped : {}
  const codes = Object.entries(known)
  return [
    ...codes
      .filter(([, code], index) => codes.findIndex(([, other]) => other === code) < index)
      .map(([locale]) => ({
        path: [...path, "languages", locale],
        expected: "one locale for each language of the ERP",
      })),
    ...Object.keys(isObject(fields) ? fields : {})
      .filter((key) => isTextKey(key) && !((translationOf(key)?.locale ?? "") in known))
      .map((key) => ({
        path: [...path, "fields", key],
        expected: 'a locale that "languages" names',
      })),
  ]
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
