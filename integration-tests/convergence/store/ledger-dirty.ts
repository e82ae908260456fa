import { ClaimedKey, DirtyKey, Ledger, SUSPECT_LOSSES } from "../../../src/engine/ports"
import { Transaction, View } from "./memory-database"
import { DirtyRow, LinkRow } from "./rows"
import { Session } from "./session"

type Dirty = Pick<
  Ledger<Transaction>,
  | "markDirty"
  | "claimDirty"
  | "finishDirty"
  | "releaseDirty"
  | "renewDirty"
  | "markOpenIntents"
  | "dirtyDepth"
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
        .map((row) => ({ ...row, losses: row.owner === null ? 0 : row.losses + 1 }))
        .filter((row, _index, due) => !isSuspect(row) || row === leastSuspect(due))
        .map((row) => {
          const claims = row.claims + 1
          const lease_until = now + lease.ms * 1000
          view.put("dirty", keyOf(row), { ...row, claims, owner: lease.owner, lease_until })
          return {
            stream: row.stream,
            erp_id: row.erp_id,
            generation: row.generation,
            claims,
            losses: row.losses,
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

  renewDirty: (_connection, owner, leaseMs) =>
    session.query("renewDirty", null, (view) => {
      const now = session.clock.micros
      const held = view.all("dirty").filter((row) => row.owner === owner && row.lease_until > now)
      held.forEach((row) =>
        view.put("dirty", keyOf(row), { ...row, lease_until: now + leaseMs * 1000 }),
      )
      return held.length
    }),

  markOpenIntents: () =>
    session.query("markOpenIntents", null, (view) => {
      const open = view
        .all("links")
        .filter((row) => row.state !== "tombstone")
        .flatMap((row) => Object.keys(row.intents).map((field) => keyOfField(row, field)))
      const keys = new Map(open.map((key) => [keyOf(key), key]))
      keys.forEach((key) => mark(session, view, { ...key, reason: "open_intent" }))
      return keys.size
    }),

  dirtyDepth: () =>
    session.query("dirtyDepth", null, (view) => {
      const depth = { categories: 0, products: 0, prices: 0, stock: 0, images: 0 }
      view.all("dirty").forEach((row) => (depth[row.stream] += 1))
      return depth
    }),
})

const keyOf = (row: Pick<DirtyRow, "stream" | "erp_id">): string => `${row.stream}/${row.erp_id}`

/** Prices and stock are looked at by the variant, children with their product. */
const keyOfField = (
  { entity, erp_id, parent_erp_id }: LinkRow,
  field: string,
): Pick<DirtyRow, "stream" | "erp_id"> => {
  const key = parent_erp_id ?? erp_id
  if (entity === "category") {
    return { stream: "categories", erp_id: ownStream(field) === null ? key : erp_id }
  }
  const stream = ownStream(field)
  return stream ? { stream, erp_id } : { stream: "products", erp_id: key }
}

const ownStream = (field: string): "prices" | "stock" | null =>
  field.startsWith("price:") ? "prices" : field.startsWith("stock:") ? "stock" : null

const isSuspect = (row: DirtyRow): boolean => row.losses >= SUSPECT_LOSSES

const leastSuspect = (due: DirtyRow[]): DirtyRow | undefined =>
  due.filter(isSuspect).sort((a, b) => a.losses - b.losses)[0]

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
    losses: held?.losses ?? 0,
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
