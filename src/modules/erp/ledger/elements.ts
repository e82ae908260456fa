import { Ledger } from "../../../engine/ports"
import { erpId } from "../../../sync/ids"
import { NOW, Sql, Tx } from "./sql"

type Elements = Pick<Ledger<Tx>, "voidElements">

/**
 * Bases of set elements whose record was replaced by another one. What was announced of them is void
 * too: its answer would agree on the former record.
 */
export const elements = (sql: Sql): Elements => ({
  async voidElements(tx, connection, fields) {
    if (fields.length === 0) return []
    const rows = await sql.rows<{ erp_id: string }>(tx, VOID, [
      connection,
      ...[fields, fields, fields, fields, fields],
    ])
    return rows.map((row) => erpId(row.erp_id))
  },
})

// Locked in the order in which everybody locks links.
const VOID = `
  with held as (
    select id from erp_link
    where connection_id = ? and entity = 'product'
      and (jsonb_exists_any(base_erp, ?::text[]) or jsonb_exists_any(intents, ?::text[]))
    order by id for no key update
  )
  update erp_link l set
    base_erp = l.base_erp - ?::text[], base_medusa = l.base_medusa - ?::text[],
    intents = l.intents - ?::text[], content_hash = '{}', seq = nextval('erp_seq'), updated_at = ${NOW}
  from held where l.id = held.id
  returning l.erp_id`
