import { emptyTally } from "../../../src/engine/context"
import { Ledger, Run } from "../../../src/engine/ports"
import { Transaction } from "./memory-database"
import { Tables } from "./rows"
import { Session } from "./session"

type Runs = Pick<
  Ledger<Transaction>,
  | "enqueueRun"
  | "run"
  | "claimRun"
  | "saveRun"
  | "releaseRun"
  | "lastRun"
  | "cursor"
  | "saveCursor"
  | "connection"
  | "connections"
  | "saveConnection"
>
type RunRow = Tables["runs"]

const ENDED: readonly string[] = ["completed", "failed", "cancelled"]

/** Runs under leases, cursors, and the connection's row. */
export const ledgerRuns = (session: Session): Runs => ({
  enqueueRun: (connection, given) =>
    session.query("enqueueRun", null, (view) => {
      const waiting = view
        .all("runs")
        .find(
          (run) =>
            (run.state === "queued" || run.state === "awaiting_approval") &&
            run.state === given.state &&
            run.kind === given.kind &&
            run.lane === given.lane &&
            run.approved === given.approved &&
            run.streams.join() === given.streams.join(),
        )
      if (waiting) {
        return waiting
      }
      const order = session.db.nextSeq()
      const id = `erun_${String(order).padStart(8, "0")}`
      const run: RunRow = {
        ...given,
        id,
        order,
        connection_id: connection,
        stream: null,
        cursor: null,
        done: 0,
        total: null,
        counters: emptyTally(),
        cancel_requested: false,
        error: null,
        created_at: session.clock.iso(),
        started_at: null,
        stream_started_at: null,
        finished_at: null,
        owner: null,
        lease_until: 0,
      }
      view.put("runs", id, run)
      return run
    }),

  run: (id) => session.query("run", null, (view): Run | null => view.get("runs", id) ?? null),

  claimRun: (connection, lane, lease) =>
    session.query("claimRun", null, (view): Run | null => {
      const now = session.clock.micros
      const mine = view
        .all("runs")
        .filter((run) => run.connection_id === connection && run.lane === lane)
      const running = mine.filter((run) => run.state === "running")
      const run = mine
        .filter(
          (entry) =>
            (entry.state === "running" && entry.lease_until <= now) ||
            (entry.state === "queued" && running.length === 0),
        )
        .sort(
          (a, b) =>
            Number(a.state === "queued") - Number(b.state === "queued") || a.order - b.order,
        )
        .find((entry) => view.tryLock("runs", entry.id))
      if (!run) {
        return null
      }
      const claimed: RunRow = {
        ...run,
        state: "running",
        owner: lease.owner,
        lease_until: now + lease.ms * 1000,
        started_at: run.started_at ?? session.clock.iso(),
      }
      view.put("runs", run.id, claimed)
      return claimed
    }),

  saveRun: (tx, id, owner, leaseMs, patch) =>
    session.query("saveRun", tx, (view) => {
      const run = view.get("runs", id)
      view.lock("runs", id)
      const now = session.clock.micros
      if (!run || run.state !== "running" || run.owner !== owner || run.lease_until <= now) {
        return { ours: false, cancel_requested: false }
      }
      const goesOn = patch.state === undefined || patch.state === "running"
      view.put("runs", id, {
        ...run,
        ...patch,
        stream_started_at:
          patch.stream && patch.stream !== run.stream ? session.clock.iso() : run.stream_started_at,
        owner: goesOn ? owner : null,
        lease_until: goesOn ? now + leaseMs * 1000 : 0,
        finished_at: ENDED.includes(patch.state ?? "") ? session.clock.iso() : run.finished_at,
      })
      return { ours: true, cancel_requested: run.cancel_requested }
    }),

  releaseRun: (id, owner, delayMs = 0) =>
    session.query("releaseRun", null, (view) => {
      const run = view.get("runs", id)
      const now = session.clock.micros
      if (run?.state === "running" && run.owner === owner && run.lease_until > now) {
        view.put("runs", id, { ...run, owner: null, lease_until: now + delayMs * 1000 })
      }
    }),

  lastRun: (connection, stream, states) =>
    session.query("lastRun", null, (view): Run | null => {
      const found = view
        .all("runs")
        .filter(
          (run) =>
            run.connection_id === connection &&
            run.streams.includes(stream) &&
            states.includes(run.state),
        )
      return found.sort((a, b) => b.order - a.order)[0] ?? null
    }),

  cursor: (_connection, stream) =>
    session.query("cursor", null, (view) => view.get("cursors", stream)?.value ?? null),

  saveCursor: (tx, _connection, stream, cursor) =>
    session.query("saveCursor", tx, (view) => view.put("cursors", stream, { value: cursor })),

  connection: (id) =>
    session.query("connection", null, (view) => view.get("connections", id) ?? null),

  connections: () => session.query("connections", null, (view) => view.all("connections")),

  saveConnection: (id, patch) =>
    session.query("saveConnection", null, (view) => {
      const row = view.get("connections", id)
      if (row) {
        view.put("connections", id, { ...row, ...patch })
      }
    }),
})
