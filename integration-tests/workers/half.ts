import { setTimeout as sleep } from "node:timers/promises"
import { Stream } from "../../src/sync/canonical"
import { Instance } from "./store"
import { StoreSide } from "./store-side"
import { until } from "./until"

const PATIENT_MS = 600_000

export interface Half {
  /** One of the instances, which holds keys just now, and the other. */
  holder: Instance
  other: Instance
  /** How many of them were seen to hold keys on the way. */
  seen: number
}

/** Waits until half of the keys are done. */
export const untilHalf = async (
  store: StoreSide,
  stream: Stream,
  size: number,
  instances: readonly [Instance, Instance],
): Promise<Half> => {
  const seen = new Set<Instance>()
  let present: Instance | undefined
  await until(
    "half is looked at",
    async () => {
      const owners = await store.owners(stream)
      const holders = instances.filter(({ pid }) => owners.includes(String(pid)))
      holders.forEach((holder) => seen.add(holder))
      const left = await store.dirty(stream)
      if (left === 0) {
        throw new Error(
          "Everything was done before anybody was seen to hold a key in the second half",
        )
      }
      present = holders[0]
      return left <= size / 2 && present !== undefined
    },
    PATIENT_MS,
  )
  const [first, second] = instances
  return present === second
    ? { holder: second, other: first, seen: seen.size }
    : { holder: first, other: second, seen: seen.size }
}

/** Kills one of the instances in the second half, while it holds keys; their number is the answer's. */
export const killHolder = async (
  store: StoreSide,
  stream: Stream,
  size: number,
  instances: readonly [Instance, Instance],
): Promise<Half & { held: number }> => {
  let seen = 0
  for (;;) {
    const half = await untilHalf(store, stream, size, instances)
    seen = Math.max(seen, half.seen)
    half.holder.freeze()
    // What it sent before it froze may still be carried out.
    await sleep(100)
    const held = await store.held(half.holder.pid)
    if (held > 0) {
      await half.holder.kill()
      return { ...half, seen, held }
    }
    half.holder.thaw()
  }
}
