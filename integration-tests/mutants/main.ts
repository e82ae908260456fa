import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { mutate, readSources, Sources, writeCopy } from "./copy"
import { Defect } from "./defect"
import { DEFECTS } from "./defects"
import { closing, line, Verdict } from "./report"
import { tryCopy } from "./trial"

const ROOT = resolve(__dirname, "../..")
const CACHE = join(ROOT, ".cache/mutants")
/** The first seed of every trial. */
const START = 1

/**
 * The mutation gate: every known defect, alone in a copy of the production code, has to be caught by
 * the oracle of the simulation, within its number of seeds; and the code as it is has to pass them.
 */
const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      seeds: { type: "string" },
      jobs: { type: "string", default: "2" },
    },
  })
  const chosen = choose(values.only?.split(","))
  const jobs = positive("jobs", values.jobs)
  const limit = values.seeds === undefined ? null : positive("seeds", values.seeds)
  const sources = await readSources(ROOT)
  const seedsOf = (defect: Defect): number => limit ?? defect.seeds

  const most = Math.max(...chosen.map(seedsOf))
  const verdicts = await baseline(sources, most, jobs)
  verdicts.forEach(show)
  if (verdicts.every((verdict) => verdict.passed)) {
    await each(chosen, jobs, async (defect) => {
      const verdict = await judge(sources, defect, seedsOf(defect))
      show(verdict)
      verdicts.push(verdict)
    })
  }
  process.stdout.write(`${closing(verdicts)}\n`)
  return verdicts.every((verdict) => verdict.passed) ? 0 : 1
}

const show = (verdict: Verdict): void => void process.stdout.write(`${line(verdict)}\n`)

const choose = (only: string[] | undefined): readonly Defect[] => {
  const unknown = only?.find((id) => !DEFECTS.some((defect) => defect.id === id))
  if (unknown !== undefined) {
    throw new Error(`there is no defect ${unknown}`)
  }
  return DEFECTS.filter((defect) => only === undefined || only.includes(defect.id))
}

const positive = (name: string, text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) {
    throw new Error(`--${name} takes a whole number above zero, not ${text}`)
  }
  return value
}

/** The code as it is, over all the seeds that any defect is given. */
const baseline = async (sources: Sources, seeds: number, jobs: number): Promise<Verdict[]> => {
  const folder = join(CACHE, "none")
  await writeCopy(folder, sources)
  const size = Math.ceil(seeds / jobs)
  const parts = Array.from({ length: Math.ceil(seeds / size) }, (_, part) => part * size)
  const verdicts: Verdict[] = []
  await each(parts, jobs, async (first) => {
    const count = Math.min(size, seeds - first)
    const trial = await tryCopy(ROOT, folder, { start: START + first, count })
    verdicts.push({
      ...trial,
      id: "none",
      mechanism: `the code as it is, from seed ${START + first}`,
      passed: trial.violation === null,
    })
  })
  return verdicts
}

const judge = async (sources: Sources, defect: Defect, seeds: number): Promise<Verdict> => {
  const folder = join(CACHE, defect.id)
  const { id, mechanism, breaks } = defect
  try {
    await writeCopy(folder, mutate(sources, defect))
    const trial = await tryCopy(ROOT, folder, { start: START, count: seeds })
    const passed = breaks.some((invariant) => trial.violation?.startsWith(`${invariant}:`))
    return { id, mechanism, ...trial, passed }
  } catch (error) {
    const violation = error instanceof Error ? error.message : String(error)
    return { id, mechanism, seeds: 0, violation, seconds: 0, passed: false }
  }
}

/** So many at once, in order. */
const each = async <T>(
  items: readonly T[],
  jobs: number,
  work: (item: T) => Promise<void>,
): Promise<void> => {
  const open = [...items]
  const next = async (): Promise<void> => {
    for (let item = open.shift(); item !== undefined; item = open.shift()) {
      await work(item)
    }
  }
  await Promise.all(Array.from({ length: jobs }, next))
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  },
)
