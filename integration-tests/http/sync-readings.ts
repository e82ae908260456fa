import { ConnectionId, connectionId, erpId, ErpId, MedusaId } from "../../src/sync/ids"
import { MedusaCategory, MedusaProduct, MedusaVariant } from "../../src/sync/snapshot"
import { Entity } from "../../src/sync/canonical"
import { Link } from "../../src/sync/values"
import { ParkedView } from "../../src/runtime/views"
import { given, rows } from "./catalog-fixtures"
import { CONNECTION, Stage } from "./sync-stage"

const ID: ConnectionId = connectionId(CONNECTION)

export const findLink = async (stage: Stage, entity: Entity, id: number): Promise<Link | null> => {
  const [link] = await stage.runtime.ledger.linksByErp(ID, entity, [erpId(id)])
  return link ?? null
}

export const linkOf = async (stage: Stage, entity: Entity, id: number): Promise<Link> =>
  given(await findLink(stage, entity, id))

/** Links of what hangs on a template: variants, options and their values. */
export const childrenOf = (stage: Stage, template: number): Promise<Link[]> =>
  stage.runtime.ledger.linksByParent(ID, [erpId(template)])

/** The store's product that an Odoo template is linked to. */
export const productOf = async (stage: Stage, template: number): Promise<MedusaProduct> => {
  const { medusa_id } = await linkOf(stage, "product", template)
  return given((await stage.catalog.readProducts([medusa_id])).get(medusa_id))
}

export const variantOf = async (stage: Stage, variant: number): Promise<MedusaVariant> => {
  const { medusa_id } = await linkOf(stage, "variant", variant)
  return given((await stage.catalog.readVariants([medusa_id])).get(medusa_id))
}

export const categoryOf = async (stage: Stage, category: number): Promise<MedusaCategory> => {
  const { medusa_id } = await linkOf(stage, "category", category)
  return given((await stage.catalog.readCategories([medusa_id])).get(medusa_id))
}

export interface Level {
  stocked: number
  reserved: number
}

/** Levels of an Odoo variant's inventory item, by the name of the stock location. */
export const levelsOf = async (stage: Stage, variant: number): Promise<Record<string, Level>> => {
  const { inventory_items } = await variantOf(stage, variant)
  return itemLevels(stage, given(inventory_items[0]).id)
}

export const itemLevels = async (stage: Stage, item: MedusaId): Promise<Record<string, Level>> => {
  const found = await rows<{ name: string; stocked: string; reserved: string }>(
    stage,
    `select s.name, l.stocked_quantity as stocked, l.reserved_quantity as reserved
     from inventory_level l join stock_location s on s.id = l.location_id
     where l.inventory_item_id = ? and l.deleted_at is null`,
    [item],
  )
  return Object.fromEntries(
    found.map(({ name, stocked, reserved }) => [
      name,
      { stocked: Number(stocked), reserved: Number(reserved) },
    ]),
  )
}

export const parkedOf = async (stage: Stage): Promise<ParkedView[]> =>
  (await stage.sync.parked({ connection_id: CONNECTION, limit: 500, offset: 0 })).parked

export interface Entry {
  entity: string
  erp_id: ErpId
  field: string
  kind: string
  from: unknown
  to: unknown
  rule: string
}

/** What the journal says of a field, oldest first. */
export const journalOf = (stage: Stage, entity: Entity, id: number, field: string) =>
  rows<Entry>(
    stage,
    `select entity, erp_id, field, kind, from_value as from, to_value as to, rule
     from erp_journal where entity = ? and erp_id = ? and field = ? order by created_at, id`,
    [entity, String(id), field],
  )

/** How many live records of a kind the store holds. */
export const countOf = async (
  stage: Stage,
  table: "product" | "product_variant" | "product_category" | "inventory_item" | "price",
): Promise<number> => {
  const [row] = await rows<{ count: string }>(
    stage,
    `select count(*) from ${table} where deleted_at is null`,
  )
  return Number(row?.count)
}
