import { SyncError } from "../../../sync/errors"
import { familyOf } from "../../../sync/owners"
import type { Change, RequestOptions, WriteOutcome } from "../../contract"
import { MAX_WRITE_BATCH } from "../defaults"
import { requireActiveLanguage } from "../language"
import type { OdooSession } from "../session"
import { CatalogChange, writeCatalog } from "./catalog"
import { failed, Outcomes } from "./outcomes"
import { unsent, writeError } from "./send"
import { createStockWriter } from "./stock"

export type Write = (changes: Change[], options?: RequestOptions) => Promise<WriteOutcome[]>

/** Texts that exist once per language. */
const TRANSLATED: ReadonlySet<string> = new Set(["title", "description", "name"])

/**
 * Writes changes into Odoo, first the catalog, then counts of stock; one outcome per change, in
 * order. Odoo cannot compare and set, so the fields about to be written are read right before: what
 * somebody saves in the moment between that read and the write is lost.
 */
export const createWriter = (session: OdooSession): Write => {
  const writeStock = createStockWriter(session)
  let checked = false
  return async (changes, options = {}) => {
    if (changes.length > MAX_WRITE_BATCH) throw tooMany(changes.length)
    if (!checked && changes.some(hasText)) {
      await requireActiveLanguage(session, options)
      checked = true
    }
    const outcomes: Outcomes = new Map()
    const catalog = changes.filter((change): change is CatalogChange => change.entity !== "stock")
    if (catalog.length > 0) await writeCatalog(session, catalog, options, outcomes)
    const stock = changes.filter(({ entity }) => entity === "stock")
    if (stock.length > 0) {
      try {
        await writeStock(stock, options, outcomes)
      } catch (thrown) {
        if (catalog.length === 0) throw thrown
        const error = unsent(writeError(thrown, options))
        for (const change of stock) if (!outcomes.has(change)) outcomes.set(change, failed(error))
      }
    }
    return changes.map((change) => outcomes.get(change) ?? failed(forgotten()))
  }
}

const hasText = ({ patch }: Change): boolean =>
  Object.keys(patch).some((field) => TRANSLATED.has(familyOf(field)))

const tooMany = (count: number): SyncError =>
  new SyncError({
    kind: "bug",
    code: "batch_too_large",
    message: `${count} records were to be written at once; ${MAX_WRITE_BATCH} are allowed.`,
    remedy: "This is a defect of the plugin; please report it.",
  })

const forgotten = (): SyncError =>
  new SyncError({
    kind: "bug",
    code: "no_outcome",
    message: "A change of the batch was neither sent nor refused.",
    remedy: "This is a defect of the plugin; please report it.",
  })
