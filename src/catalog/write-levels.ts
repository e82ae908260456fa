import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { generateEntityId } from "@medusajs/framework/utils"
import { LevelWrite, OutgoingEvent } from "../engine/ports"
import { canonicalDecimal, equalDecimals } from "../sync/decimal"
import { EventCollector } from "./catalog-events"
import { query } from "./database"

/**
 * Sets the stocked quantity, and nothing else, of locked levels; creates those that are missing. A
 * level that holds the quantity already is not written.
 */
export const writeLevels = async (
  tx: Knex.Transaction,
  writes: readonly LevelWrite[],
): Promise<{ events: OutgoingEvent[]; writes: number }> => {
  const events = new EventCollector()
  const updated = await updateLevels(
    tx,
    writes.filter(({ level, to }) => level.id !== null && !equalDecimals(level.stocked, to)),
  )
  events.add("level_updated", updated)
  const created = await createLevels(
    tx,
    writes.filter(({ level }) => level.id === null),
  )
  events.add("level_created", created)
  return { events: events.toEvents(), writes: updated.length + created.length }
}

const updateLevels = async (
  tx: Knex.Transaction,
  writes: readonly LevelWrite[],
): Promise<string[]> => {
  if (writes.length === 0) {
    return []
  }
  const rows = await query<{ id: string }>(
    tx,
    `update inventory_level level set stocked_quantity = v.quantity::numeric, updated_at = now(),
            raw_stocked_quantity = jsonb_build_object('value', v.quantity, 'precision', 20)
       from unnest(?::text[], ?::text[]) as v(id, quantity)
      where level.id = v.id and level.deleted_at is null returning level.id`,
    [writes.map(({ level }) => level.id ?? ""), writes.map(({ to }) => canonicalDecimal(to))],
  )
  return rows.map((row) => row.id)
}

const createLevels = async (
  tx: Knex.Transaction,
  writes: readonly LevelWrite[],
): Promise<string[]> => {
  if (writes.length === 0) {
    return []
  }
  const rows = await query<{ id: string }>(
    tx,
    `insert into inventory_level
            (id, inventory_item_id, location_id, stocked_quantity, raw_stocked_quantity,
             reserved_quantity, raw_reserved_quantity, incoming_quantity, raw_incoming_quantity)
     select v.id, v.item, v.location, v.quantity::numeric,
            jsonb_build_object('value', v.quantity, 'precision', 20), 0, zero.raw, 0, zero.raw
       from unnest(?::text[], ?::text[], ?::text[], ?::text[]) as v(id, item, location, quantity),
            (select jsonb_build_object('value', '0', 'precision', 20) as raw) zero
         on conflict (inventory_item_id, location_id) where deleted_at is null do nothing
     returning id`,
    [
      writes.map(() => generateEntityId(undefined, "ilev")),
      writes.map(({ level }) => level.inventory_item_id),
      writes.map(({ level }) => level.location_id),
      writes.map(({ to }) => canonicalDecimal(to)),
    ],
  )
  return rows.map((row) => row.id)
}
