import { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { DifferenceView, syncOf } from "../../../../../runtime"
import { ExportDifferences } from "../../two-way-validators"
import { csvRow } from "./csv"

const COLUMNS = [
  "connection_id",
  "entity",
  "erp_id",
  "medusa_id",
  "title",
  "sku",
  "field",
  "kind",
  "reason",
  "message",
  "erp",
  "medusa",
  "resolution",
  "since",
  "updated_at",
] as const satisfies readonly (keyof DifferenceView)[]

/** All differences as a file; read and sent a few hundred at a time, however many there are. */
export const GET = async (
  req: AuthenticatedMedusaRequest<unknown, ExportDifferences>,
  res: MedusaResponse,
) => {
  const { format, ...filter } = req.validatedQuery
  const pages = (await syncOf(req.scope)).exportDifferences(filter)
  const text = format === "csv" ? asCsv(pages) : asJson(pages)
  res.setHeader(
    "Content-Type",
    format === "csv" ? "text/csv; charset=utf-8" : "application/json; charset=utf-8",
  )
  res.setHeader("Content-Disposition", `attachment; filename="erp-differences.${format}"`)
  await pipeline(Readable.from(text), res)
}

async function* asCsv(pages: AsyncIterable<DifferenceView[]>): AsyncGenerator<string> {
  yield csvRow(COLUMNS)
  for await (const page of pages) {
    yield page.map((row) => csvRow(COLUMNS.map((column) => row[column]))).join("")
  }
}

async function* asJson(pages: AsyncIterable<DifferenceView[]>): AsyncGenerator<string> {
  yield "["
  let begun = false
  for await (const page of pages) {
    yield `${begun ? "," : ""}\n${page.map((row) => JSON.stringify(row)).join(",\n")}`
    begun = true
  }
  yield "\n]\n"
}
