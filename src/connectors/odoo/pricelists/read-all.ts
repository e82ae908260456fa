import type { RequestOptions } from "../../contract"
import { keyRows } from "../defaults"
import type { Domain } from "../domains"
import { fetchPage, shortPage } from "../pages"
import type { Row } from "../rows"
import type { OdooSession } from "../session"
import type { Specification } from "../specifications"
import type { Stamp } from "../windows"

/**
 * All rows that match, by id, in as few requests as they fit into; archived ones too.
 * @throws SyncError
 */
export const readAll = async (
  session: OdooSession,
  model: string,
  domain: Domain,
  specification: Specification,
  options: RequestOptions,
): Promise<{ rows: Row[]; served_at: Stamp | null }> => {
  const rows: Row[] = []
  let served_at: Stamp | null = null
  let limit = keyRows(session.settings)
  for (let after = 0, complete = false; !complete;) {
    const page = await fetchPage(session, { model, domain, specification, after, limit }, options)
    if (page.oversized) throw shortPage(`Odoo ${model}: ${page.oversized.reason}`)
    rows.push(...page.rows)
    served_at ??= page.served_at
    ;({ complete, limit, last: after } = page)
  }
  return { rows, served_at }
}
