import type { ErpVariantStock } from "../../../sync/canonical"
import { normalise } from "../../../sync/normalise"
import type { FieldName, FieldValue } from "../../../sync/values"
import type { Change, RequestOptions, WriteOutcome } from "../../contract"
import { decimalSum } from "../../decimal"
import { isKit } from "../kits"
import type { Warehouses } from "../map-stock"
import { idIn, Row, rowsIn } from "../rows"
import type { OdooSession } from "../session"
import type { Specification } from "../specifications"
import { openStream } from "../streams"
import { Outcomes, refused, Unsupported, unsupported } from "./outcomes"
import { readPresent } from "./present"
import { foreignField } from "./vals"
import { equalValues, keyOf } from "./values"

/** A count to be made: `wanted` pieces of a variant at a location that is expected to hold others. */
export interface Count {
  change: Change
  field: FieldName
  variant: number
  location: number
  wanted: string
  expected: FieldValue
}

/** How Odoo rounds quantities, and who of its users we are. */
interface Ledger {
  warehouses: Warehouses
  digits: number | undefined
  uid: number
}

/**
 * Reads the stock of the variants and compares. Answers the counts to be made; what became of the
 * other changes is entered.
 * @throws SyncError
 */
export const dueCounts = async (
  session: OdooSession,
  changes: readonly Change[],
  options: RequestOptions,
  outcomes: Outcomes,
): Promise<Count[]> => {
  const reader = await openStream(session, "stock", options)
  const quants = await session.fields("stock.quant", options)
  const uid = await (await session.protocol(options)).uid(options)
  const ids = [...new Set(changes.map(({ id }) => Number(id)).filter(Number.isInteger))]
  const specification = countSpecification(reader.specification(false))
  const rows = await readPresent(session, reader.model, ids, specification, options)
  await reader.prepare?.([...rows.values()], options)
  const ledger: Ledger = {
    warehouses: await session.stockPlaces.load(options),
    digits: quants.get("quantity")?.digits ?? undefined,
    uid,
  }
  return changes.flatMap((change) => {
    const row = rows.get(Number(change.id))
    const { record = null } = row === undefined ? {} : reader.map(row)
    const seen =
      row === undefined
        ? refused("gone")
        : record === null
          ? refused("newer_version")
          : examine(change, row, record, ledger)
    if ("wanted" in seen) return [seen]
    outcomes.set(change, seen)
    return []
  })
}

/** A variant's stock with all that may forbid to count it as one heap. */
const countSpecification = (specification: Specification): Specification => {
  const { fields } = specification["stock_quant_ids"] as { fields: Specification }
  const besides = { lot_id: {}, package_id: {}, owner_id: {}, user_id: {} }
  return {
    ...specification,
    tracking: {},
    stock_quant_ids: { fields: { ...fields, ...besides, inventory_quantity_set: {} } },
  }
}

const examine = (
  change: Change,
  row: Row,
  record: ErpVariantStock,
  ledger: Ledger,
): Count | WriteOutcome => {
  const foreign = foreignField(change)
  if (foreign) return foreign
  const [field, ...others] = Object.keys(change.patch)
  if (field === undefined) return { outcome: "written", id: change.id, version: null, holds: {} }
  const value = change.patch[field]
  if (others.length > 0 || typeof value !== "string") {
    return unsupported(field, "Stock is counted in one warehouse at a time.", "Enter a quantity.")
  }
  if (!record.tracked) {
    return unsupported(field, "Odoo keeps no stock of it.", "Track its inventory in Odoo.")
  }
  if (isKit(row)) {
    return unsupported(
      field,
      "It is a kit in Odoo, whose quantity comes from its components.",
      "Count the components in Odoo.",
    )
  }
  const held = record.levels.find(({ warehouse }) => warehouse === keyOf(field))?.on_hand ?? null
  const wanted = stored(value, row, ledger)
  if (equalValues(field, held, wanted)) {
    return { outcome: "written", id: change.id, version: null, holds: { [field]: held } }
  }
  const expected = change.expected[field] ?? null
  if (!equalValues(field, held, expected)) return refused("newer_version")
  const location = placeOf(field, row, ledger)
  return typeof location === "number"
    ? { change, field, variant: row.id, location, wanted, expected }
    : location
}

/** The quantity as Odoo keeps it: in steps of its unit, with so many digits. */
const stored = (value: string, row: Row, { digits }: Ledger): string => {
  const rounding = (row["uom_id"] as Record<string, unknown> | null)?.["rounding"]
  const step = typeof rounding === "number" ? rounding : null
  return String(normalise(decimalSum([Number(value)], step), { digits }))
}

/** The warehouse's main location, when all that the warehouse holds of the variant lies there, loose. */
const placeOf = (field: FieldName, row: Row, { warehouses, uid }: Ledger): number | Unsupported => {
  const code = keyOf(field)
  const main = warehouses.main.get(code)
  if (main === undefined) {
    return unsupported(field, `Odoo has no warehouse ${code}.`, "Correct the `stock` mapping.")
  }
  if (row["tracking"] !== undefined && row["tracking"] !== "none") {
    return unsupported(
      field,
      "Odoo tracks it by lots or serial numbers, which a plain count does not name.",
      "Count it in Odoo.",
    )
  }
  const quants = rowsIn(row["stock_quant_ids"], "levels").filter(
    ({ location_id: location }) =>
      warehouses.locations.get(Number(idIn(location, "levels"))) === code,
  )
  const split = quants.some(
    (quant) =>
      quant["quantity"] !== 0 && (idIn(quant["location_id"], "levels") !== main || isPacked(quant)),
  )
  if (split) {
    return unsupported(
      field,
      `The stock in ${code} lies in several locations, lots, packages or with several owners.`,
      "Count it in Odoo.",
    )
  }
  const [counted] = quants.filter(
    (quant) => quant["inventory_quantity_set"] === true && idIn(quant["user_id"], "levels") !== uid,
  )
  return counted
    ? unsupported(
        field,
        `Somebody is counting it in ${code}.`,
        "Apply or clear that count in Odoo.",
      )
    : main
}

const isPacked = (quant: Row): boolean =>
  ["lot_id", "package_id", "owner_id"].some((name) => idIn(quant[name], "levels") !== null)
