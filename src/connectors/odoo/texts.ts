import type { RequestOptions } from "../contract"
import { FALLBACK, spokenLanguages } from "./language"
import { orNull, Row } from "./rows"
import type { OdooSession } from "./session"
import type { Fields } from "./specifications"

/** The translated texts of a product, by the engine's name and Odoo's. */
export const TEXT_FIELDS = { title: "name", description: "description_sale" } as const
export type TextName = keyof typeof TEXT_FIELDS

/** One language's texts of a product; null where it has none of its own. */
export type Texts = { [T in TextName]: string | null }

/** A product's texts by the store's locale. A language that Odoo does not use is missing. */
export type ProductTexts = { [locale: string]: Texts }

export interface TextReader {
  /**
   * The texts of these products in all mapped languages, in one request for each language. A product that
   * was changed meanwhile is missing: its languages would be of two moments.
   * @throws SyncError
   */
  read(rows: readonly Row[], options: RequestOptions): Promise<ReadonlyMap<number, ProductTexts>>
}

/** Asks once which of the mapped languages are active; null where the store maps none. @throws SyncError */
export const openTexts = async (
  session: OdooSession,
  fields: Fields,
  options: RequestOptions,
): Promise<TextReader | null> => {
  if (session.languages.size === 0) return null
  const { language } = await session.place(options)
  const source = language ?? FALLBACK
  const { major } = await session.version(options)
  const spoken = await spokenLanguages(session, options)
  const asked = new Set([...spoken.values(), FALLBACK])
  asked.delete(source)
  return {
    async read(rows, asking) {
      const products = new Map<number, ProductTexts>()
      if (rows.length === 0) return products
      const others = new Map<string, ReadonlyMap<number, Row>>()
      // Without a further language there is nothing to compare the fallback with.
      for (const code of spoken.size > 0 ? asked : []) {
        others.set(code, await rowsIn(session, fields, rows, code, asking))
      }
      for (const row of rows) {
        const texts = textsOf(row, spoken, source, others)
        if (texts !== null) products.set(row.id, texts)
      }
      return major < SAYS_SO && (await wentMute(session, spoken, source, products, asking))
        ? new Map()
        : products
    },
  }
}

/** From this version on, a language that is not active is an error, and not English. */
const SAYS_SO = 18

/**
 * Whether a language in which no product of the page has a text was turned off since it was asked for:
 * Odoo 17 then answers in English, which looks as if all translations were gone.
 */
const wentMute = async (
  session: OdooSession,
  spoken: ReadonlyMap<string, string>,
  source: string,
  products: ReadonlyMap<number, ProductTexts>,
  options: RequestOptions,
): Promise<boolean> => {
  const silent = [...spoken].filter(
    ([locale, code]) =>
      code !== source && [...products.values()].every((texts) => isEmpty(texts[locale])),
  )
  if (silent.length === 0) return false
  const still = await spokenLanguages(session, options)
  return silent.some(([locale]) => !still.has(locale))
}

const isEmpty = (texts: Texts | undefined): boolean =>
  texts === undefined || Object.values(texts).every((text) => text === null)

/** Products in one language, in one request. @throws SyncError */
export const rowsIn = async (
  session: OdooSession,
  fields: Fields,
  rows: readonly Row[],
  code: string,
  options: RequestOptions,
): Promise<ReadonlyMap<number, Row>> => {
  const names = ["write_date", ...Object.values(TEXT_FIELDS)].filter((name) => fields.has(name))
  const { value } = await session.call(
    {
      model: "product.template",
      method: "read",
      ids: rows.map(({ id }) => id),
      args: { fields: names, load: null, context: { lang: code } },
    },
    options,
  )
  return new Map((Array.isArray(value) ? (value as Row[]) : []).map((row) => [row.id, row]))
}

/** Null where an answer lacks the product, or shows another state of it. */
const textsOf = (
  row: Row,
  spoken: ReadonlyMap<string, string>,
  source: string,
  others: ReadonlyMap<string, ReadonlyMap<number, Row>>,
): ProductTexts | null => {
  const present = [...others.values()].map((rows) => rows.get(row.id))
  if (present.some((other) => other?.["write_date"] !== row["write_date"])) return null
  const inLanguage = (code: string): Row | undefined =>
    code === source ? row : others.get(code)?.get(row.id)
  return Object.fromEntries(
    [...spoken].map(([locale, code]) => [
      locale,
      ownTexts(inLanguage(code), [row, ...(code === FALLBACK ? [] : [inLanguage(FALLBACK)])]),
    ]),
  )
}

/** Odoo shows a text that a language lacks in English: what says the same as another is no translation. */
export const ownTexts = (row: Row | undefined, others: readonly (Row | undefined)[]): Texts => ({
  title: ownText(row, others, "title"),
  description: ownText(row, others, "description"),
})

const ownText = (
  row: Row | undefined,
  others: readonly (Row | undefined)[],
  name: TextName,
): string | null => {
  const text = textIn(row, name)
  return text !== null && others.some((other) => textIn(other, name) === text) ? null : text
}

export const textIn = (row: Row | undefined, name: TextName): string | null => {
  const text = orNull(row?.[TEXT_FIELDS[name]] ?? false)
  return typeof text === "string" && text.trim() !== "" ? text : null
}
