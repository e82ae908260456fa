import { LinkField } from "./link-decisions"
import { MOVED } from "./link-rows"
import { Sql, Tx } from "./sql"

/**
 * Forgets what the ERP refused of fields of links, so that the next look sends the same edit again.
 * Plans that were made on the refusal are void.
 * @param fields a statement that selects `link_id` and `field`
 * @returns the fields of which anything was refused
 */
export const forgetRefusals = (
  sql: Sql,
  tx: Tx | null,
  fields: string,
  bindings: (string | string[])[],
): Promise<LinkField[]> =>
  sql.rows<LinkField>(
    tx,
    `with given as (
       select distinct g.link_id, g.field from (${fields}) as g
       join erp_link l on l.id = g.link_id and l.kept -> ('refused:' || g.field) is not null
     ), locked as (
       select id from erp_link where id in (select link_id from given)
       order by id for no key update
     ), forgotten as (
       update erp_link l set kept = l.kept - p.names, ${MOVED}
       from (
         select link_id, array_agg('refused:' || field) as names from given group by link_id) as p
       where l.id = p.link_id and l.id in (select id from locked)
       returning l.id
     )
     select given.link_id, given.field from given
     join forgotten on forgotten.id = given.link_id order by 1, 2`,
    bindings,
  )
