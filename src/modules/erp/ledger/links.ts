import { Ledger, NewLink } from "../../../engine/ports"
import { ENTITIES, Entity } from "../../../sync/canonical"
import { ConnectionId, ErpId, MedusaId, NEW_PREFIX } from "../../../sync/ids"
import { Link } from "../../../sync/values"
import { OtherLink } from "../../../sync/write-scope"
import { LINK_COLUMNS, LinkRow, toLink } from "./link-rows"
import { json, newId, NOW, Sql, Tx } from "./sql"

type Links = Pick<
  Ledger<Tx>,
  | "linksByErp"
  | "linksByParent"
  | "linksByMedusa"
  | "linksOfOthers"
  | "earlierLinks"
  | "newestLinks"
  | "outgoingLinks"
  | "insertLinks"
  | "linkCounts"
>

/** Reading and adding links. */
export const links = (sql: Sql): Links => {
  const byErp = async (tx: Tx | null, connection: ConnectionId, entity: Entity, ids: ErpId[]) =>
    (
      await sql.rows<LinkRow>(
        tx,
        `select ${LINK_COLUMNS} from erp_link l
         where l.connection_id = ? and l.entity = ? and l.erp_id = any(?::text[])`,
        [connection, entity, ids],
      )
    ).map(toLink)

  return {
    linksByErp: (connection, entity, erpIds) => byErp(null, connection, entity, erpIds),

    async linksByParent(connection, parentErpIds) {
      const rows = await sql.rows<LinkRow>(
        null,
        `select ${LINK_COLUMNS} from erp_link l
         where l.connection_id = ? and l.parent_erp_id = any(?::text[])
         order by l.id`,
        [connection, parentErpIds],
      )
      return rows.map(toLink)
    },

    /** Tombstones are among them, after the living. */
    async linksByMedusa(connection, entity, medusaIds: MedusaId[]) {
      const rows = await sql.rows<LinkRow>(
        null,
        `select ${LINK_COLUMNS} from erp_link l
         where l.medusa_id = any(?::text[]) and l.connection_id = ? and l.entity = ?
         order by l.state = 'tombstone', l.id`,
        [medusaIds, connection, entity],
      )
      return rows.map(toLink)
    },

    linksOfOthers: (connection, entity, medusaIds) =>
      sql.rows<OtherLink>(
        null,
        `select l.connection_id, l.entity, l.erp_id, l.medusa_id, l.owners from erp_link l
         where l.medusa_id = any(?::text[]) and l.connection_id <> ? and l.entity = ?
           and l.state <> 'tombstone'
         order by l.id`,
        [medusaIds, connection, entity],
      ),

    earlierLinks: (linkIds) =>
      sql.rows<OtherLink & { link_id: string }>(
        null,
        `select own.id as link_id, l.connection_id, l.entity, l.erp_id, l.medusa_id, l.owners
         from erp_link own join erp_link l
           on l.medusa_id = own.medusa_id and l.entity = own.entity
           and l.connection_id <> own.connection_id and l.state <> 'tombstone'
           and (l.created_at, l.id) < (own.created_at, own.id)
         where own.id = any(?::text[])
         order by own.id, l.id`,
        [linkIds],
      ),

    async newestLinks(connection, entity, stream, limit) {
      const rows = await sql.rows<LinkRow>(
        null,
        `select ${LINK_COLUMNS} from erp_link l
         where l.connection_id = ? and l.entity = ? and l.state = 'linked'
           and l.version->>? is not null
         order by l.version->>? desc, l.id limit ?`,
        [connection, entity, stream, stream, limit],
      )
      return rows.map(toLink)
    },

    async outgoingLinks(connection) {
      const rows = await sql.rows<LinkRow>(
        null,
        `select ${LINK_COLUMNS} from erp_link l
         where l.connection_id = ? and l.state = 'creating' and l.entity = 'product'
           and starts_with(l.erp_id, '${NEW_PREFIX}')
         order by l.id`,
        [connection],
      )
      return rows.map(toLink)
    },

    async insertLinks(tx, connection, given) {
      if (given.length === 0) return []
      await sql.rows(tx, INSERT, [json(given), connection, connection])
      const standing: Link[] = []
      // A second statement, because the first one's snapshot misses what another transaction inserted.
      for (const [entity, ids] of erpIdsByEntity(given)) {
        standing.push(...(await byErp(tx, connection, entity, ids)))
      }
      return standing
    },

    async linkCounts(connection) {
      const rows = await sql.rows<{ entity: Entity; count: string }>(
        null,
        `select entity, count(*) from erp_link
         where connection_id = ? and state in ('creating', 'linked') group by entity`,
        [connection],
      )
      const counts = Object.fromEntries(ENTITIES.map((entity) => [entity, 0])) as Counts
      for (const row of rows) counts[row.entity] = Number(row.count)
      return counts
    },
  }
}

type Counts = Record<Entity, number>

// In the order of the keys, so that two who insert the same links wait for each other in one direction.
const INSERT = `
  with given as (
    select * from jsonb_to_recordset(?::jsonb) as g(
      entity text, erp_id text, parent_erp_id text, medusa_id text, state text, fingerprint text,
      match_key text, base_erp jsonb, base_medusa jsonb, content_hash jsonb, version jsonb, kept jsonb)
    order by entity, erp_id
  ), inserted as (
    insert into erp_link (
      id, connection_id, entity, erp_id, parent_erp_id, medusa_id, state, fingerprint, match_key,
      base_erp, base_medusa, content_hash, version, kept, seq, stock_seq)
    select ${newId("elnk")}, ?, entity, erp_id, parent_erp_id, medusa_id, state, fingerprint,
      match_key, base_erp, base_medusa, coalesce(content_hash, '{}'), coalesce(version, '{}'),
      coalesce(kept, '{}'), nextval('erp_seq'), nextval('erp_seq')
    from given
    on conflict do nothing
    returning 1
  )
  update erp_connection set linked_at = ${NOW}
  where id = ? and linked_at is null and exists (select 1 from inserted)`

const erpIdsByEntity = (given: NewLink[]): Map<Entity, ErpId[]> => {
  const groups = new Map<Entity, ErpId[]>()
  for (const { entity, erp_id } of given) {
    const group = groups.get(entity)
    if (group) group.push(erp_id)
    else groups.set(entity, [erp_id])
  }
  return groups
}
