import {
  readEdited,
  readMembers,
  readMembershipMarks,
  readMovedStock,
  readProductIds,
} from "../catalog"
import { medusaId, MedusaId } from "../sync/ids"
import { Runtime } from "./runtime"

/** How far back each look reaches beyond the last one: a transaction may be seen after a later one. */
const OVERLAP_MS = 2 * 60_000
/** How often the store's tables are searched for edits that no event told of. */
const INTERVAL_MS = 5 * 60_000
/** Clocks that are this far apart count as the same: more is what a network does to an answer. */
const SAME_CLOCK_MS = 5_000

/**
 * Finds edits in the store that no event told of: price lists, imports, modules that write directly,
 * products put into a category on the category's page, and events that were lost with a process. Rows
 * are found by their stamps, which the store's processes set by clocks of their own; categories and
 * stock by what both sides agreed on.
 * @returns how many records were marked
 */
export const catchUp = async (
  runtime: Pick<Runtime, "db" | "ledger" | "connections" | "translated">,
  now: string,
): Promise<number> => {
  const { ledger, db } = runtime
  const last = await ledger.caughtUpTo()
  if (last === null) {
    // What was edited before the first look is part of the first comparison of everything.
    await markAllNew(runtime)
    await moveMemberships(runtime)
    await ledger.saveCaughtUp(now)
    return 0
  }
  if (Date.parse(now) - Date.parse(last) < INTERVAL_MS) {
    return 0
  }
  const apart = await ledger.clockSkewMs()
  const skew = apart > SAME_CLOCK_MS ? apart : 0
  const since = new Date(Date.parse(last) - OVERLAP_MS - skew).toISOString()
  const until = new Date(Date.parse(now) + skew).toISOString()
  const edited = await readEdited(db, since, until, await mappedLists(runtime), runtime.translated)
  const moved = await readMovedStock(db, since, until)
  const marked = [
    await ledger.markEdited(edited, skew),
    await ledger.markMovedLevels(moved.levels),
    await moveMemberships(runtime),
  ]
  await ledger.markDirtyByMedusa(null, "variant", moved.reserved, "stock", "stock_moved")
  await markNew(
    runtime,
    edited.flatMap(({ entity, id }) => (entity === "product" ? [id] : [])),
  )
  await ledger.saveCaughtUp(now)
  return marked.reduce((sum, count) => sum + count, 0)
}

/** Marks products of categories of which another mark stands than at the last look. */
const moveMemberships = async ({ db, ledger }: Pick<Runtime, "db" | "ledger">): Promise<number> => {
  const before = await ledger.membershipMarks()
  const marks = await readMembershipMarks(db)
  const now: Record<string, string> = Object.fromEntries(marks)
  const changed = [...new Set([...Object.keys(before ?? {}), ...marks.keys()])]
    .filter((id) => before?.[id] !== now[id])
    .map(medusaId)
  // Of no category at all, too: a product put into the first one is then seen.
  if (before !== null && changed.length === 0) {
    return 0
  }
  const marked =
    before === null ? 0 : await ledger.markMembers(changed, await readMembers(db, changed))
  await ledger.saveMembershipMarks(now)
  return marked
}

/** Resolved first: a process that has just begun knows of none. */
const mappedLists = async ({ connections }: Pick<Runtime, "connections">): Promise<MedusaId[]> => {
  await connections.active()
  return connections.priceLists().map(({ id }) => id)
}

/** Connections that create products of the store in their ERP. */
const creating = ({ connections }: Pick<Runtime, "connections">): string[] =>
  connections
    .all()
    .filter(({ push }) => push && push.create)
    .map(({ id }) => id)

/** Marks products that the ERPs of the connections which create them do not have yet. */
export const markNew = (
  runtime: Pick<Runtime, "ledger" | "connections">,
  productIds: string[],
): Promise<void> => runtime.ledger.markUnlinked(creating(runtime), productIds)

const IDS_AT_ONCE = 5_000

/** The same for everything that the store has: once write-back begins, and after each sweep. */
export const markAllNew = async (
  runtime: Pick<Runtime, "db" | "ledger" | "connections">,
): Promise<void> => {
  if (creating(runtime).length === 0) {
    return
  }
  let ids = await readProductIds(runtime.db, "", IDS_AT_ONCE)
  while (ids.length > 0) {
    await markNew(runtime, ids)
    ids = await readProductIds(runtime.db, ids.at(-1) ?? "", IDS_AT_ONCE)
  }
}
