import { ConnectionId, ErpId, MedusaId } from "../../../sync/ids"
import { Entity } from "../../../sync/canonical"
import { FieldName, FieldValue, Link, Owner, Side } from "../../../sync/values"
import { approveMoves, ParkedMove } from "./approve-moves"
import { forgetRefusals } from "./forget-refusals"
import { LINK_COLUMNS, LinkRow, MOVED, toLink } from "./link-rows"
import { marked } from "./marked"
import { keyOfField, streamOfField } from "./open-fields"
import { json, newId, Sql, Tx } from "./sql"

/** A link with the connection that it belongs to. */
export type LinkOfConnection = Link & { connection_id: ConnectionId }

/** One field of a link. */
export interface LinkField {
  link_id: string
  field: FieldName
}

/** A pair that a person names. */
export interface HandLink {
  entity: Entity
  erp_id: ErpId
  parent_erp_id: ErpId | null
  medusa_id: MedusaId
  fingerprint: string
}

export interface LinkDecisions {
  /** Links by their ids, whatever their state. */
  linksById(ids: string[]): Promise<LinkOfConnection[]>
  /** Sets or, with null, takes back owners of single fields; voids plans under way. Null: no such link. */
  setOwners(
    linkId: string,
    owners: { readonly [field: FieldName]: Owner | null },
  ): Promise<LinkOfConnection | null>
  /** Stores whose value shall stand for conflicts that are open; returns those that it was stored for. */
  resolve(ids: LinkField[], side: Side): Promise<LinkField[]>
  /** Takes back decisions that no look has applied yet; returns those that it took back. */
  takeBack(ids: LinkField[]): Promise<LinkField[]>
  /** Forgets what the ERP refused of these fields; returns those of which it refused anything. */
  forgetRefusals(ids: LinkField[]): Promise<LinkField[]>
  /** The same for what is parked, by the ids of its rows. */
  forgetParkedRefusals(parkedIds: string[]): Promise<LinkField[]>
  /** Lets parked variants go where the ERP has moved them; returns the rows' ids of those that may. */
  approveMoves(moves: ParkedMove[]): Promise<string[]>
  /** Marks fields of links for a look, at the earliest after the delay; returns how many keys that are. */
  markFields(fields: LinkField[], reason: string, delayMs?: number): Promise<number>
  /** Marks the records of all links with open intents; returns how many. */
  markOpenIntents(connection: ConnectionId): Promise<number>
  /**
   * Makes a tombstone of a link and of its product's variants, options and values; returns what was linked.
   * Nothing is parked or different about them afterwards.
   */
  endLink(tx: Tx, linkId: string): Promise<LinkOfConnection[]>
  /** Ties a pair, in place of its tombstone where there is one; null when the ERP's record is linked. */
  linkByHand(tx: Tx, connection: ConnectionId, pair: HandLink): Promise<Link | null>
}

/** What people decide about links. Each moves the link's sequences: a plan made before is void. */
export const linkDecisions = (sql: Sql): LinkDecisions => ({
  linksById: (ids) => byIds(sql, null, ids),

  async setOwners(linkId, owners) {
    const entries = Object.entries(owners)
    const set: { [field: string]: FieldValue } = Object.fromEntries(
      entries.filter(([, owner]) => owner !== null),
    )
    const gone = entries.filter(([, owner]) => owner === null).map(([field]) => field)
    await sql.rows(
      null,
      `update erp_link set owners = (owners || ?::jsonb) - ?::text[], content_hash = '{}',
         ${MOVED}
       where id = ?`,
      [json(set), gone, linkId],
    )
    const [link] = await byIds(sql, null, [linkId])
    return link ?? null
  },

  resolve: (ids, side) => sql.rows<LinkField>(null, RESOLVE, [json(ids), side]),

  takeBack: (ids) => sql.rows<LinkField>(null, TAKE_BACK, [json(ids)]),

  forgetRefusals: (ids) => forgetRefusals(sql, null, GIVEN, [json(ids)]),

  approveMoves: (moves) => approveMoves(sql, moves),

  forgetParkedRefusals: (parkedIds) => forgetRefusals(sql, null, PARKED_FIELDS, [parkedIds]),

  async markFields(fields, reason, delayMs = 0) {
    if (fields.length === 0) return 0
    return marked(
      sql,
      `select distinct l.connection_id, ${streamOfField("g.field")} as stream,
         ${keyOfField("g.field")} as erp_id
       from jsonb_to_recordset(?::jsonb) as g(link_id text, field text)
       join erp_link l on l.id = g.link_id and l.state <> 'tombstone'`,
      [json(fields)],
      reason,
      delayMs,
    )
  },

  markOpenIntents: (connection) =>
    marked(
      sql,
      `select distinct l.connection_id, ${streamOfField("i.field")} as stream,
         ${keyOfField("i.field")} as erp_id
       from erp_link l cross join lateral jsonb_object_keys(l.intents) as i(field)
       where l.connection_id = ? and l.intents <> '{}' and l.state <> 'tombstone'`,
      [connection],
      "open_intent",
      0,
    ),

  async endLink(tx, linkId) {
    const ended = await sql.rows<LinkRow & { connection_id: ConnectionId }>(tx, END, [
      linkId,
      linkId,
    ])
    const ids = ended.map(({ id }) => id)
    await sql.rows(tx, `delete from erp_difference where link_id = any(?::text[])`, [ids])
    await sql.rows(
      tx,
      `delete from erp_parked p using erp_link l
       where l.id = any(?::text[]) and p.connection_id = l.connection_id
         and p.entity = l.entity and p.erp_id = l.erp_id`,
      [ids],
    )
    return ended.map(toOwned)
  },

  async linkByHand(tx, connection, pair) {
    const rows = await sql.rows<LinkRow>(tx, LINK_BY_HAND, [
      connection,
      pair.entity,
      pair.erp_id,
      pair.parent_erp_id,
      pair.medusa_id,
      pair.fingerprint,
    ])
    const [link] = rows
    return link ? toLink(link) : null
  },
})

const toOwned = (row: LinkRow & { connection_id: ConnectionId }): LinkOfConnection => ({
  ...toLink(row),
  connection_id: row.connection_id,
})

const byIds = async (sql: Sql, tx: Tx | null, ids: string[]): Promise<LinkOfConnection[]> =>
  (
    await sql.rows<LinkRow & { connection_id: ConnectionId }>(
      tx,
      `select ${LINK_COLUMNS}, l.connection_id from erp_link l where l.id = any(?::text[])
       order by l.id`,
      [ids],
    )
  ).map(toOwned)

const GIVEN = `select distinct link_id, field
  from jsonb_to_recordset(?::jsonb) as g(link_id text, field text)`

const PARKED_FIELDS = `select l.id as link_id, p.field
  from erp_parked p
  join erp_link l
    on l.connection_id = p.connection_id and l.entity = p.entity and l.erp_id = p.erp_id
  where p.id = any(?::text[])`

// Without the hash of its content an unchanged record is looked at all the same.
const RESOLVE = `
  with open as (
    select d.link_id, d.field from (${GIVEN}) as g
    join erp_difference d
      on d.link_id = g.link_id and d.field = g.field and d.kind = 'conflict'
  ), decided as (
    update erp_link l set resolutions = l.resolutions || p.patch, content_hash = '{}', ${MOVED}
    from (
      select link_id, jsonb_object_agg(field, ?::text) as patch from open group by link_id) as p
    where l.id = p.link_id and l.state <> 'tombstone'
    returning l.id
  )
  select open.link_id, open.field from open join decided on decided.id = open.link_id
  order by 1, 2`

const TAKE_BACK = `
  with standing as (
    select l.id as link_id, g.field from (${GIVEN}) as g
    join erp_link l on l.id = g.link_id and l.resolutions -> g.field is not null
  ), taken as (
    update erp_link l set resolutions = l.resolutions - p.fields, ${MOVED}
    from (select link_id, array_agg(field) as fields from standing group by link_id) as p
    where l.id = p.link_id
    returning l.id
  )
  select standing.link_id, standing.field from standing
  join taken on taken.id = standing.link_id order by 1, 2`

const END = `
  update erp_link l set state = 'tombstone', intents = '{}', resolutions = '{}', ${MOVED}
  from erp_link t
  where t.id = ? and l.connection_id = t.connection_id and l.state <> 'tombstone'
    and (l.id = ?
      or t.entity = 'product' and l.parent_erp_id = t.erp_id and l.entity <> 'product')
  returning ${LINK_COLUMNS}, l.connection_id`

/** Nothing was agreed on: the bases of a former pair say nothing of this one. */
const LINK_BY_HAND = `
  insert into erp_link as l (
    id, connection_id, entity, erp_id, parent_erp_id, medusa_id, state, fingerprint, seq, stock_seq)
  values (${newId("elnk")}, ?, ?, ?, ?, ?, 'linked', ?,
    nextval('erp_seq'), nextval('erp_seq'))
  on conflict (connection_id, entity, erp_id) do update set
    parent_erp_id = excluded.parent_erp_id, medusa_id = excluded.medusa_id, state = 'linked',
    fingerprint = excluded.fingerprint, base_erp = '{}', base_medusa = '{}', content_hash = '{}',
    version = '{}', intents = '{}', replaced = '{}', resolutions = '{}', kept = '{}',
    match_key = null, agreed_at = null, ${MOVED}
  where l.state = 'tombstone'
  returning ${LINK_COLUMNS}`
