import { Clock } from "../../clock"
import { Random } from "../../random"
import { RealStore } from "../real-store"
import { setTime } from "../simulated-time"
import { comparable } from "./alike"
import { setScene } from "./catalog-scene"
import { CATALOG_STEPS } from "./catalog-steps"
import { DIRTY_STEPS } from "./dirty-steps"
import { FINDING_STEPS } from "./finding-steps"
import { LINK_STEPS } from "./link-steps"
import { memorySide } from "./memory-side"
import { RUN_STEPS } from "./run-steps"
import { CONNECTION, failureOf, Side } from "./side"
import { Draw, Maker, Step } from "./step"

const STEPS = { least: 20, most: 45 }
/** Medusa's workflows take their time: every so many scripts one is about the catalog. */
const CATALOG_EACH = 5

type Weighed = readonly (readonly [Maker, number])[]

/** What a script is about: most are about one thing, so that its calls meet each other. */
const ABOUT: readonly (readonly [Weighed, number])[] = [
  [LINK_STEPS, 3],
  [DIRTY_STEPS, 3],
  [[...LINK_STEPS, ...FINDING_STEPS], 4],
  [RUN_STEPS, 2],
  [[...LINK_STEPS, ...DIRTY_STEPS, ...FINDING_STEPS, ...RUN_STEPS], 2],
]

/** What a script came to; `difference` names the first call that was answered otherwise. */
export interface Replayed {
  seed: number
  steps: number
  difference: string | null
}

/** Plays a random script on the model in memory and on the real tables, call by call. */
export const replay = async (store: RealStore, seed: number): Promise<Replayed> => {
  const clock = new Clock()
  const draw: Draw = { random: new Random(seed), clock }
  const memory = memorySide(clock)
  await store.reset(clock)
  await store.ledger.syncConnections([{ id: CONNECTION, erp: "double", problem: null, push: true }])
  const real = new Side("the tables", store.ledger, store.catalog)
  const count = draw.random.between(STEPS.least, STEPS.most)
  const ofCatalog = seed % CATALOG_EACH === 0
  if (ofCatalog) {
    await setTime(store.line, clock)
    await Promise.all([setScene(memory), setScene(real)])
  }
  const about = ofCatalog ? CATALOG_STEPS : (draw.random.weighted(ABOUT) ?? LINK_STEPS)
  const names: string[] = []
  for (let number = 0; number < count; number += 1) {
    const step = next(draw, about)
    await setTime(store.line, clock)
    names.push(step.name)
    const answers = [await answer(memory, step), await answer(real, step)] as const
    if (answers[0] !== answers[1]) {
      await Promise.all([memory.letGo(), real.letGo()])
      const steps = names.slice(-12).join(", ")
      return { seed, steps: number, difference: `${steps}\n${unlike(answers[0], answers[1])}` }
    }
    clock.advance(1000)
  }
  return { seed, steps: count, difference: null }
}

const next = (draw: Draw, about: Weighed): Step => {
  const make = draw.random.weighted(about)
  if (!make) {
    throw new Error("there is no step")
  }
  return make(draw)
}

const answer = async <Tx>(side: Side<Tx>, step: Step): Promise<string> => {
  try {
    return comparable(await step.run(side))
  } catch (error) {
    return comparable(failureOf(error))
  }
}

/** The lines that only one of them answered. */
const unlike = (memory: string, real: string): string => {
  const [a, b] = [memory.split("\n"), real.split("\n")]
  const at = a.findIndex((line, index) => line !== b[index])
  const around = (lines: string[]): string => lines.slice(Math.max(0, at - 8), at + 8).join("\n  ")
  return `memory:\n  ${around(a)}\ntables:\n  ${around(b)}`
}
