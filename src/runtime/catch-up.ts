import { readEdited } from "../catalog"
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
  runtime: Pick<Runtime, "db" | "ledger">,
  now: string,
): Promise<number> => {
  const { ledger, db } = runtime
  const last = await ledger.caughtUpTo()
  if (last === null) {
    // What was edited before the first look is part of the first comparison of everything.
    await ledger.saveCaughtUp(now)
    return 0
  }
  if (Date.parse(now) - Date.parse(last) < INTERVAL_MS) {
    return 0
  }
  const since = new Date(Date.parse(last) - OVERLAP_MS).toISOString()
  const marked = await ledger.markEdited(await readEdited(db, since, now))
  await ledger.saveCaughtUp(now)
  return marked
}
