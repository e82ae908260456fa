import { setTimeout as sleep } from "node:timers/promises"
import { Random } from "../convergence/random"
import { OdooFault } from "./client"
import { Edit, History, Side } from "./two-sided-history"
import { Act, Hands, odooActs } from "./two-sided-odoo-edits"
import { Pool } from "./two-sided-pool"
import { Refused, Unanswered } from "./two-sided-process"
import { enqueue, killAndStart, TwoSided } from "./two-sided-stage"
import { storeActs } from "./two-sided-store-edits"

const ACTS = { odoo: odooActs, store: storeActs }
const DELTA_MS = 1_000
const LONGEST_PAUSE_MS = 500
/** So long a kill waits for a write to interrupt. */
const MOST_WAITED_MS = 10_000

/**
 * Lets two users edit, one on each side, as fast as they can type, while deltas run and the store is
 * killed and started again.
 */
export const play = async (
  stage: TwoSided,
  { seed, edits, kills }: { seed: number; edits: number; kills: number },
): Promise<History> => {
  const history = new History()
  let over = false
  const users = (["odoo", "store"] as const).map(async (side, index) => {
    const random = new Random(seed * 2 + index)
    const hands: Hands = { stage, random, history, pool: new Pool(stage, random), planned: [] }
    for (let done = 0; done < edits / 2; done += 1) {
      history.add(await editOnce(hands, side))
      await sleep(random.between(0, LONGEST_PAUSE_MS))
    }
  })
  const polls = repeatUntil(
    () => over,
    () => enqueue(stage, "delta"),
  )
  const killer = killInBetween(stage, history, new Random(seed + 77), edits, kills)
  try {
    await Promise.all([...users, killer])
  } finally {
    over = true
    await polls
  }
  return history
}

const repeatUntil = async (over: () => boolean, work: () => Promise<unknown>): Promise<void> => {
  while (!over()) {
    await work()
    await sleep(DELTA_MS)
  }
}

const killInBetween = async (
  stage: TwoSided,
  history: History,
  random: Random,
  edits: number,
  kills: number,
): Promise<void> => {
  for (let kill = 1; kill <= kills; kill += 1) {
    // The last fifth of the edits meets a store that lives.
    const due = (edits * 0.8 * kill) / kills
    while (history.edits.length < due) {
      await sleep(20)
    }
    // Every second time in the middle of a write, whose answer is lost with the process.
    await (kill % 2 === 0
      ? Promise.race([stage.watch.nextWrite(), sleep(MOST_WAITED_MS)])
      : sleep(random.between(0, 1_500)))
    await killAndStart(stage)
  }
}

const editOnce = async (hands: Hands, side: Side): Promise<Edit> => {
  const { history, random, pool } = hands
  const theirs = history.last(side === "odoo" ? "store" : "odoo")
  const chosen = random.weighted(ACTS[side].map((entry) => [entry, entry[2]] as const))
  const subject = await pool.subject(theirs?.id, side)
  // At times the very field that the other side has just changed.
  const same = ACTS[side].find(([name]) => name === theirs?.field)
  const [kind, act] = (random.chance(0.25) ? same : undefined) ?? chosen ?? ACTS[side][0] ?? NONE
  const edit: Edit = {
    number: history.number(),
    side,
    kind,
    changes: [],
    outcome: "done",
    began: Date.now(),
    ended: 0,
  }
  hands.planned = []
  try {
    edit.changes = await act(hands, subject)
  } catch (error) {
    if (!(error instanceof Unanswered || error instanceof Refused || error instanceof OdooFault)) {
      throw error
    }
    edit.outcome = error instanceof Unanswered ? "unknown" : "refused"
    edit.problem = error.message
    edit.changes = edit.outcome === "unknown" ? hands.planned : []
  }
  edit.ended = Date.now()
  return edit
}

const NONE: readonly [string, Act, number] = ["nothing", () => Promise.resolve([]), 0]
