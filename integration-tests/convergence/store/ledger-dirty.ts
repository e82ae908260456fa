import { ClaimedKey, DirtyKey, Ledger } from "../../../src/engine/ports"
import { Transaction, View } from "./memory-database"
import { DirtyRow } from "./rows"
import { Session } from "./session"

type Dirty = Pick<
  Ledger<Transaction>,
  "markDirty" | "claimDirty" | "finishDirty" | "releaseDirty" | "dirtyDepth"
>

/** One row per key; every mark moves its generation. */
export const ledgerDirty = (session: Session): Dirty => ({
  markDirty: (_connection, keys, tx) =>
    session.query("markDirty", tx, (view) => keys.forEach((key) => mark(session, view, key))),

  claimDirty: (_connection, streams, limit, lease) =>
    session.query("claimDirty", null, (view) => {
      const now = session.clock.micros
      return view
        .all("dirty")
        .filter(
          (row) => streams.includes(row.stream) && row.due_at <= now && row.lease_until <= now,
        )
        .sort((a, b) => a.due_at - b.due_at || (a.erp_id < b.erp_id ? -1 : 1))
        .filter((row) => view.tryLock("dirty", keyOf(row)))
        .slice(0, limit)
        .map((row) => {
          const claims = row.claims + 1
          const lease_until = now + lease.ms * 1000
          view.put("dirty", keyOf(row), { ...row, claims, owner: lease.owner, lease_until })
          return {
            stream: row.stream,
            erp_id: row.erp_id,
            generation: row.generation,
            claims,
            reason: row.reason,
          }
        })
    }),

  finishDirty: (tx, _connection, claims, owner) =>
    session.query("finishDirty", tx, (view) =>
      eachHeld(session, view, claims, owner, (row, same) => {
        if (same) {
          view.remove("dirty", keyOf(row))
        } else {
          view.put("dirty", keyOf(row), { ...row, owner: null, lease_until: 0, claims: 0 })
        }
      }),
    ),

  releaseDirty: (_connection, claims, owner, delayMs) =>
    session.query("releaseDirty", null, (view) =>
      eachHeld(session, view, claims, owner, (row, same) =>
        view.put("dirty", keyOf(row), {
          ...row,
          owner: null,
          lease_until: 0,
          due_at: same ? session.clock.micros + delayMs * 1000 : row.due_at,
        }),
      ),
    ),

  dirtyDepth: () =>
    session.query("dirtyDepth", null, (view) => {
      const depth = { categories: 0, products: 0, prices: 0, stock: 0 }
      view.all("dirty").forEach((row) => (depth[row.stream] += 1))
      return depth
    }),
})

const keyOf = (row: Pick<DirtyRow, "stream" | "erp_id">): string => `${row.stream}/${row.erp_id}`

/** Marks a key: a new generation, and the earlier of the due times. */
export const mark = (session: Pick<Session, "db" | "clock">, view: View, key: DirtyKey): void => {
  const held = view.get("dirty", keyOf(key))
  const due = session.clock.micros + (key.delay_ms ?? 0) * 1000
  view.put("dirty", keyOf(key), {
    stream: key.stream,
    erp_id: key.erp_id,
    reason: key.reason,
    generation: session.db.nextSeq(),
    due_at: held ? Math.min(held.due_at, due) : due,
    claims: held?.claims ?? 0,
    owner: held?.owner ?? null,
    lease_until: held?.lease_until ?? 0,
  })
}

const eachHeld = (
  session: Session,
  view: View,
  claims: ClaimedKey[],
  owner: string,
  act: (row: DirtyRow, same: boolean) => void,
): void => {
  for (const claim of claims) {
    const row = view.get("dirty", keyOf(claim))
    if (row && row.owner === owner && row.lease_until > session.clock.micros) {
      act(row, row.generation === claim.generation)
    }
  }
}
