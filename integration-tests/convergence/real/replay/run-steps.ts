import { Run } from "../../../../src/engine/ports"
import { Lane } from "../../../../src/connectors/contract"
import { CONNECTION } from "./side"
import { anyStream, Maker, one, several } from "./step"

const LANES: readonly [Lane, Lane] = ["interactive", "background"]
const OWNERS = ["w1", "w2"] as const
const SECOND_US = 1_000_000

const enqueue: Maker = ({ random, clock }) => {
  const run = {
    kind: one<Run["kind"]>(random, ["full", "delta", "sweep"]),
    lane: one(random, LANES),
    streams: [...new Set(several(random, 2, () => anyStream(random)))],
    state: one<Run["state"]>(random, ["queued", "queued", "awaiting_approval"]),
    approved: random.chance(0.7),
  }
  clock.advance(random.between(1, SECOND_US))
  return {
    name: "enqueueRun",
    async run(side) {
      const queued = await side.ledger.enqueueRun(CONNECTION, run)
      side.runs = [...side.runs.filter(({ id }) => id !== queued.id), queued].slice(-5)
      return queued
    },
  }
}

const claim: Maker = ({ random, clock }) => {
  const lane = one(random, LANES)
  const lease = { owner: one(random, OWNERS), ms: one(random, [5_000, 60_000]) }
  clock.advance(random.between(0, 10 * SECOND_US))
  return {
    name: "claimRun",
    async run(side) {
      const run = await side.ledger.claimRun(CONNECTION, lane, lease)
      if (run) {
        side.runs = [...side.runs.filter(({ id }) => id !== run.id), run].slice(-5)
      }
      return run
    },
  }
}

const save: Maker = ({ random, clock }) => {
  const place = random.between(0, 4)
  const owner = one(random, OWNERS)
  const patch = {
    ...(random.chance(0.5) ? { stream: anyStream(random) } : {}),
    ...(random.chance(0.5) ? { cursor: { at: random.between(1, 9) } } : {}),
    ...(random.chance(0.4) ? { done: random.between(1, 99) } : {}),
    ...(random.chance(0.4)
      ? { state: one<Run["state"]>(random, ["running", "completed", "failed", "cancelled"]) }
      : {}),
    ...(random.chance(0.2)
      ? { error: { code: "x", kind: "bug", message: "It failed.", remedy: "" } }
      : {}),
  }
  clock.advance(random.between(0, 5 * SECOND_US))
  return {
    name: "saveRun",
    async run(side) {
      const id = side.runs[place]?.id ?? "erun_none"
      return [await side.ledger.saveRun(null, id, owner, 30_000, patch), await side.ledger.run(id)]
    },
  }
}

const release: Maker = ({ random }) => {
  const place = random.between(0, 4)
  const owner = one(random, OWNERS)
  const delay = random.chance(0.5) ? random.between(1, 9_000) : undefined
  return {
    name: "releaseRun",
    run: (side) => side.ledger.releaseRun(side.runs[place]?.id ?? "erun_none", owner, delay),
  }
}

const last: Maker = ({ random }) => {
  const stream = anyStream(random)
  const states = several(random, 3, () =>
    one<Run["state"]>(random, ["queued", "running", "completed", "failed"]),
  )
  return { name: "lastRun", run: (side) => side.ledger.lastRun(CONNECTION, stream, states) }
}

const cursor: Maker = ({ random }) => {
  const stream = anyStream(random)
  const value = { at: random.between(1, 99), last: random.chance(0.5) ? "7" : null }
  const keep = random.chance(0.6)
  return {
    name: "cursor",
    async run(side) {
      if (keep) {
        await side.ledger.transaction((tx) => side.ledger.saveCursor(tx, CONNECTION, stream, value))
      }
      return side.ledger.cursor(CONNECTION, stream)
    },
  }
}

const connection: Maker = ({ random, clock }) => {
  const pause = random.chance(0.5)
  const patch = {
    ...(random.chance(0.5)
      ? {
          state: pause ? ("paused" as const) : ("active" as const),
          reason: pause ? { code: "c", message: "m", remedy: "r" } : null,
        }
      : {}),
    ...(random.chance(0.3) ? { identity: { company: "A" } } : {}),
    ...(random.chance(0.3) ? { approved_at: clock.iso() } : {}),
  }
  return {
    name: "saveConnection",
    async run(side) {
      await side.ledger.saveConnection(CONNECTION, patch)
      const rows = [await side.ledger.connection(CONNECTION), ...(await side.ledger.connections())]
      return rows.map((row) => row && { ...row, erp: "double" })
    },
  }
}

export const RUN_STEPS: readonly (readonly [Maker, number])[] = [
  [enqueue, 6],
  [claim, 5],
  [save, 5],
  [release, 2],
  [last, 2],
  [cursor, 2],
  [connection, 1],
]
