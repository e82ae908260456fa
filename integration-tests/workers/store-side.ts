import { knex, Knex } from "@medusajs/framework/mikro-orm/knex"
import { createLedger } from "../../src/modules/erp/ledger"
import { announce } from "../../src/runtime/listen"
import { Stream } from "../../src/sync/canonical"
import { connectionId, erpId } from "../../src/sync/ids"

const CONNECTION = connectionId("odoo-main")

/** The store's database, as an instance that only answers requests uses it: it marks, others work. */
export class StoreSide {
  private readonly db: Knex
  private readonly ledger: ReturnType<typeof createLedger>

  constructor(url: string) {
    this.db = knex({ client: "pg", connection: url, pool: { min: 0, max: 2 } })
    this.ledger = createLedger(this.db)
  }

  /** Hints, as a hook brings them. */
  async hint(stream: Stream, ids: string[], delayMs = 0): Promise<void> {
    await this.ledger.markDirty(
      CONNECTION,
      ids.map((id) => ({ stream, erp_id: erpId(id), reason: "hint", delay_ms: delayMs })),
    )
    await announce(this.db, "hints", CONNECTION)
  }

  async number(sql: string, bindings: (string | string[])[] = []): Promise<number> {
    const { rows } = await this.db.raw<{ rows: { found: string | null }[] }>(sql, bindings)
    return Number(rows[0]?.found ?? 0)
  }

  async texts(sql: string, bindings: string[] = []): Promise<string[]> {
    const { rows } = await this.db.raw<{ rows: { found: string }[] }>(sql, bindings)
    return rows.map((row) => row.found)
  }

  async change(sql: string, bindings: string[] = []): Promise<void> {
    await this.db.raw(sql, bindings)
  }

  dirty(stream: Stream): Promise<number> {
    return this.number("select count(*) as found from erp_dirty where stream = ?", [stream])
  }

  /** Keys that the process holds. */
  held(pid: number): Promise<number> {
    return this.number(
      `select count(*) as found from erp_dirty
       where split_part(lease_owner, ':', 2) = ? and lease_until > now()`,
      [String(pid)],
    )
  }

  /** What merchants do: every linked product gets another title, and events tell of it. */
  async editTitles(): Promise<Map<number, string>> {
    const { rows } = await this.db.raw<{ rows: { id: string; title: string; erp_id: string }[] }>(
      `update product p set title = p.title || ' for ' || l.erp_id, updated_at = now()
       from erp_link l where l.entity = 'product' and l.state = 'linked' and l.medusa_id = p.id
       returning p.id, p.title, l.erp_id`,
    )
    const ids = rows.map(({ id }) => id)
    await this.ledger.markDirtyByMedusa(null, "product", ids, "products", "edited_in_medusa")
    await announce(this.db, "events", null)
    return new Map(rows.map(({ erp_id, title }) => [Number(erp_id), title]))
  }

  openIntents(): Promise<number> {
    return this.number("select count(*) as found from erp_link where intents <> '{}'::jsonb")
  }

  /** The requests of a dead process can land no more, as of now instead of in some minutes. */
  async endRequests(): Promise<void> {
    await this.db.raw(
      `update erp_link set intents = (
         select jsonb_object_agg(field, intent || jsonb_build_object(
           'until', to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
         from jsonb_each(intents) as open(field, intent))
       where intents <> '{}'::jsonb`,
    )
    await this.db.raw("update erp_dirty set due_at = now() where stream = 'products'")
    await announce(this.db, "clock", null)
  }

  /** Process ids of those that hold keys of the stream. */
  owners(stream: Stream): Promise<string[]> {
    return this.texts(
      `select distinct split_part(lease_owner, ':', 2) as found from erp_dirty
       where lease_until > now() and stream = ?`,
      [stream],
    )
  }

  runs(state: "queued" | "running" | "completed" | "failed"): Promise<number> {
    return this.number("select count(*) as found from erp_run where state = ?", [state])
  }

  /** ERP ids of variants, with the product each belongs to. */
  async variants(): Promise<Map<number, string>> {
    const { rows } = await this.db.raw<{ rows: { product: string; variant: string }[] }>(
      `select parent_erp_id as product, erp_id as variant from erp_link
       where entity = 'variant' and state = 'linked'`,
    )
    return new Map(rows.map(({ product, variant }) => [Number(product), variant]))
  }

  /** How many variants of the store have the price that is expected of them. */
  pricesAsExpected(expected: Map<string, number>): Promise<number> {
    const [ids, amounts] = [[...expected.keys()], [...expected.values()].map(String)]
    return this.number(
      `select count(*) as found
       from unnest(?::text[], ?::numeric[]) as wanted(erp_id, amount)
       join erp_link l on l.entity = 'variant' and l.erp_id = wanted.erp_id
       join product_variant_price_set s on s.variant_id = l.medusa_id and s.deleted_at is null
       join price p on p.price_set_id = s.price_set_id and p.deleted_at is null
         and p.price_list_id is null
       where p.amount = wanted.amount`,
      [ids, amounts],
    )
  }

  stockOf(variant: string, quantity: number): Promise<number> {
    return this.number(
      `select count(*) as found from erp_link l
       join product_variant_inventory_item i on i.variant_id = l.medusa_id
       join inventory_level v on v.inventory_item_id = i.inventory_item_id
       where l.entity = 'variant' and l.erp_id = ? and v.stocked_quantity = ?`,
      [variant, String(quantity)],
    )
  }

  end(): Promise<void> {
    return this.db.destroy()
  }
}
