import { Side } from "../../../src/sync/values"
import { Random } from "../random"
import { Blocked, MemoryDatabase, View } from "../store/memory-database"
import { LinkRow } from "../store/rows"

/** A person decides about a frozen field, as the admin's route stores it. Returns whose link it is. */
export const decideConflict = (
  db: MemoryDatabase,
  random: Random,
): { link: LinkRow; field: string; side: Side } | null => {
  try {
    return db.run(null, "person", (view) => resolve(db, view, random))
  } catch (error) {
    if (error instanceof Blocked) {
      return null
    }
    throw error
  }
}

const resolve = (db: MemoryDatabase, view: View, random: Random) => {
  const open = random.pick(view.all("differences").filter((row) => row.kind === "conflict"))
  const link = open && view.get("links", open.link_id)
  if (!link) {
    return null
  }
  const side: Side = random.chance(0.5) ? "erp" : "medusa"
  const resolutions = { ...link.resolutions, [open.field]: side }
  view.put("links", link.id, { ...link, resolutions, seq: db.nextSeq() })
  return { link, field: open.field, side }
}
