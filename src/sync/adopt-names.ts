import { isAnnounced, namesAsAnnounced } from "./announced"
import { ErpOption } from "./canonical"
import { ErpId } from "./ids"
import { optionKey, valueKey } from "./option-keys"
import type { StructureContext, StructurePlan } from "./plan-structure"
import { MedusaOption } from "./snapshot"
import { Link } from "./values"

/** Links an option of our own making, if a dead run left one behind. */
export const adoptOption = (
  context: StructureContext,
  option: ErpOption,
  plan: StructurePlan,
): boolean => {
  if (!isAnnounced(context.kept, option.id)) {
    return false
  }
  const title = namesAsAnnounced(context.kept, context.names).option(option.id)
  const linked = new Set(context.options.map((link) => link.medusa_id))
  const held = context.medusa.options.find(
    (entry) => entry.is_exclusive && entry.title === title && !linked.has(entry.id),
  )
  if (!held) {
    return false
  }
  plan.adopt.push({
    entity: "option",
    erp_key: optionKey(context.erp.id, option.id),
    medusa_id: held.id,
    title: held.title,
  })
  for (const value of option.values) {
    adoptValue(context, option, value.id, held, plan)
  }
  return true
}

/**
 * Links a value that stands in the store without a link: made by a dead run, held by one that left the
 * ERP, or added by the merchant.
 */
export const adoptAnyValue = (
  context: StructureContext,
  option: ErpOption,
  value: { id: ErpId; name: string },
  present: MedusaOption,
  plan: StructurePlan,
): boolean =>
  adoptValue(context, option, value.id, present, plan) ||
  takeOver(context, option, value.id, value.name, present, plan) ||
  adoptNamesake(context, option, value.id, value.name, present, plan)

const adoptValue = (
  context: StructureContext,
  option: ErpOption,
  valueId: ErpId,
  held: MedusaOption,
  plan: StructurePlan,
): boolean => {
  if (!isAnnounced(context.kept, option.id, valueId)) {
    return false
  }
  const name = namesAsAnnounced(context.kept, context.names).value(option.id, valueId)
  const linked = new Set(context.values.map((link) => link.medusa_id))
  const value = held.values.find((entry) => entry.value === name && !linked.has(entry.id))
  if (!value) {
    return false
  }
  giveLink(plan, valueKey(context.erp.id, option.id, valueId), value)
  return true
}

/** A value that left the ERP gives its place to a new one of the same name: Medusa has room for one. */
const takeOver = (
  context: StructureContext,
  option: ErpOption,
  valueId: ErpId,
  name: string,
  present: MedusaOption,
  plan: StructurePlan,
): boolean => {
  const held = present.values.find((entry) => entry.value === name)
  const keyOf = (id: ErpId): string => valueKey(context.erp.id, option.id, id)
  const staying = new Set(option.values.map((value) => keyOf(value.id)))
  const former = context.values.find(
    (link) =>
      link.medusa_id === held?.id && link.state !== "tombstone" && !staying.has(link.erp_id),
  )
  if (!held || !former) {
    return false
  }
  giveLink(plan, keyOf(valueId), held, former)
  return true
}

/** A value that the merchant added, and that the ERP has by now: a variant of the store took it there. */
const adoptNamesake = (
  context: StructureContext,
  option: ErpOption,
  valueId: ErpId,
  name: string,
  present: MedusaOption,
  plan: StructurePlan,
): boolean => {
  const linked = new Set(
    context.values.flatMap((link) => (link.state === "tombstone" ? [] : [link.medusa_id])),
  )
  const [held, ...others] = present.values.filter(
    (entry) => !linked.has(entry.id) && isSameName(entry.value, name),
  )
  if (!held || others.length > 0) {
    return false
  }
  giveLink(plan, valueKey(context.erp.id, option.id, valueId), held)
  return true
}

const isSameName = (a: string, b: string): boolean =>
  a.trim().toLowerCase() === b.trim().toLowerCase()

const giveLink = (
  { adopt }: StructurePlan,
  erpKey: string,
  { id, value }: MedusaOption["values"][number],
  former?: Link,
): void => {
  adopt.push({
    ...{ entity: "option_value", erp_key: erpKey, medusa_id: id, title: value },
    ...(former && { former }),
  })
}
