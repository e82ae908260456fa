import { readEdited, readProductIds } from "../catalog"
import { Runtime } from "./runtime"

/** How far back each look reaches beyond the last one: a transaction may be seen after a later one. */
const OVERLAP_MS = 2 * 60_000
/** How often the store's tables are searched for edits that no event told of. */
const INTERVAL_MS = 5 * 60_000

/**
 * Finds edits in the store that no event told of: price lists, imports, modules that write directly,
 * and events that were lost with a process. What is only seen by comparing everything, such as a
 * category taken off a product without a workflow, the sweep finds.
 * @returns how many records were marked
 */
export const catchUp = async (
  runtime: Pick<Runtime, "db" | "ledger" | "connections">,
  now: string,
): Promise<number> => {
  const { ledger, db } = runtime
  const last = await ledger.caughtUpTo()
  if (last === null) {
    // What was edited before the first look is part of the first comparison of everything.
    await markAllNew(runtime)
    await ledger.saveCaughtUp(now)
    return 0
  }
  if (Date.parse(now) - Date.parse(last) < INTERVAL_MS) {
    return 0
  }
  const since = new Date(Date.parse(last) - OVERLAP_MS).toISOString()
  const edited = await readEdited(db, since, now)
  const marked = await ledger.markEdited(edited)
  await markNew(
    runtime,
    edited.flatMap(({ entity, id }) => (entity === "product" ? [id] : [])),
  )
  await ledger.saveCaughtUp(now)
  return marked
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
