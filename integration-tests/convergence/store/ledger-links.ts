import { Ledger, LinkPatch, NewLink } from "../../../src/engine/ports"
import { ENTITIES, Entity } from "../../../src/sync/canonical"
import { SyncError } from "../../../src/sync/errors"
import { ConnectionId, connectionId, ErpId, isNewKey } from "../../../src/sync/ids"
import { OtherLink } from "../../../src/sync/write-scope"
import { Transaction, View } from "./memory-database"
import { LinkRow } from "./rows"
import { Session } from "./session"

type Links = Pick<
  Ledger<Transaction>,
  | "linksByErp"
  | "linksByParent"
  | "linksByMedusa"
  | "linksOfOthers"
  | "earlierLinks"
  | "newestLinks"
  | "outgoingLinks"
  | "insertLinks"
  | "lockLinks"
  | "patchLinks"
  | "unsweptLinks"
  | "markSwept"
  | "clearSwept"
  | "linkCounts"
>

/** Links: unique by ERP record, unique by Medusa record among the living, fenced by two sequences. */
export const ledgerLinks = (session: Session): Links => ({
  linksByErp: (connection, entity, ids) =>
    session.query("linksByErp", null, (view) => byErp(view, connection, entity, ids)),

  linksByParent: (connection, parents) =>
    session.query("linksByParent", null, (view) => {
      const wanted = new Set<string>(parents)
      return view
        .all("links")
        .filter((row) => row.connection_id === connection && wanted.has(row.parent_erp_id ?? ""))
        .sort(byId)
    }),

  linksByMedusa: (connection, entity, ids) =>
    session.query("linksByMedusa", null, (view) => {
      const wanted = new Set<string>(ids)
      return view
        .all("links")
        .filter(
          (row) =>
            row.connection_id === connection && row.entity === entity && wanted.has(row.medusa_id),
        )
        .sort((a, b) => Number(isTombstone(a)) - Number(isTombstone(b)) || byId(a, b))
    }),

  linksOfOthers: (connection, entity, ids) =>
    session.query("linksOfOthers", null, (view) => {
      const wanted = new Set<string>(ids)
      return view
        .all("links")
        .filter(
          (row) =>
            row.connection_id !== connection &&
            row.entity === entity &&
            wanted.has(row.medusa_id) &&
            !isTombstone(row),
        )
        .sort(byId)
        .map(ofOther)
    }),

  earlierLinks: (ids) =>
    session.query("earlierLinks", null, (view) =>
      [...ids].sort().flatMap((link_id) => {
        const own = view.get("links", link_id)
        return view
          .all("links")
          .filter(
            (row) =>
              row.connection_id !== own?.connection_id &&
              row.entity === own?.entity &&
              row.medusa_id === own.medusa_id &&
              row.id < link_id &&
              !isTombstone(row),
          )
          .sort(byId)
          .map((row) => ({ link_id, ...ofOther(row) }))
      }),
    ),

  outgoingLinks: (connection) =>
    session.query("outgoingLinks", null, (view) =>
      view
        .all("links")
        .filter(
          (row) =>
            row.connection_id === connection &&
            row.entity === "product" &&
            row.state === "creating" &&
            isNewKey(row.erp_id),
        )
        .sort(byId),
    ),

  newestLinks: (connection, entity, stream, limit) =>
    session.query("newestLinks", null, (view) => {
      const versionOf = (row: LinkRow): string => row.version[stream] ?? ""
      return view
        .all("links")
        .filter(
          (row) =>
            row.connection_id === connection &&
            row.entity === entity &&
            row.state === "linked" &&
            versionOf(row) !== "",
        )
        .sort((a, b) => versionOf(b).localeCompare(versionOf(a)) || byId(a, b))
        .slice(0, limit)
    }),

  insertLinks: (tx, connection, given) =>
    session.query("insertLinks", tx, (view) => {
      const first = !view.all("links").some((row) => row.connection_id === connection)
      for (const link of given.toSorted(inKeyOrder)) {
        insert(session, view, connection, link)
      }
      const row = first && given.length > 0 ? view.get("connections", connection) : undefined
      if (row) {
        view.put("connections", connection, { ...row, created_at: session.clock.iso() })
      }
      return ENTITIES.flatMap((entity) =>
        byErp(
          view,
          connection,
          entity,
          given.filter((link) => link.entity === entity).map((link) => link.erp_id),
        ),
      )
    }),

  lockLinks: (tx, ids) =>
    session.query("lockLinks", tx, (view) => {
      const locked = new Map<string, { seq: number; stock_seq: number; erp_id: ErpId }>()
      for (const id of [...ids].sort()) {
        const row = view.get("links", id)
        if (row && view.tryLock("links", id)) {
          locked.set(id, { seq: row.seq, stock_seq: row.stock_seq, erp_id: row.erp_id })
        }
      }
      return locked
    }),

  patchLinks: (tx, patches) =>
    session.query("patchLinks", tx, (view) => {
      const lost: string[] = []
      const seqs = new Map<string, number>()
      for (const given of patches) {
        const row = view.get("links", given.id)
        view.lock("links", given.id)
        const fence = given.expected.lane === "catalog" ? "seq" : "stock_seq"
        if (!row || row[fence] !== given.expected.seq) {
          lost.push(given.id)
          continue
        }
        const next = { ...patched(session, row, given), [fence]: session.db.nextSeq() }
        assertUnique(view, next)
        view.put("links", given.id, next)
        seqs.set(given.id, next[fence])
      }
      const ended = patches.filter(({ id, state }) => state === "tombstone" && seqs.has(id))
      ended.forEach(({ id }) => {
        const row = view.get("links", id)
        if (row) endWhole(session, view, row)
      })
      return { lost, seqs }
    }),

  unsweptLinks: (connection, runId, entity, after, limit) =>
    session.query("unsweptLinks", null, (view) =>
      view
        .all("links")
        .filter(
          (row) =>
            row.connection_id === connection &&
            row.entity === entity &&
            row.erp_id > (after ?? "") &&
            (row.state === "creating" || row.state === "linked") &&
            !view.get("swept", `${runId}/${entity}/${row.erp_id}`) &&
            !view.get("swept", `${runId}/product/${row.parent_erp_id}`),
        )
        .sort((a, b) => (a.erp_id < b.erp_id ? -1 : 1))
        .slice(0, limit),
    ),

  markSwept: (tx, runId, entity, ids) =>
    session.query("markSwept", tx, (view) => {
      for (const id of ids) {
        view.put("swept", `${runId}/${entity}/${id}`, { run_id: runId, entity, erp_id: id })
      }
    }),

  clearSwept: (runId) =>
    session.query("clearSwept", null, (view) => {
      for (const row of view.all("swept").filter((entry) => entry.run_id === runId)) {
        view.remove("swept", `${runId}/${row.entity}/${row.erp_id}`)
      }
    }),

  linkCounts: (connection) =>
    session.query("linkCounts", null, (view) => {
      const counts = { category: 0, product: 0, variant: 0, option: 0, option_value: 0 }
      for (const row of view.all("links")) {
        const counted = row.state === "creating" || row.state === "linked"
        counts[row.entity] += row.connection_id === connection && counted ? 1 : 0
      }
      return counts
    }),
})

/** A product's children end with it; nothing stands open of what is no longer kept alike, in either lane. */
const endWhole = (session: Session, view: View, ended: LinkRow): void => {
  const goesWith = (row: LinkRow): boolean =>
    ended.entity === "product" && row.entity !== "product" && row.parent_erp_id === ended.erp_id
  const children = view.all("links").filter((row) => goesWith(row) && !isTombstone(row))
  for (const row of children) {
    const [seq, stock_seq] = [session.db.nextSeq(), session.db.nextSeq()]
    view.lock("links", row.id)
    const over = { state: "tombstone", intents: {}, resolutions: {}, seq, stock_seq } as const
    view.put("links", row.id, { ...row, ...over })
  }
  view.put("links", ended.id, { ...ended, stock_seq: session.db.nextSeq() })
  const closed = new Set([ended, ...children].map(({ id }) => id))
  const open = view.all("differences").filter((entry) => closed.has(entry.link_id))
  open.forEach((entry) => view.remove("differences", entry.id))
}

const byId = (a: LinkRow, b: LinkRow): number => (a.id < b.id ? -1 : 1)

const ofOther = ({ connection_id, entity, erp_id, medusa_id, owners }: LinkRow): OtherLink => ({
  connection_id: connectionId(connection_id),
  entity,
  erp_id,
  medusa_id,
  owners,
})

/** Of two that claim one Medusa record the first by its key gets it. */
const inKeyOrder = (a: NewLink, b: NewLink): number =>
  a.entity < b.entity || (a.entity === b.entity && a.erp_id < b.erp_id) ? -1 : 1
const isTombstone = (row: LinkRow): boolean => row.state === "tombstone"

const byErp = (view: View, connection: ConnectionId, entity: Entity, ids: ErpId[]): LinkRow[] => {
  const wanted = new Set<string>(ids)
  return view
    .all("links")
    .filter(
      (row) => row.connection_id === connection && row.entity === entity && wanted.has(row.erp_id),
    )
    .sort(byId)
}

const rivals = (view: View, row: Pick<LinkRow, "connection_id" | "entity">): LinkRow[] =>
  view
    .all("links")
    .filter((other) => other.connection_id === row.connection_id && other.entity === row.entity)

const insert = (session: Session, view: View, connection: string, link: NewLink): void => {
  const key = `links/${connection}/${link.entity}`
  view.lock("unique", `${key}/erp/${link.erp_id}`)
  view.lock("unique", `${key}/medusa/${link.medusa_id}`)
  const taken = rivals(view, { connection_id: connection, entity: link.entity }).some(
    (other) =>
      other.erp_id === link.erp_id ||
      (other.medusa_id === link.medusa_id && !isTombstone(other) && link.state !== "tombstone"),
  )
  if (taken) {
    return
  }
  const id = `elnk_${String(session.db.nextSeq()).padStart(8, "0")}`
  view.put("links", id, {
    ...link,
    id,
    connection_id: connection,
    content_hash: link.content_hash ?? {},
    version: link.version ?? {},
    intents: {},
    replaced: {},
    owners: {},
    resolutions: {},
    kept: link.kept ?? {},
    seq: session.db.nextSeq(),
    stock_seq: session.db.nextSeq(),
    stock_read_at: null,
    agreed_at: null,
  })
}

const assertUnique = (view: View, row: LinkRow): void => {
  const rival = rivals(view, row).find(
    (other) =>
      other.id !== row.id &&
      (other.erp_id === row.erp_id ||
        (other.medusa_id === row.medusa_id && !isTombstone(other) && !isTombstone(row))),
  )
  if (rival) {
    throw new SyncError({
      kind: "bug",
      code: "unique_violation",
      message: `${row.entity} ${row.erp_id}/${row.medusa_id} is linked by ${rival.id} already.`,
      remedy: "",
    })
  }
}

const patched = (session: Session, row: LinkRow, patch: LinkPatch): LinkRow => ({
  ...row,
  erp_id: patch.erp_id ?? row.erp_id,
  parent_erp_id: patch.parent_erp_id === undefined ? row.parent_erp_id : patch.parent_erp_id,
  medusa_id: patch.medusa_id ?? row.medusa_id,
  state: patch.state ?? row.state,
  fingerprint: patch.fingerprint ?? row.fingerprint,
  match_key: patch.match_key === undefined ? row.match_key : patch.match_key,
  stock_read_at: patch.stock_read_at ?? row.stock_read_at,
  agreed_at: patch.agreed ? session.clock.micros : row.agreed_at,
  base_erp: { ...row.base_erp, ...patch.base_erp },
  base_medusa: { ...row.base_medusa, ...patch.base_medusa },
  content_hash: merged(row.content_hash, patch.content_hash),
  version: merged(row.version, patch.version),
  intents: merged(row.intents, patch.intents),
  replaced: merged(row.replaced, patch.replaced),
  resolutions: merged(row.resolutions, patch.resolutions),
  kept: merged(row.kept, patch.kept),
})

/** A null removes its key. */
const merged = <T>(
  held: { readonly [key: string]: T },
  given: { readonly [key: string]: T | null } = {},
): { [key: string]: T } =>
  Object.fromEntries(
    Object.entries({ ...held, ...given }).flatMap(([key, value]) =>
      value === null ? [] : [[key, value]],
    ),
  )
