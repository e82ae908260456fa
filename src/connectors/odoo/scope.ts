import type { RequestOptions } from "../contract"
import { Domain, filterDomain, filterFields, inScope, isDomain, WITH_ARCHIVED } from "./domains"
import type { Row } from "./rows"
import type { OdooSession } from "./session"

/** How a stream of products keeps to the connection's filter. */
export interface ProductScope {
  /** Condition of the filter, archived records included. */
  scope: Domain
  /** Fields that rows are read with, so that they can be judged. */
  fields: readonly string[]
  /** Asks Odoo about rows that a delta brought, where the rows do not say it themselves. */
  judge(rows: readonly Row[], options: RequestOptions): Promise<void>
  /** Whether a row that was judged is in. */
  inScope(row: Row): boolean
}

/**
 * The connection's filter on `product.template`. A domain is asked of Odoo for the rows of a page: its
 * operators and paths mean what Odoo says they mean.
 */
export const productScope = (session: OdooSession): ProductScope => {
  const { filter } = session.settings
  const scope: Domain = [WITH_ARCHIVED, ...filterDomain(filter)]
  if (!isDomain(filter)) {
    return {
      scope,
      fields: filterFields(filter),
      judge: () => Promise.resolve(),
      inScope: (row) => inScope(row, filter),
    }
  }
  let inside: ReadonlySet<number> = new Set()
  return {
    scope,
    fields: [],
    async judge(rows, options) {
      const ids = rows.map(({ id }) => id)
      inside = ids.length === 0 ? new Set() : await idsInside(session, scope, ids, options)
    },
    inScope: ({ id }) => inside.has(id),
  }
}

const idsInside = async (
  session: OdooSession,
  scope: Domain,
  ids: readonly number[],
  options: RequestOptions,
): Promise<ReadonlySet<number>> => {
  const domain = [...scope, ["id", "in", ids]]
  const call = { model: "product.template", method: "search", args: { domain, order: "id" } }
  const { value } = await session.call(call, options)
  return new Set(Array.isArray(value) ? value.map(Number) : [])
}
