import { spawn } from "node:child_process"
import { join } from "node:path"
import { ENTRY } from "./copy"
import { Seeds } from "./seeds"

export interface Trial {
  /** Seeds tried, the last of them the one that broke. */
  seeds: number
  /** The first complaint of the oracle: `I1: …`; null when all seeds passed. */
  violation: string | null
  seconds: number
}

/** A simulation that takes longer hangs. */
const LONGEST_MS = 600_000

/**
 * Runs the simulation of a copy from a seed on, until the oracle complains or the seeds are used up.
 * @throws Error when the simulation does not end as it should: killed, or without its closing line
 */
export const tryCopy = async (root: string, folder: string, seeds: Seeds): Promise<Trial> => {
  const began = process.hrtime.bigint()
  const { out, err, code } = await run(root, [
    "--import",
    "tsx",
    join(folder, ENTRY),
    ...["--start", String(seeds.start), "--seeds", String(seeds.count)],
  ])
  const seconds = Number(process.hrtime.bigint() - began) / 1e9
  const closing = closingOf(out)
  if (!closing) {
    throw new Error(`the simulation ended with ${code} and without a result:\n${err.slice(-2000)}`)
  }
  const violation = /^ {2}(\w+: .*)$/m.exec(err)?.[1] ?? null
  if ((violation === null) !== (closing.violations === 0)) {
    throw new Error(`the simulation reports ${closing.violations} violations and shows none`)
  }
  return { seeds: closing.seeds, violation, seconds }
}

const closingOf = (out: string): { seeds: number; violations: number } | null => {
  const line = out.trim().split("\n").at(-1) ?? ""
  if (!line.startsWith("{")) {
    return null
  }
  const { seeds, violations } = JSON.parse(line) as { seeds: unknown; violations: unknown }
  return typeof seeds === "number" && typeof violations === "number" ? { seeds, violations } : null
}

const run = (
  cwd: string,
  args: string[],
): Promise<{ out: string; err: string; code: number | string | null }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, timeout: LONGEST_MS, killSignal: "SIGKILL" })
    let out = ""
    let err = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text))
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text))
    child.on("error", reject)
    child.on("close", (code, signal) => resolve({ out, err, code: code ?? signal }))
  })
