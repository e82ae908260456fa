import { MedusaError } from "@medusajs/framework/utils"
import { Connected } from "../engine/context"
import { flushEvents } from "../engine/outbox"
import { ValueOutcome, ValueWrite } from "../engine/ports"
import { JournalRow } from "../modules/erp/ledger"
import { fieldRule } from "../sync/field-rules"
import { connectionId, erpId } from "../sync/ids"
import { familyOf } from "../sync/owners"
import { priceListField } from "../sync/price-tiers"
import { MedusaVariant } from "../sync/snapshot"
import { isTranslation } from "../sync/translations"
import { FieldName, FieldValue, Link } from "../sync/values"
import { attributeOf } from "../sync/attributes"
import { connectedTo } from "./links-by-hand"
import { ownerOfField } from "./plans"
import { Runtime } from "./runtime"
import { RestoreView } from "./two-way-views"

/** Fields of which a former value can be put back, by what they belong to. */
const RESTORABLE: Readonly<Record<ValueWrite["entity"], readonly string[]>> = {
  product: ["title", "description", "attribute", "category", "tag"],
  variant: ["title", "sku", "barcode", "weight", "attribute", "price", "price_list"],
  category: ["name"],
}

/** Not the sync's own mark: whoever listens takes it for the merchant's edit that it is. */
const GROUP = "erp-restore:"

/**
 * Puts back the value that a journaled write replaced, as an edit of the merchant's in the store. What
 * the ERP lost is put there too, and travels to the ERP as every edit does.
 * @throws MedusaError when there is no such entry, or the connection is not at work
 */
export const restore = async (runtime: Runtime, entryId: string): Promise<RestoreView> => {
  const { ledger } = runtime
  const entry = await ledger.journalEntry(entryId)
  if (!entry) {
    throw new MedusaError(MedusaError.Types.NOT_FOUND, `There is no journal entry "${entryId}".`)
  }
  const { entity } = entry
  if (entity === "option" || entity === "option_value" || !isRestorable(entity, entry.field)) {
    return refusal("not_restorable", `A former ${entry.field} of a ${entity} cannot be put back.`)
  }
  const connected = await connectedTo(runtime, entry.connection_id)
  const [link] = await ledger.linksByErp(connected.id, entity, [erpId(entry.erp_id)])
  if (!link || link.state === "tombstone") {
    return refusal("not_linked", "The record is not linked any more.")
  }
  if (
    ownerOfField(connected.rules, link, entry.field) === "erp" &&
    connected.rules.foreign_edits === "enforce"
  ) {
    return refusal(
      "erp_owns",
      "The ERP decides about this field: an edit in the store would be undone. Change it in the ERP, or give this record's field another owner first.",
    )
  }
  const rule = fieldRule(connected.rules, entity, entry.field)
  const value = entry.side === "erp" ? rule.toMedusa(entry.from) : entry.from
  if (rule.isBlank(value) && !rule.blank_clears) {
    return refusal("blank", "There was no value before, and this field is never emptied.")
  }
  return put(runtime, connected, entry, link, entity, value)
}

const isRestorable = (entity: ValueWrite["entity"], field: FieldName): boolean =>
  RESTORABLE[entity].includes(familyOf(field))

const refusal = (reason: string, message: string): RestoreView => ({
  restored: false,
  reason,
  message,
})

const put = async (
  runtime: Runtime,
  connected: Connected,
  entry: JournalRow,
  link: Link,
  entity: ValueWrite["entity"],
  value: FieldValue,
): Promise<RestoreView> => {
  const { ledger, context } = runtime
  const held = await present(runtime, connected, link, entry.field)
  if (held === null) return refusal("gone", "The store does not have this record any more.")
  if (held.value === value) return refusal("same", "The store holds this value already.")
  const group = `${GROUP}${entry.id}`
  const write: ValueWrite = {
    entity,
    id: link.medusa_id,
    field: held.field,
    from: held.value,
    to: value,
  }
  const { side, field } = entry
  const connection_id = connectionId(entry.connection_id)
  const done = await ledger.transaction(async (tx) => {
    const { outcomes, events } = await context.catalog.writeValues(tx, [write])
    const [outcome] = outcomes
    if (outcome?.outcome !== "written") return { outcome, ids: [], events: [] }
    // What a person wants back is no stale return, and no decision of before stands against it.
    const { lost } = await ledger.patchLinks(tx, [
      {
        id: link.id,
        expected: { lane: "catalog", seq: link.seq },
        replaced: { [field]: null },
        resolutions: { [field]: null },
      },
    ])
    if (lost.length > 0) {
      throw new MedusaError(
        MedusaError.Types.CONFLICT,
        "The record is being synchronised at this moment: try again.",
      )
    }
    await ledger.journal(tx, connection_id, [
      {
        run_id: null,
        entity,
        erp_id: link.erp_id,
        medusa_id: link.medusa_id,
        field,
        side: "medusa",
        kind: "restore",
        from: held.value,
        to: value,
        rule: `restore:${entry.id}`,
      },
    ])
    return { outcome, ids: await ledger.queueEvents(tx, group, events), events }
  })
  if (done.outcome?.outcome !== "written") return unwritten(done.outcome)
  await flushEvents(context, group, done.ids, done.events)
  await ledger.markFields([{ link_id: link.id, field }], "restored")
  runtime.wake(connection_id)
  return {
    restored: true,
    field,
    value,
    replaced: held.value,
    message:
      side === "erp"
        ? "Put back in the store; it goes to the ERP like every edit there."
        : "Put back in the store.",
  }
}

const unwritten = (outcome: ValueOutcome | undefined): RestoreView =>
  outcome?.outcome === "refused"
    ? refusal("refused", `${outcome.error.message} ${outcome.error.remedy}`.trim())
    : refusal("busy", "The record changed at this moment, or is in use: try again.")

/** What the store holds of a field now, and under which name; null when it has no such record. */
const present = async (
  { context: { catalog }, ledger }: Runtime,
  { id: connection, rules }: Connected,
  link: Link,
  field: FieldName,
): Promise<{ field: FieldName; value: FieldValue } | null> => {
  const id = link.medusa_id
  const target = attributeOf(rules.attributes ?? [], field)?.target
  if (familyOf(field) === "attribute" && target === undefined) return null
  switch (link.entity) {
    case "category": {
      const category = (await catalog.readCategories([id])).get(id)
      return category && !category.deleted ? { field, value: category.name } : null
    }
    case "variant": {
      const variant = (await catalog.readVariants([id])).get(id)
      return variant && !variant.deleted
        ? target
          ? { field: target, value: variant.attributes?.[target] ?? null }
          : { field, value: ofVariant(variant, field) }
        : null
    }
    case "product": {
      const product = (await catalog.readProducts([id])).get(id)
      if (!product || product.deleted) return null
      if (target) return { field: target, value: product.attributes?.[target] ?? null }
      if (familyOf(field) === "tag") {
        const tag = field.slice("tag:".length)
        return { field, value: product.tags?.includes(tag) ? true : null }
      }
      if (isTranslation(field)) return { field, value: product.translations?.[field] ?? null }
      if (familyOf(field) !== "category") {
        return { field, value: field === "title" ? product.title : product.description }
      }
      const theirs = erpId(field.slice("category:".length))
      const [category] = await ledger.linksByErp(connection, "category", [theirs])
      return category && category.state !== "tombstone"
        ? {
            field: `category:${category.medusa_id}`,
            value: product.category_ids.includes(category.medusa_id) ? true : null,
          }
        : null
    }
    default:
      return null
  }
}

const ofVariant = (variant: MedusaVariant, field: FieldName): FieldValue => {
  switch (field) {
    case "title":
    case "sku":
    case "barcode":
    case "weight":
      return variant[field]
    default: {
      if (familyOf(field) === "price_list") {
        const held = variant.list_prices?.find((list) => priceListField(list) === field)
        return held?.tiers ?? null
      }
      const currency = field.slice("price:".length)
      return variant.prices.find((price) => price.currency === currency)?.amount ?? null
    }
  }
}
