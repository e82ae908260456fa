import type { RequestOptions } from "../../contract"
import { keyRows, pageRows } from "../defaults"
import { WITH_ARCHIVED } from "../domains"
import type { Moved } from "../moves"
import { fetchPage } from "../pages"
import { idIn, Row } from "../rows"
import { productScope } from "../scope"
import type { OdooSession } from "../session"
import type { Fields, Specification } from "../specifications"
import type { StreamReader } from "../streams"
import type { Stamp } from "../windows"
import { Attachments, readAttachments, storedSince } from "./attachments"
import { mapImages, recordsIn } from "./map-images"
import type { PlaceKind } from "./places"

/**
 * The stream of images: products with the fingerprints of their images, no bytes. Writing or emptying
 * an image stamps its product or variant; the attachments are asked besides, for what was stored past
 * them. A further image of the shop that is deleted by itself leaves no trace: the full look finds it.
 * @throws SyncError
 */
export const openImages = async (
  session: OdooSession,
  options: RequestOptions,
): Promise<StreamReader<"images">> => {
  const { settings } = session
  const fields = await session.fields("product.template", options)
  const { fields: filterColumns, ...scoped } = productScope(session)
  const shop = fields.has("product_template_image_ids")
  const kinds: PlaceKind[] = shop ? ["template", "variant", "extra"] : ["template", "variant"]
  let attachments: Attachments = new Map()
  return {
    stream: "images",
    model: "product.template",
    rows: pageRows(settings, "images"),
    ...scoped,
    specification: (stamps) => specificationOf(fields, filterColumns, shop, stamps),
    watched: [
      "write_date",
      "product_variant_ids.write_date",
      ...(shop
        ? [
            "product_template_image_ids.write_date",
            "product_variant_ids.product_variant_image_ids.write_date",
          ]
        : []),
    ],
    moved: (lo, asking) => movedSince(session, kinds, lo, asking),
    async prepare(rows, asking) {
      attachments = await readAttachments(session, recordsIn(rows), asking)
    },
    map: (row) => mapImages(row, attachments),
  }
}

const specificationOf = (
  fields: Fields,
  filter: readonly string[],
  shop: boolean,
  stamps: boolean,
): Specification => {
  const stamp = stamps ? { write_date: {} } : {}
  const extra = { fields: { sequence: {}, ...stamp } }
  return {
    ...Object.fromEntries(filter.filter((name) => fields.has(name)).map((name) => [name, {}])),
    active: {},
    write_date: {},
    ...(shop && { product_template_image_ids: extra }),
    product_variant_ids: {
      context: { active_test: false },
      fields: { active: {}, ...stamp, ...(shop && { product_variant_image_ids: extra }) },
    },
  }
}

/** Products of which an image was stored: of variants and further images, by one more question. */
const movedSince = async (
  session: OdooSession,
  kinds: readonly PlaceKind[],
  lo: Stamp,
  options: RequestOptions,
): Promise<Moved> => {
  // The shop's own records have stamps, which are watched.
  const { records, newest } = await storedSince(
    session,
    kinds.filter((kind) => kind !== "extra"),
    lo,
    options,
  )
  const variants = records.get("variant") ?? []
  const rows = variants.length === 0 ? [] : await templatesOf(session, variants, options)
  return { ids: [...new Set([...(records.get("template") ?? []), ...rows])], newest }
}

const templatesOf = async (
  session: OdooSession,
  variants: readonly number[],
  options: RequestOptions,
): Promise<number[]> => {
  const ids: number[] = []
  for (let after = 0, complete = false; !complete;) {
    const page = await fetchPage(
      session,
      {
        model: "product.product",
        domain: [WITH_ARCHIVED, ["id", "in", variants]],
        specification: { product_tmpl_id: {} },
        after,
        limit: keyRows(session.settings),
      },
      options,
    )
    ids.push(...page.rows.flatMap(templateIn))
    ;({ last: after, complete } = page)
  }
  return ids
}

const templateIn = (row: Row): number[] => {
  const id = idIn(row["product_tmpl_id"], "product_tmpl_id")
  return id === null ? [] : [id]
}
