import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { mutate, readSources, Sources, writeCopy } from "./copy"
import { Defect } from "./defect"
import { DEFECTS } from "./defects"
import { closing, line, Verdict } from "./report"
import { joined, Seeds } from "./seeds"
import { tryCopy } from "./trial"

const ROOT = resolve(__dirname, "../..")
const CACHE = join(ROOT, ".cache/mutants")

/**
 * The mutation gate: every known defect, alone in a copy of the production code, has to be caught by
 * the oracle of the simulation, within its number of seeds; and the code as it is has to pass every
 * seed that any of them was tried with.
 */
const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      seeds: { type: "string" },
      start: { type: "string" },
      jobs: { type: "string", default: "2" },
    },
  })
  const chosen = choose(values.only?.split(","))
  const jobs = positive("jobs", values.jobs)
  const limit = values.seeds === undefined ? null : positive("seeds", values.seeds)
  const sources = await readSources(ROOT)
  const first = values.start === undefined ? null : positive("start", values.start)

  const verdicts: Verdict[] = []
  const tried: Seeds[] = []
  await each(chosen, jobs, async (defect) => {
    const seeds = { start: first ?? defect.start, count: limit ?? defect.seeds }
    const verdict = await judge(sources, defect, seeds)
    show(verdict)
    verdicts.push(verdict)
    tried.push({ start: seeds.start, count: verdict.seeds })
  })
  const unchanged = await baseline(sources, joined(tried), jobs)
  verdicts.push(...unchanged)
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

/** The code as it is, with the seeds that the defects were tried with. */
const baseline = async (
  sources: Sources,
  parts: readonly Seeds[],
  jobs: number,
): Promise<Verdict[]> => {
  const folder = join(CACHE, "none")
  await writeCopy(folder, sources)
  const verdicts: Verdict[] = []
  await each(parts, jobs, async (seeds) => {
    const trial = await tryCopy(ROOT, folder, seeds)
    const verdict = {
      ...trial,
      id: "none",
      mechanism: `the code as it is, from seed ${seeds.start}`,
      passed: trial.violation === null,
    }
    show(verdict)
    verdicts.push(verdict)
  })
  return verdicts
}

const judge = async (sources: Sources, defect: Defect, seeds: Seeds): Promise<Verdict> => {
  const folder = join(CACHE, defect.id)
  const { id, mechanism, breaks } = defect
  try {
    await writeCopy(folder, mutate(sources, defect))
    const trial = await tryCopy(ROOT, folder, seeds)
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
