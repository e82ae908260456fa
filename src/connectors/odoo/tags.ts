import type { RequestOptions } from "../contract"
import { Row, rowsIn } from "./rows"
import type { OdooSession } from "./session"
import type { Fields, Specification } from "./specifications"

const FIELD = "product_tag_ids"

/** Whether tags take part: the store maps them, and this Odoo's products have some. */
export const takesTags = ({ tags }: Pick<OdooSession, "tags">, template: Fields): boolean =>
  tags && template.has(FIELD)

/** What is asked of a product for its tags; the name it shows besides, for who maps them as text too. */
export const tagSpecification = (taken: boolean, stamp: Specification = {}): Specification =>
  taken ? { [FIELD]: { fields: { name: {}, display_name: {}, ...stamp } } } : {}

/** A rename touches the tag alone, and so does giving it to a product from the tag's own form. */
export const watchedTags = (taken: boolean): string[] => (taken ? [`${FIELD}.write_date`] : [])

/** Names of a product's tags, in their own order. @throws Refusal */
export const tagsIn = (row: Row): string[] => [
  ...new Set(
    namedTags(row)
      .map(({ name }) => name)
      .toSorted(),
  ),
]

const namedTags = (row: Row): { id: number; name: string }[] =>
  rowsIn(row[FIELD], "tags").map(({ id, name }) => ({ id, name: String(name).trim() }))

/** Ids of tags by name, in the language of the connection's texts. @throws SyncError */
export const findTags = async (
  session: OdooSession,
  names: readonly string[],
  options: RequestOptions,
): Promise<Map<string, number>> => {
  const args = { domain: [["name", "in", names]], fields: ["name"], order: "id" }
  const call = { model: "product.tag", method: "search_read", args }
  const { value } = await session.call(call, options)
  const rows = Array.isArray(value) ? (value as Row[]) : []
  return new Map(rows.toReversed().map(({ id, name }) => [String(name), id]))
}

/** Links and unlinks single tags, so that those which nobody named stay. */
export const tagCommands = (
  row: Row,
  wanted: ReadonlyMap<string, boolean>,
  ids: ReadonlyMap<string, number>,
): Specification => {
  if (wanted.size === 0) return {}
  const held = namedTags(row)
  const commands = [...wanted].flatMap(([name, has]): number[][] => {
    if (!has) return held.filter((tag) => tag.name === name).map(({ id }) => [3, id])
    const id = ids.get(name)
    return id === undefined ? [] : [[4, id]]
  })
  return commands.length === 0 ? {} : { [FIELD]: commands }
}
