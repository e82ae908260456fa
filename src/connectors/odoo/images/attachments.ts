import type { RequestOptions } from "../../contract"
import { keyRows } from "../defaults"
import { Domain, Leaf } from "../domains"
import { fetchPage } from "../pages"
import { idIn, Row } from "../rows"
import type { OdooSession } from "../session"
import { latest, newestStamp, Stamp } from "../windows"
import { IMAGE_PLACES, PlaceKind } from "./places"

/** What is known of an image without its bytes. */
export interface Attachment {
  checksum: string
  size: number | null
}

export type Attachments = ReadonlyMap<string, Attachment>

const MODEL = "ir.attachment"

/** Name of a record's image among the attachments that were read. */
export const attachmentKey = (model: unknown, id: number): string => `${String(model)}/${id}`

/**
 * The attachments behind the images of these records. Odoo shows an attachment of a field only to who
 * names `res_field`.
 * @throws SyncError
 */
export const readAttachments = async (
  session: OdooSession,
  records: ReadonlyMap<PlaceKind, readonly number[]>,
  options: RequestOptions,
): Promise<Attachments> => {
  const asked = [...records].filter(([, ids]) => ids.length > 0)
  const found = new Map<string, Attachment>()
  if (asked.length === 0) return found
  const domain = eitherOf(asked.map(([kind, ids]) => [...fieldOf(kind), ["res_id", "in", ids]]))
  const specification = { res_model: {}, res_id: {}, checksum: {}, file_size: {} }
  for await (const rows of pagesOf(session, domain, specification, options)) {
    for (const row of rows) {
      const id = idIn(row["res_id"], "res_id")
      const { checksum, file_size: size } = row
      if (id === null || typeof checksum !== "string" || checksum === "") continue
      found.set(attachmentKey(row["res_model"], id), {
        checksum,
        size: typeof size === "number" ? size : null,
      })
    }
  }
  return found
}

/** Records whose image was stored since `lo`, and the newest stamp. @throws SyncError */
export const storedSince = async (
  session: OdooSession,
  kinds: readonly PlaceKind[],
  lo: Stamp,
  options: RequestOptions,
): Promise<{ records: Map<PlaceKind, number[]>; newest: Stamp | null }> => {
  const records = new Map<PlaceKind, number[]>(kinds.map((kind) => [kind, []]))
  const domain = [...eitherOf(kinds.map(fieldOf)), ["write_date", ">=", lo] as const]
  const specification = { res_model: {}, res_id: {}, write_date: {} }
  let newest: Stamp | null = null
  for await (const rows of pagesOf(session, domain, specification, options)) {
    newest = latest(newest, newestStamp(rows))
    for (const row of rows) {
      const kind = kinds.find((entry) => IMAGE_PLACES[entry].model === row["res_model"])
      const id = idIn(row["res_id"], "res_id")
      if (kind !== undefined && id !== null) records.get(kind)?.push(id)
    }
  }
  return { records, newest }
}

async function* pagesOf(
  session: OdooSession,
  domain: Domain,
  specification: Record<string, unknown>,
  options: RequestOptions,
): AsyncGenerator<Row[]> {
  const limit = keyRows(session.settings)
  for (let after = 0, complete = false; !complete;) {
    const page = await fetchPage(
      session,
      { model: MODEL, domain, specification, after, limit },
      options,
    )
    yield page.rows
    ;({ last: after, complete } = page)
  }
}

const fieldOf = (kind: PlaceKind): Leaf[] => [
  ["res_model", "=", IMAGE_PLACES[kind].model],
  ["res_field", "=", IMAGE_PLACES[kind].field],
]

/** Any of the conditions, of which each is all of its leaves. */
const eitherOf = (conditions: readonly (readonly Leaf[])[]): Domain => [
  ...conditions.slice(1).map(() => "|" as const),
  ...conditions.flatMap((leaves) => [...leaves.slice(1).map(() => "&" as const), ...leaves]),
]
