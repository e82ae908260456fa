import type { CreationOutcome, RequestOptions } from "../../contract"
import type { Row } from "../rows"
import type { OdooSession } from "../session"

/**
 * A barcode that another product holds, looked for before anything is made: Odoo would refuse it only
 * after the product with its variants is there. Archived products do not count, in Odoo neither.
 * @throws SyncError
 */
export const takenBarcode = async (
  session: OdooSession,
  { variants }: { variants: readonly { barcode: string | null }[] },
  options: RequestOptions,
): Promise<Extract<CreationOutcome, { outcome: "invalid" }> | null> => {
  const barcodes = variants.flatMap(({ barcode }) => (barcode ? [barcode] : []))
  if (barcodes.length === 0) return null
  const args = {
    domain: [["barcode", "in", barcodes]],
    fields: ["barcode", "display_name"],
    limit: 1,
  }
  const call = { model: "product.product", method: "search_read", args }
  const { value } = await session.call(call, options)
  const [row] = Array.isArray(value) ? (value as Row[]) : []
  return row === undefined
    ? null
    : {
        outcome: "invalid",
        field: "barcode",
        value: String(row["barcode"]),
        message: `Barcode ${String(row["barcode"])} belongs to "${String(row["display_name"])}" (id ${row.id}) in Odoo.`,
        remedy: "Give the variant another barcode, or link it to that product.",
      }
}
