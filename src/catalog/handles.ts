import { isValidHandle, toHandle } from "@medusajs/framework/utils"
import { Database, query, queryByIds } from "./database"

/** Longer ones help nobody, and an index row has its limit. */
const MAX_LENGTH = 120
/** Tried before the ERP's id is appended. */
const LAST_NUMBER = 5

export interface HandleRequest {
  /** Medusa id of the record. */
  id: string
  /** What the handle is made of: a title, or a title and a code. */
  stem: string
  erp_id: string
}

/**
 * Valid handles, unique among live records and among each other: the stem, then `stem-2` …, then the
 * stem with the ERP's id, which is told apart by the record's own id at last.
 */
export const pickHandles = async (
  db: Database,
  table: "product" | "product_category",
  requests: readonly HandleRequest[],
): Promise<Map<string, string>> => {
  const candidates = requests.map((request) => ({ request, handles: candidatesOf(request) }))
  const rows = await queryByIds(
    candidates.flatMap(({ handles }) => handles),
    (chunk) =>
      query<{ handle: string }>(
        db,
        `select handle from ${table} where handle = any(?) and deleted_at is null`,
        [chunk],
      ),
  )
  const taken = new Set(rows.map((row) => row.handle))
  return new Map(
    candidates.map(({ request, handles }) => {
      const handle = handles.find((candidate) => !taken.has(candidate)) ?? slug(request.id)
      taken.add(handle)
      return [request.id, handle]
    }),
  )
}

const candidatesOf = ({ id, stem, erp_id }: HandleRequest): string[] => {
  const erpId = slug(erp_id)
  const base = slug(stem) || erpId
  const numbered = Array.from({ length: LAST_NUMBER - 1 }, (_, index) => `${base}-${index + 2}`)
  return [base, ...numbered, `${base}-${erpId}`, `${base}-${slug(id)}`].filter(isValidHandle)
}

/** `toHandle`, without what it leaves in although a handle must not have it. */
const slug = (text: string): string => {
  const usable = text.replace(/[^\p{L}\p{N}\s_-]/gu, " ").trim()
  if (!/[\p{L}\p{N}]/u.test(usable)) {
    return ""
  }
  const handle = toHandle(usable).replace(/[^\p{Ll}\p{Lo}\p{Lm}\p{N}-]/gu, "")
  return [...handle]
    .slice(0, MAX_LENGTH)
    .join("")
    .replace(/-+/g, "-")
    .replace(/^-+|-+$/g, "")
}
