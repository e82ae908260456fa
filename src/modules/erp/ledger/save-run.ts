import { Ledger, RunState } from "../../../engine/ports"
import { Binding, INTERVAL_MS, json, NOW, Sql, Tx } from "./sql"

type Patch = Parameters<Ledger<Tx>["saveRun"]>[4]

const ENDED: ReadonlySet<RunState> = new Set(["completed", "failed", "cancelled"])

/** Saves what changed of a run that is still the owner's, and renews or, with the run, ends its lease. */
export const saveRun = async (
  sql: Sql,
  tx: Tx | null,
  runId: string,
  owner: string,
  leaseMs: number,
  patch: Patch,
): Promise<{ ours: boolean; cancel_requested: boolean }> => {
  const { sets, bindings } = changed(patch)
  if (patch.stream) {
    sets.push(`stream_started_at = case
      when stream is distinct from ? then ${NOW} else stream_started_at end`)
    bindings.push(patch.stream)
  }
  if (patch.state === undefined || patch.state === "running") {
    sets.push(`lease_until = ${NOW} + ${INTERVAL_MS}`)
    bindings.push(leaseMs)
  } else {
    sets.push(`lease_owner = null`, `lease_until = null`)
    if (ENDED.has(patch.state)) sets.push(`finished_at = ${NOW}`)
  }
  const rows = await sql.rows<{ cancel_requested: boolean }>(
    tx,
    `update erp_run set ${sets.join(", ")}, updated_at = ${NOW}
     where id = ? and state = 'running' and lease_owner = ? and lease_until > ${NOW}
     returning cancel_requested`,
    [...bindings, runId, owner],
  )
  return { ours: rows.length > 0, cancel_requested: rows[0]?.cancel_requested ?? false }
}

const changed = (patch: Patch): { sets: string[]; bindings: Binding[] } => {
  const sets: string[] = []
  const bindings: Binding[] = []
  for (const column of ["stream", "state", "done", "total"] as const) {
    const value = patch[column]
    if (value === undefined) continue
    sets.push(`${column} = ?`)
    bindings.push(value)
  }
  for (const column of ["cursor", "counters", "error"] as const) {
    const value = patch[column]
    if (value === undefined) continue
    sets.push(`${column} = ?::jsonb`)
    bindings.push(value === null ? null : json(value))
  }
  return { sets, bindings }
}
