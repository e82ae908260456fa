import { describe, expect, it } from "@jest/globals"
import translations from "../i18n"

type Words = { [name: string]: string | Words }

const PLURAL = /_(zero|one|two|few|many|other)$/

const entries = (words: Words, prefix = ""): [key: string, text: string][] =>
  Object.entries(words).flatMap(([name, value]) =>
    typeof value === "string" ? [[prefix + name, value]] : entries(value, `${prefix}${name}.`),
  )

const stem = (key: string): string => key.replace(PLURAL, "")
const placeholders = (text: string): string[] => [...text.matchAll(/{{[^}]+}}/g)].flat().sort()

const english = entries(translations.en.erp)
const stems = [...new Set(english.map(([key]) => stem(key)))].sort()
const plurals = [...new Set(english.filter(([key]) => PLURAL.test(key)).map(([key]) => stem(key)))]

describe.each(Object.entries(translations))("the words in %s", (language, { erp }) => {
  const words = new Map(entries(erp))

  it("say everything that English says, and nothing else", () => {
    expect([...new Set([...words.keys()].map(stem))].sort()).toEqual(stems)
  })

  it("have every plural form that the language has", () => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions()
    for (const key of plurals) {
      const forms = [...words.keys()].filter((form) => stem(form) === key)
      expect(forms.sort()).toEqual(pluralCategories.map((form) => `${key}_${form}`).sort())
    }
  })

  it("leave no text empty and fill in the same values as English", () => {
    const expected = new Map(english.map(([key, text]) => [stem(key), placeholders(text)]))
    for (const [key, text] of words) {
      expect(text.trim()).not.toBe("")
      expect([key, placeholders(text)]).toEqual([key, expected.get(stem(key))])
    }
  })
})
