import type { RequestOptions } from "../contract"
import { keyRows } from "./defaults"
import { fetchPage } from "./pages"
import { idIn } from "./rows"
import type { OdooSession } from "./session"
import { latest, newestStamp, Stamp } from "./windows"

export interface Moved {
  /** Variants that stock moved of. */
  ids: number[]
  newest: Stamp | null
}

/**
 * Variants of the stock moves done since `lo`. Quants that come to zero are deleted without a trace
 * when someone opens Odoo's inventory screen; the lines of the move that emptied them stay.
 * @throws SyncError
 */
export const movedSince = async (
  session: OdooSession,
  lo: Stamp,
  options: RequestOptions,
): Promise<Moved> => {
  const ids = new Set<number>()
  let newest: Stamp | null = null
  for (let after = 0, complete = false; !complete;) {
    const page = await fetchPage(
      session,
      {
        model: "stock.move.line",
        domain: [
          ["state", "=", "done"],
          ["write_date", ">=", lo],
        ],
        specification: { product_id: {}, write_date: {} },
        after,
        limit: keyRows(session.settings),
      },
      options,
    )
    for (const row of page.rows) {
      const id = idIn(row["product_id"], "product_id")
      if (id !== null) ids.add(id)
    }
    newest = latest(newest, newestStamp(page.rows))
    ;({ last: after, complete } = page)
  }
  return { ids: [...ids], newest }
}
