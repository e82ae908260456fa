import { Ledger } from "../../../engine/ports"
import { ConnectionId, MedusaId } from "../../../sync/ids"
import { KnownDemand } from "../../../sync/stock-types"
import { iso, json, NOW, Sql, Tx } from "./sql"

/** Web demand that somebody says the ERP counts. */
export type AcknowledgedDemand = Omit<KnownDemand, "known_at">

type Demand = Pick<Ledger<Tx>, "knownDemand"> & {
  /**
   * Records what the ERP counts from now on; returns how many statements were new. Saying the same
   * again changes nothing; another quantity counts from the time it was said.
   */
  acknowledge(connection: ConnectionId, demands: AcknowledgedDemand[]): Promise<number>
}

/** Acknowledged web demand. */
export const demand = (sql: Sql): Demand => ({
  async knownDemand(
    tx,
    connection,
    pairs: { inventory_item_id: MedusaId; location_id: MedusaId }[],
  ) {
    if (pairs.length === 0) return []
    return sql.rows<KnownDemand>(
      tx,
      `select d.line_item_id, d.inventory_item_id, d.location_id, d.kind, d.quantity,
         ${iso("d.known_at")} as known_at
       from erp_demand d
       join (
         select distinct inventory_item_id, location_id
         from jsonb_to_recordset(?::jsonb) as r(inventory_item_id text, location_id text)) as g
         on g.inventory_item_id = d.inventory_item_id and g.location_id = d.location_id
       where d.connection_id = ?
       order by d.line_item_id, d.kind`,
      [json(pairs), connection],
    )
  },

  async acknowledge(connection, demands) {
    if (demands.length === 0) return 0
    const rows = await sql.rows(
      null,
      `insert into erp_demand as d (
         connection_id, line_item_id, inventory_item_id, location_id, kind, quantity, known_at)
       select distinct on (line_item_id, inventory_item_id, location_id, kind)
         ?, line_item_id, inventory_item_id, location_id, kind, quantity, ${NOW}
       from jsonb_to_recordset(?::jsonb) as g(
         line_item_id text, inventory_item_id text, location_id text, kind text, quantity text)
       order by line_item_id, inventory_item_id, location_id, kind
       on conflict (connection_id, line_item_id, inventory_item_id, location_id, kind) do update
         set quantity = excluded.quantity, known_at = excluded.known_at, updated_at = ${NOW}
         where d.quantity is distinct from excluded.quantity
       returning 1`,
      [connection, json(demands)],
    )
    return rows.length
  },
})
