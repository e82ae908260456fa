import { MOVED } from "./link-rows"
import { json, Sql } from "./sql"

/** A parked move of a variant to another product, by the id of its row, and where it leads. */
export interface ParkedMove {
  id: string
  /** ERP id of the other product, as it was shown. */
  to: string
}

/**
 * Stores that these parked variants may go to the products under which the ERP has them. A move that leads
 * elsewhere by now, or that is not parked any more, is left alone.
 * @returns the rows' ids of those that may
 */
export const approveMoves = async (sql: Sql, moves: ParkedMove[]): Promise<string[]> => {
  const rows = await sql.rows<{ id: string }>(null, APPROVE, [json(moves)])
  return rows.map(({ id }) => id)
}

const APPROVE = `
  with given as (
    select distinct p.id, l.id as link_id, p.value
    from jsonb_to_recordset(?::jsonb) as g(id text, "to" text)
    join erp_parked p on p.id = g.id and p.reason = 'reparented' and p.value = g."to"
    join erp_link l
      on l.connection_id = p.connection_id and l.entity = p.entity and l.erp_id = p.erp_id
    where l.state = 'linked' and l.kept ->> 'moved_to' = g."to"
  ), locked as (
    select id from erp_link where id in (select link_id from given) order by id for no key update
  ), approved as (
    update erp_link l set
      kept = l.kept || jsonb_build_object('move_approved', given.value), ${MOVED}
    from given where l.id = given.link_id and l.id in (select id from locked)
    returning l.id
  )
  select given.id from given join approved on approved.id = given.link_id order by 1`
