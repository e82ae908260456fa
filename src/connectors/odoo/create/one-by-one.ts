import { SyncError } from "../../../sync/errors"
import type { RequestOptions } from "../../contract"
import { MAX_WRITE_BATCH } from "../defaults"
import { requireActiveLanguage } from "../language"
import { ProductFacts, unitOf } from "../map-product"
import { Row } from "../rows"
import type { OdooSession } from "../session"
import { factsOf } from "../streams"
import { unsent, writeError } from "../write/send"
import type { TableParts } from "./table"

/** What records are created with. */
export interface Creating {
  session: OdooSession
  facts: ProductFacts
  unit: TableParts["unit"]
  options: RequestOptions
}

/**
 * Creates one record after another; one outcome for each of them, in order. After a failure that is not
 * the record's fault nothing more is sent.
 * @throws SyncError before anything was sent
 */
export const oneByOne = async <C, O>(
  session: OdooSession,
  creations: readonly C[],
  options: RequestOptions,
  create: (creating: Creating, creation: C) => Promise<O>,
): Promise<(O | { outcome: "failed"; error: SyncError })[]> => {
  if (creations.length > MAX_WRITE_BATCH) throw tooMany(creations.length)
  await requireActiveLanguage(session, options)
  const facts = await factsOf(session, options)
  const unit = await weightUnit(session, facts, options)
  const outcomes: (O | { outcome: "failed"; error: SyncError })[] = []
  let stopped: SyncError | null = null
  for (const creation of creations) {
    if (stopped) {
      outcomes.push({ outcome: "failed", error: stopped })
      continue
    }
    try {
      outcomes.push(await create({ session, facts, unit, options }, creation))
    } catch (thrown) {
      const error = writeError(thrown, options)
      outcomes.push({ outcome: "failed", error })
      if (error.kind === "transient" || error.scope === "connection") stopped = unsent(error)
    }
  }
  return outcomes
}

/** The unit of the whole database, which any product names. */
const weightUnit = async (
  session: OdooSession,
  { template }: ProductFacts,
  options: RequestOptions,
): Promise<TableParts["unit"]> => {
  if (!template.has("weight_uom_name")) return "kg"
  const args = { domain: [], fields: ["weight_uom_name"], limit: 1 }
  const call = { model: "product.template", method: "search_read", args }
  const { value } = await session.call(call, options)
  const [row] = Array.isArray(value) ? (value as Row[]) : []
  return row ? unitOf(row) : "kg"
}

const tooMany = (count: number): SyncError =>
  new SyncError({
    kind: "bug",
    code: "batch_too_large",
    message: `${count} records were to be created at once; ${MAX_WRITE_BATCH} are allowed.`,
    remedy: "This is a defect of the plugin; please report it.",
  })
