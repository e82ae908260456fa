import { z } from "@medusajs/framework/zod"

import type { Stream } from "../../sync/canonical"
import { SyncError } from "../../sync/errors"
import { erpId } from "../../sync/ids"
import type { Cursor, KeyPage, RequestOptions } from "../contract"
import { keyRows } from "./defaults"
import { Domain, filterDomain, WITH_ARCHIVED } from "./domains"
import { countBeyond, fetchPage, shortPage } from "./pages"
import { newestOwn, Row, rowsIn } from "./rows"
import type { OdooSession } from "./session"
import type { Specification } from "./specifications"

const cursorSchema = z.object({
  v: z.literal(1),
  mode: z.literal("keys"),
  after: z.number().int().min(0),
  done: z.number().int().min(0),
  total: z.number().int().min(0),
})

/**
 * Pages of all ids in scope with the versions that the records carry, archived ones included. The
 * last page is only called complete when as many came as were counted, or nothing lies beyond.
 * @throws SyncError
 */
export async function* keyPages(
  session: OdooSession,
  stream: Stream,
  cursor: Cursor | null,
  options: RequestOptions,
): AsyncGenerator<KeyPage> {
  const { model, specification, version, scope } = sweepOf(session, stream)
  let { after, done, total } = cursor
    ? parseKeyCursor(cursor)
    : { after: 0, done: 0, total: await countBeyond(session, model, scope, 0, options) }
  let limit = session.settings.page_size ?? keyRows(session.settings)
  for (;;) {
    const page = await fetchPage(
      session,
      { model, domain: scope, specification, after, limit },
      options,
    )
    ;({ limit, last: after } = page)
    done += page.rows.length
    if (page.complete && done < total) {
      const beyond = await countBeyond(session, model, scope, after, options)
      if (beyond > 0) throw shortPage(`Odoo ${model}: ${beyond} ids did not come.`)
    }
    yield {
      keys: page.rows.map((row) => ({ id: erpId(row.id), version: version(row) })),
      cursor: { v: 1, mode: "keys", after, done, total },
      complete: page.complete,
    }
    if (page.complete) return
  }
}

interface Sweep {
  model: string
  scope: Domain
  specification: Specification
  version: (row: Row) => string | null
}

const sweepOf = ({ settings }: OdooSession, stream: Stream): Sweep => {
  switch (stream) {
    case "categories":
      return {
        model: "product.category",
        scope: [],
        specification: { write_date: {} },
        version: (row) => newestOwn([row]),
      }
    case "products": {
      const variants = { context: { active_test: false }, fields: { write_date: {} } }
      return {
        model: "product.template",
        scope: [WITH_ARCHIVED, ...filterDomain(settings.filter)],
        specification: { write_date: {}, product_variant_ids: variants },
        version: (row) => newestOwn([row, ...rowsIn(row["product_variant_ids"], "variants")]),
      }
    }
    case "images":
      return {
        model: "product.template",
        scope: [WITH_ARCHIVED, ...filterDomain(settings.filter)],
        specification: {},
        version: () => null,
      }
    case "prices":
    case "stock":
      return {
        model: "product.product",
        scope: [WITH_ARCHIVED, ...filterDomain(settings.filter, "product_tmpl_id.")],
        specification: {},
        version: () => null,
      }
  }
}

const parseKeyCursor = (cursor: Cursor): z.infer<typeof cursorSchema> => {
  const parsed = cursorSchema.safeParse(cursor)
  if (parsed.success) return parsed.data
  throw new SyncError({
    kind: "config",
    code: "cursor_unreadable",
    message: "The stored position of this sweep is not one of the Odoo connector.",
    remedy: "Start the sweep anew.",
    scope: "stream",
  })
}
