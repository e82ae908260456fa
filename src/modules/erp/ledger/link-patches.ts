import { Ledger, LinkPatch } from "../../../engine/ports"
import { ConnectionId, erpId } from "../../../sync/ids"
import { json, NOW, Sql, Tx } from "./sql"

type LinkPatches = Pick<Ledger<Tx>, "lockLinks" | "patchLinks"> & {
  /** Forgets versions and content hashes, so that the next look at each record compares everything. */
  forgetVersions(connection: ConnectionId): Promise<void>
}
type FenceLane = LinkPatch["expected"]["lane"]

/** Changing links: the fence is compared, and maps are merged, in the statement that writes. */
export const linkPatches = (sql: Sql): LinkPatches => ({
  async lockLinks(tx, ids) {
    const rows = await sql.rows<{ id: string; seq: string; stock_seq: string; erp_id: string }>(
      tx,
      `select id, seq, stock_seq, erp_id from erp_link where id = any(?::text[])
       order by id for no key update skip locked`,
      [ids],
    )
    return new Map(
      rows.map((row) => [
        row.id,
        { seq: Number(row.seq), stock_seq: Number(row.stock_seq), erp_id: erpId(row.erp_id) },
      ]),
    )
  },

  async forgetVersions(connection) {
    await sql.rows(
      null,
      `update erp_link set version = '{}', content_hash = '{}', updated_at = ${NOW}
       where connection_id = ? and (version <> '{}' or content_hash <> '{}')`,
      [connection],
    )
  },

  async patchLinks(tx, patches) {
    if (patches.length === 0) return { lost: [], seqs: new Map() }
    // In one order, so that two who change the same links do not wait for each other in a ring.
    await sql.rows(
      tx,
      `select 1 from erp_link where id = any(?::text[]) order by id for no key update`,
      [patches.map(({ id }) => id)],
    )
    const lost: string[] = []
    const seqs = new Map<string, number>()
    for (const lane of ["catalog", "stock"] as const) {
      for (const batch of eachLinkOnce(patches.filter(({ expected }) => expected.lane === lane))) {
        const rows = await sql.rows<{ id: string; seq: string }>(tx, STATEMENTS[lane], [
          json(batch.map(toRow)),
        ])
        const written = new Map(rows.map(({ id, seq }) => [id, Number(seq)]))
        for (const { id } of batch) {
          const seq = written.get(id)
          if (seq === undefined) lost.push(id)
          else seqs.set(id, seq)
        }
      }
    }
    await endWhole(sql, tx, patches)
    return { lost, seqs }
  },
})

/**
 * A product's variants, options and values end with it; and nothing stands open of a pair that is no
 * longer kept alike: a look of either lane that was planned before says nothing of it afterwards.
 */
const endWhole = async (sql: Sql, tx: Tx, patches: LinkPatch[]): Promise<void> => {
  const ended = patches.filter(({ state }) => state === "tombstone").map(({ id }) => id)
  if (ended.length === 0) return
  await sql.rows(
    tx,
    `with ended as (
       update erp_link set stock_seq = nextval('erp_seq')
       where id = any(?::text[]) and state = 'tombstone'
       returning id, connection_id, entity, erp_id
     ), children as (
       update erp_link l set state = 'tombstone', intents = '{}', resolutions = '{}',
         seq = nextval('erp_seq'), stock_seq = nextval('erp_seq'), updated_at = ${NOW}
       from ended e
       where e.entity = 'product' and l.connection_id = e.connection_id
         and l.parent_erp_id = e.erp_id and l.entity <> 'product' and l.state <> 'tombstone'
       returning l.id
     )
     delete from erp_difference d
     using (select id from ended union select id from children) as closed
     where d.link_id = closed.id`,
    [ended],
  )
}

/** Maps of which a null removes the key. In a base a null is a value: both sides agreed on nothing. */
const CLEARABLE = ["content_hash", "version", "intents", "replaced", "resolutions", "kept"] as const
const BASES = ["base_erp", "base_medusa"] as const

const statement = (fence: "seq" | "stock_seq"): string => `
  with given as (
    select * from jsonb_to_recordset(?::jsonb) as g(
      id text, expected bigint, erp_id text, has_parent boolean, parent_erp_id text, medusa_id text,
      state text, fingerprint text, has_match_key boolean, match_key text,
      stock_read_at timestamptz, agreed boolean,
      ${BASES.map((map) => `${map} jsonb`).join(", ")},
      ${CLEARABLE.map((map) => `${map} jsonb, ${map}_gone text[]`).join(", ")})
  )
  update erp_link l set
    erp_id = coalesce(p.erp_id, l.erp_id),
    parent_erp_id = case when p.has_parent then p.parent_erp_id else l.parent_erp_id end,
    medusa_id = coalesce(p.medusa_id, l.medusa_id),
    state = coalesce(p.state, l.state),
    fingerprint = coalesce(p.fingerprint, l.fingerprint),
    match_key = case when p.has_match_key then p.match_key else l.match_key end,
    stock_read_at = coalesce(p.stock_read_at, l.stock_read_at),
    agreed_at = case when p.agreed then ${NOW} else l.agreed_at end,
    ${BASES.map((map) => `${map} = l.${map} || coalesce(p.${map}, '{}')`).join(",\n    ")},
    ${CLEARABLE.map((map) => `${map} = ${merged(map)}`).join(",\n    ")},
    ${fence} = nextval('erp_seq')${fence === "seq" ? SEEN : ""}
  from given p
  where l.id = p.id and l.${fence} = p.expected
  returning l.id, l.${fence} as seq`

/** Edits of the store before this time are part of the link; a change of stock says nothing of them. */
const SEEN = `, updated_at = ${NOW}`

const merged = (map: string): string =>
  `(l.${map} || coalesce(p.${map}, '{}')) - coalesce(p.${map}_gone, '{}')`

const STATEMENTS: Record<FenceLane, string> = {
  catalog: statement("seq"),
  stock: statement("stock_seq"),
}

const toRow = (patch: LinkPatch) => {
  const maps = CLEARABLE.flatMap((map) => {
    const entries = Object.entries(patch[map] ?? {})
    if (entries.length === 0) return []
    return [
      [map, Object.fromEntries(entries.filter(([, value]) => value !== null))],
      [`${map}_gone`, entries.filter(([, value]) => value === null).map(([key]) => key)],
    ]
  })
  return {
    ...patch,
    expected: patch.expected.seq,
    has_parent: patch.parent_erp_id !== undefined,
    has_match_key: patch.match_key !== undefined,
    ...Object.fromEntries(maps),
  }
}

/** An `update … from` applies one row of several: patches of one link go one after the other. */
const eachLinkOnce = (patches: LinkPatch[]): LinkPatch[][] => {
  const batches: LinkPatch[][] = []
  const seen = new Map<string, number>()
  for (const patch of patches) {
    const turn = seen.get(patch.id) ?? 0
    seen.set(patch.id, turn + 1)
    const batch = batches[turn]
    if (batch) batch.push(patch)
    else batches.push([patch])
  }
  return batches
}
