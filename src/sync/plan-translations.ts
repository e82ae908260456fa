import { Decision } from "./decide"
import { fieldRule } from "./field-rules"
import { FieldPlan, FieldReading } from "./plan-fields"
import { Rules } from "./rules"
import {
  LanguageMapping,
  MedusaTranslations,
  TRANSLATED,
  TranslatedEntity,
  translationField,
  Translations,
} from "./translations"
import { FieldName, FieldValue, Link, Values } from "./values"

/** What a record's texts in further languages are on both sides, as far as the ERP tells of them. */
export const translationReadings = (
  rules: Pick<Rules, "languages">,
  entity: TranslatedEntity,
  erp: Translations = {},
  medusa: MedusaTranslations = {},
): FieldReading[] =>
  (rules.languages ?? []).flatMap(({ locale }) => {
    const told = erp[locale]
    return told === undefined
      ? []
      : TRANSLATED[entity].map((text): FieldReading => {
          const field = translationField(text, locale)
          return { field, erp: told[text] ?? null, medusa: medusa[field] ?? null }
        })
  })

/**
 * Plans for languages that the ERP can say nothing of: nothing of them is written anywhere, and an edit in
 * the store waits. A record that was read without its translations plans nothing of them.
 */
export const untoldTranslations = (
  rules: Rules,
  entity: TranslatedEntity,
  link: Link,
  erp: Translations | undefined,
  medusa: MedusaTranslations = {},
): FieldPlan[] =>
  erp === undefined
    ? []
    : (rules.languages ?? [])
        .filter(({ locale }) => erp[locale] === undefined)
        .flatMap((language) =>
          TRANSLATED[entity].flatMap((text) => {
            const field = translationField(text, language.locale)
            // What was sent and has no answer yet is decided once the ERP tells of it again.
            return link.intents[field] === undefined
              ? [untold(rules, link, language, field, medusa[field] ?? null)]
              : []
          }),
        )

const untold = (
  rules: Rules,
  link: Link,
  language: LanguageMapping,
  field: FieldName,
  medusa: FieldValue,
): FieldPlan => ({
  field,
  medusa_field: field,
  voided: false,
  erp: link.base_erp[field] ?? null,
  medusa,
  decision:
    medusa === (link.base_medusa[field] ?? null)
      ? { outcome: "unchanged" }
      : waiting(rules, link, language, field, medusa),
})

const waiting = (
  rules: Rules,
  link: Link,
  { erp }: LanguageMapping,
  field: FieldName,
  value: FieldValue,
): Decision =>
  fieldRule(rules, link.entity, field, field, link.owners).owner === "erp"
    ? { outcome: "drift", reason: "foreign_edit" }
    : {
        outcome: "pending",
        reason: "unsupported",
        message: `Language ${erp} is not active in the ERP. Activate it there, or take it out of "languages".`,
        value,
        loses_erp: false,
      }

/**
 * The bases of a record that is made in the store: of the texts that its languages do not have. What they
 * have is written by the plan that follows the creation, as on a first link.
 */
export const createdTranslations = (
  rules: Pick<Rules, "languages">,
  entity: TranslatedEntity,
  erp: Translations | undefined,
): { bases: Values; due: boolean } => {
  const readings = translationReadings(rules, entity, erp)
  const empty = readings.filter((reading) => reading.erp === null)
  return {
    bases: Object.fromEntries(empty.map(({ field }) => [field, null])),
    due: empty.length < readings.length,
  }
}
