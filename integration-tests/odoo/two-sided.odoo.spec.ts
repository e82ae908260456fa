import { RunningOdoo, startOdoo } from "./server"
import { given } from "../http/catalog-fixtures"
import { History } from "./two-sided-history"
import { judgeSides } from "./two-sided-judge"
import { lostEdits } from "./two-sided-kept"
import { readSides } from "./two-sided-sides"
import {
  closeTwoSided,
  logFolder,
  makeDatabase,
  openTwoSided,
  outliveRequests,
  pass,
  TwoSided,
} from "./two-sided-stage"
import { play } from "./two-sided-story"
import { bumpTests, quietTests } from "./two-sided-quiet"
import { print, report } from "./two-sided-report"

jest.setTimeout(360_000)

const SEED = Number(process.env["TWO_SIDED_SEED"] ?? 19)
const EDITS = 300
const KILLS = 5
const PASSES = 3

let running: RunningOdoo | undefined
let stage: TwoSided | undefined
let history: Promise<History> | undefined
const began = performance.now()

beforeAll(async () => {
  running = await startOdoo()
  const home = logFolder()
  stage = await openTwoSided(running, await makeDatabase(home), home)
}, 600_000)
afterAll(async () => {
  await closeTwoSided(stage)
  await running?.stop()
})

const there = (): TwoSided => given(stage)

/** The story is told once, up to its rest. */
const tell = (): Promise<History> => (history ??= toldToItsEnd())

const toldToItsEnd = async (): Promise<History> => {
  print({ seed: SEED, edits: EDITS, kills: KILLS })
  const told = await play(there(), { seed: SEED, edits: EDITS, kills: KILLS })
  await outliveRequests(there())
  for (let done = 0; done < PASSES; done += 1) {
    await pass(there())
  }
  return told
}

describe("a store and a real Odoo, edited on both sides at once while the store is killed", () => {
  it("agree on every linked field, or say on which they do not and why", async () => {
    const told = await tell()
    const verdict = await judgeSides(there(), await readSides(there()))
    print({ ...(await report(there(), told, verdict)), kills: KILLS, seconds: since(began) })
    expect(verdict.faults).toEqual([])
    expect(verdict.compared).toBeGreaterThan(200)
  })

  it("keep every value that a user set, or the note of what replaced it", async () => {
    const told = await tell()
    const { lost, overwritten } = await lostEdits(there(), told, await readSides(there()))
    print({ overwritten })
    expect(lost).toEqual([])
    expect(overwritten.length).toBeLessThan(4)
    const done = told.edits.filter(({ outcome }) => outcome === "done")
    expect(done.length).toBeGreaterThan(EDITS * 0.8)
  })

  quietTests(async () => {
    await tell()
    return there()
  })
  bumpTests(async () => {
    await tell()
    return there()
  })
})

const since = (from: number): number => Math.round((performance.now() - from) / 1000)
