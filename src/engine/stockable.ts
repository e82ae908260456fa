import { ErpVariantStock } from "../sync/canonical"
import { ErpId, MedusaId } from "../sync/ids"
import { StockMapping } from "../sync/rules"
import { MedusaVariant } from "../sync/snapshot"
import { figureFor, mappingsByLocation } from "../sync/stock"
import { Link } from "../sync/values"
import { Batch, Connected, EngineContext } from "./context"
import { fieldsOfOthers, heldField } from "./overlaps"
import { DirtyKey, ParkedRecord } from "./ports"

/** One variant with its inventory item, as far as its stock can be set at all. */
export interface Stockable {
  erp_id: ErpId
  link: Link
  inventory_item_id: MedusaId
  /** The ERP's figure per location; zero everywhere for a variant that is out of sale. */
  figures: Map<MedusaId, string>
  basis: Map<MedusaId, StockMapping["basis"]>
  /** Asked by id and not answered, by an ERP that has no row for what it has none of: all figures are 0. */
  absent: boolean
}

export interface FoundStock {
  stockable: Stockable[]
  parked: ParkedRecord[]
  dirty: DirtyKey[]
  skipped: number
}

/** What of a batch can be set, and why the rest cannot. */
export const findStockable = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch<ErpVariantStock>,
): Promise<FoundStock> => {
  const found: FoundStock = { stockable: [], parked: [], dirty: [], skipped: 0 }
  const locations = mappingsByLocation(connected.rules)
  const records = new Map<ErpId, ErpVariantStock | null>([
    ...batch.missing.map((id) => [id, null] as const),
    ...batch.records.map((record) => [record.id, record] as const),
  ])
  if (locations.size === 0) {
    return { ...found, skipped: records.size }
  }
  const links = await context.ledger.linksByErp(connected.id, "variant", [...records.keys()])
  const variants = await context.catalog.readVariants(links.map((link) => link.medusa_id))
  found.skipped = records.size - links.length
  for (const link of links) {
    const record = records.get(link.erp_id) ?? null
    const variant = variants.get(link.medusa_id)
    // A figure older than one that was applied already says nothing new.
    const outdated =
      link.stock_read_at !== null && Date.parse(link.stock_read_at) > Date.parse(batch.read_at)
    const open =
      link.state === "linked" || (link.state === "gone" && connected.rules.gone === "draft")
    const unanswered = !record && link.state === "linked"
    const isZero = connected.connector.capabilities.absent_stock_is_zero === true
    if (!variant || variant.deleted || !open || outdated || (unanswered && !isZero)) {
      found.skipped += 1
      if (unanswered && link.parent_erp_id !== null) {
        found.dirty.push({
          stream: "products",
          erp_id: link.parent_erp_id,
          reason: "stock_missing",
        })
      }
      continue
    }
    const entry = stockableOf(link, record, variant, locations, found)
    if (entry) {
      found.stockable.push(entry)
    } else {
      found.skipped += 1
    }
  }
  await leaveHeldLevels(context, connected, found)
  return found
}

/** Levels that another connection sets since before are left to it. */
const leaveHeldLevels = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  found: FoundStock,
): Promise<void> => {
  const links = found.stockable.map(({ link }) => link)
  const held = await fieldsOfOthers(context, connected, links)
  for (const { link, figures } of held.size > 0 ? found.stockable : []) {
    for (const location of [...figures.keys()]) {
      const holding = held.get(link.id)?.get(`stock:${location}`)
      if (holding) {
        figures.delete(location)
        found.parked.push(heldField({ stream: "stock", erp_id: link.erp_id }, link, holding))
      }
    }
  }
  found.stockable = found.stockable.filter(({ figures }) => figures.size > 0)
  found.skipped += links.length - found.stockable.length
}

const stockableOf = (
  link: Link,
  record: ErpVariantStock | null,
  variant: MedusaVariant,
  locations: Map<MedusaId, StockMapping[]>,
  found: FoundStock,
): Stockable | null => {
  const absent = !record && link.state === "linked"
  const tracked = link.state === "gone" || absent || record?.tracked === true
  if (!tracked || !variant.manage_inventory) {
    if (record?.tracked && !variant.manage_inventory && link.parent_erp_id !== null) {
      found.dirty.push({ stream: "products", erp_id: link.parent_erp_id, reason: "untracked" })
    }
    return null
  }
  const [item, ...more] = variant.inventory_items
  const reason = !item
    ? "no_inventory_item"
    : more.length > 0 || item.required_quantity !== 1
      ? "kit"
      : item.shared
        ? "shared_inventory_item"
        : null
  if (!item || reason !== null) {
    found.parked.push(unstockable(link, variant, reason ?? "no_inventory_item"))
    return null
  }
  return {
    erp_id: link.erp_id,
    link,
    inventory_item_id: item.id,
    absent,
    figures: new Map(
      [...locations].map(([location, mappings]) => [
        location,
        link.state === "gone" || !record ? "0" : figureFor(record, mappings),
      ]),
    ),
    basis: new Map(
      [...locations].map(([location, mappings]) => [location, mappings[0]?.basis ?? "available"]),
    ),
  }
}

const UNSTOCKABLE: Record<string, { message: string; remedy: string }> = {
  kit: {
    message: "is a kit in the store (several inventory items, or more than one of an item)",
    remedy: "Keep the stock of its parts in the ERP; the kit's own figure is not written.",
  },
  shared_inventory_item: {
    message: "shares its inventory item with another variant",
    remedy: "Give each variant an inventory item of its own, or keep stock of one of them alone.",
  },
  no_inventory_item: {
    message: "has managed inventory but no inventory item",
    remedy: "Add an inventory item to the variant in the store.",
  },
}

const unstockable = (link: Link, variant: MedusaVariant, reason: string): ParkedRecord => ({
  stream: "stock",
  entity: "variant",
  erp_id: link.erp_id,
  field: "stock",
  reason,
  message: `Variant "${variant.sku ?? variant.title}" ${UNSTOCKABLE[reason]?.message ?? reason}.`,
  value: variant.sku,
  remedy: UNSTOCKABLE[reason]?.remedy ?? "",
  version: null,
})

export const pairsOf = (entries: Stockable[]) =>
  entries.flatMap((entry) =>
    [...entry.figures.keys()].map((location_id) => ({
      inventory_item_id: entry.inventory_item_id,
      location_id,
    })),
  )
