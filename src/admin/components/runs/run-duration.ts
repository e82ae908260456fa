import type { RunView } from "../../../runtime/views"

/** How long a run took, or has taken so far; null before its start. */
export const runDuration = (run: RunView, now = Date.now()): number | null =>
  run.started_at === null
    ? null
    : Date.parse(run.finished_at ?? new Date(now).toISOString()) - Date.parse(run.started_at)
