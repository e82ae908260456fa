import { DirtyKey } from "../../../../src/engine/ports"
import { CONNECTION } from "./side"
import { anyKey, anyStream, Maker, one, several } from "./step"
import { STREAMS } from "../../../../src/sync/canonical"
import { Random } from "../../random"

const OWNERS = ["w1", "w2"] as const
const SECOND_US = 1_000_000

/** Due times that do not fall together: which of two equal ones comes first is nobody's promise. */
const dirtyKey = (random: Random): DirtyKey => ({
  stream: anyStream(random),
  erp_id: anyKey(random),
  reason: one(random, ["hook", "event", "poll"]),
  ...(random.chance(0.6) ? { delay_ms: random.between(-20_000, 40_000) } : {}),
})

const mark: Maker = ({ random, clock }) => {
  const key = dirtyKey(random)
  clock.advance(random.between(1, 2 * SECOND_US))
  return { name: "markDirty", run: (side) => side.ledger.markDirty(CONNECTION, [key]) }
}

const claim: Maker = ({ random, clock }) => {
  const streams = [...new Set(several(random, 3, () => anyStream(random)))]
  const limit = random.between(1, 6)
  const lease = { owner: one(random, OWNERS), ms: one(random, [1_000, 30_000]) }
  clock.advance(random.between(0, 10 * SECOND_US))
  return {
    name: "claimDirty",
    async run(side) {
      const claims = await side.ledger.claimDirty(CONNECTION, streams, limit, lease)
      side.claims = [...side.claims, ...claims].slice(-8)
      return claims
    },
  }
}

const finish: Maker = ({ random }) => {
  const owner = one(random, OWNERS)
  const release = random.chance(0.4)
  const delay = random.between(0, 20_000)
  const from = random.between(0, 4)
  return {
    name: release ? "releaseDirty" : "finishDirty",
    async run(side) {
      const claims = side.claims.slice(from, from + 3)
      if (release) {
        await side.ledger.releaseDirty(CONNECTION, claims, owner, delay)
      } else {
        await side.ledger.transaction((tx) =>
          side.ledger.finishDirty(tx, CONNECTION, claims, owner),
        )
      }
      return side.ledger.dirtyDepth(CONNECTION)
    },
  }
}

const renew: Maker = ({ random }) => {
  const owner = one(random, OWNERS)
  return {
    name: "renewDirty",
    run: (side) => side.ledger.renewDirty(CONNECTION, owner, 30_000),
  }
}

const wait: Maker = ({ random, clock }) => {
  clock.advance(random.between(1, 60) * SECOND_US)
  return { name: "wait", run: (side) => side.ledger.now() }
}

const depth: Maker = () => ({
  name: "dirtyDepth",
  run: (side) => side.ledger.dirtyDepth(CONNECTION),
})

/** Everything that is due by then, with how it stands. */
const drain: Maker = ({ clock }) => {
  clock.advance(120 * SECOND_US)
  return {
    name: "claim all",
    async run(side) {
      const lease = { owner: "w3", ms: 1_000 }
      const claims = await side.ledger.claimDirty(CONNECTION, [...STREAMS], 100, lease)
      // Several become due at one moment; which of them comes first is nobody's promise.
      side.claims = claims.toSorted((a, b) => (a.stream + a.erp_id < b.stream + b.erp_id ? -1 : 1))
      return side.claims
    },
  }
}

export const DIRTY_STEPS: readonly (readonly [Maker, number])[] = [
  [mark, 10],
  [claim, 6],
  [finish, 6],
  [renew, 1],
  [wait, 2],
  [depth, 1],
  [drain, 1],
]
