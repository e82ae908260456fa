import { setTimeout as sleep } from "node:timers/promises"
import type { AdminApi, Run } from "./admin-api"

const POLL_MS = 250
const LINE_EVERY_MS = 5_000
const BAR_WIDTH = 28

/**
 * Waits for the end of a run and shows how far it is: a bar on a terminal, a line every five seconds
 * elsewhere.
 *
 * @param total records to expect, for the bar
 */
export async function followRun(api: AdminApi, started: Run, total: number): Promise<Run> {
  const out = process.stdout
  let shown = 0
  for (let run = started; ; run = await api.run(started.id)) {
    const over = run.state !== "queued" && run.state !== "running"
    if (out.isTTY) {
      out.write(`\r\u001b[2K${progressLine(run, total)}${over ? "\n" : ""}`)
    } else if (over || Date.now() - shown >= LINE_EVERY_MS) {
      out.write(`${progressLine(run, total)}\n`)
      shown = Date.now()
    }
    if (over) return run
    await sleep(POLL_MS)
  }
}

/** One line: bar, records read, speed, time left. */
export function progressLine(run: Run, total: number): string {
  const read = run.counters.read ?? 0
  const share = run.state === "completed" ? 1 : Math.min(1, read / Math.max(1, total))
  const filled = Math.round(share * BAR_WIDTH)
  const parts = [
    `  [${"#".repeat(filled)}${".".repeat(BAR_WIDTH - filled)}]`,
    `${run.state}${run.stream && run.state === "running" ? ` (${run.stream})` : ""}`,
    `${read} read`,
  ]
  if (run.rate !== null) parts.push(`${Math.round(run.rate)}/s`)
  if (run.state === "running" && run.remainingSeconds !== null) {
    parts.push(`${Math.ceil(run.remainingSeconds)} s left`)
  }
  return parts.join("  ")
}
