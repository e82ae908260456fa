import type { StreamRecords } from "../../../sync/canonical"
import { ErpId, erpId } from "../../../sync/ids"
import { admit } from "../../door"
import type { Mapped } from "../map-product"
import { fromReadable, Row, rowsIn } from "../rows"
import { attachmentKey, Attachments } from "./attachments"
import { IMAGE_PLACES, imageKey, PlaceKind } from "./places"

/** A record that may hold an image, in the order in which a customer sees them. */
interface Holder {
  kind: PlaceKind
  id: number
  variant_ids: ErpId[]
}

/**
 * A `product.template` row with its variants as the product's images: its own one, the shop's further
 * ones, then each variant's.
 */
export const mapImages = (row: Row, attachments: Attachments): Mapped<StreamRecords["images"]> => {
  const subject = {
    id: erpId(row.id),
    version: null,
    named: `product with id ${row.id} in Odoo`,
  }
  return admit("images", subject, () => ({
    id: subject.id,
    version: null,
    images: holdersIn(row).flatMap(({ kind, id, variant_ids }, rank) => {
      const attachment = attachments.get(attachmentKey(IMAGE_PLACES[kind].model, id))
      return attachment ? [{ key: imageKey(kind, id), rank, variant_ids, ...attachment }] : []
    }),
  }))
}

/** Records of a page whose attachments are asked for. */
export const recordsIn = (rows: readonly Row[]): ReadonlyMap<PlaceKind, number[]> => {
  const records = new Map<PlaceKind, number[]>()
  for (const { kind, id } of fromReadable(rows, holdersIn)) {
    records.set(kind, [...(records.get(kind) ?? []), id])
  }
  return records
}

const holdersIn = (row: Row): Holder[] => [
  { kind: "template", id: row.id, variant_ids: [] },
  ...extras(row["product_template_image_ids"], []),
  ...shownVariants(row).flatMap((variant): Holder[] => {
    const variant_ids = [erpId(variant.id)]
    return [
      { kind: "variant", id: variant.id, variant_ids },
      ...extras(variant["product_variant_image_ids"], variant_ids),
    ]
  }),
]

/** An archived variant is not shown; of an archived product all are kept, for when it returns. */
const shownVariants = (row: Row): Row[] =>
  rowsIn(row["product_variant_ids"], "variants")
    .filter((variant) => variant["active"] === true || row["active"] !== true)
    .toSorted((a, b) => a.id - b.id)

const extras = (value: unknown, variant_ids: ErpId[]): Holder[] =>
  value === undefined
    ? []
    : rowsIn(value, "images")
        .toSorted((a, b) => Number(a["sequence"]) - Number(b["sequence"]) || a.id - b.id)
        .map(({ id }) => ({ kind: "extra" as const, id, variant_ids }))
