import { ENTITIES, Stream } from "../../../sync/canonical"
import { ConnectionId, ErpId } from "../../../sync/ids"
import { escaped } from "./difference-listing"
import { LinkOfConnection } from "./link-decisions"
import { LINK_COLUMNS, LinkRow, toLink } from "./link-rows"
import { PARKED_COLUMNS, PARKED_LINK, ParkedRow } from "./parked-listing"
import { iso, NOW, Sql } from "./sql"

/** A key that waits for a look. */
export interface DirtyRow {
  stream: Stream
  erp_id: ErpId
  reason: string
  claims: number
  due_at: string
  /** Somebody looks at it now. */
  leased: boolean
}

export interface Searching {
  /** Links with one of these ids, on either side or their own, in these connections; the living first. */
  findLinks(connections: ConnectionId[], ids: string[], limit: number): Promise<LinkOfConnection[]>
  /** Parked records under this id, or in whose value or message the words occur; newest first. */
  findParked(words: string, limit: number): Promise<ParkedRow[]>
  /** The keys of these records that wait for a look. */
  dirtyOf(connection: ConnectionId, erpIds: ErpId[]): Promise<DirtyRow[]>
}

/** What a person looks for. */
export const searching = (sql: Sql): Searching => ({
  async findLinks(connections, ids, limit) {
    // By the key of each connection and entity: no index begins with the ERP's id.
    const rows = await sql.rows<LinkRow & { connection_id: ConnectionId }>(
      null,
      `select ${LINK_COLUMNS}, l.connection_id from erp_link l
       where l.connection_id = any(?::text[]) and (
         l.medusa_id = any(?::text[]) or l.id = any(?::text[])
         or l.connection_id = any(?::text[]) and l.entity = any(?::text[])
           and l.erp_id = any(?::text[]))
       order by l.state = 'tombstone', array_position(?::text[], l.entity), l.id limit ?`,
      [connections, ids, ids, connections, [...ENTITIES], ids, SHOWN_FIRST, limit],
    )
    return rows.map((row) => ({ ...toLink(row), connection_id: row.connection_id }))
  },

  findParked: (words, limit) =>
    sql.rows<ParkedRow>(
      null,
      `select ${PARKED_COLUMNS} from erp_parked p ${PARKED_LINK}
       where p.erp_id = ? or p.value ilike ? or p.message ilike ?
       order by p.created_at desc, p.id limit ?`,
      [words, `%${escaped(words)}%`, `%${escaped(words)}%`, limit],
    ),

  dirtyOf: (connection, erpIds) =>
    sql.rows<DirtyRow>(
      null,
      `select stream, erp_id, reason, claims, ${iso("due_at")} as due_at,
         coalesce(lease_until > ${NOW}, false) as leased
       from erp_dirty where connection_id = ? and erp_id = any(?::text[])
       order by due_at, stream`,
      [connection, erpIds],
    ),
})

const SHOWN_FIRST = ["product", "variant", "category", "option", "option_value"]
