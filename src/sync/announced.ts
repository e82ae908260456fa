import { ErpId, erpId } from "./ids"
import { ErpProduct } from "./canonical"
import { OptionNames } from "./default-option"
import { Link } from "./values"

/**
 * Names under which options and values are about to be made in Medusa, kept with the product's link
 * until their own links stand. After a crash in between, a record of that name is ours; without this it
 * would belong to nobody once the ERP renames it, and Medusa would ask every variant for it.
 */
const optionName = (optionId: string): string => `option:${optionId}`
const valueName = (optionId: string, valueId: string): string => `value:${optionId}:${valueId}`

/** What to keep before options and values of a product are made. */
export const announcedNames = (
  erp: ErpProduct,
  names: OptionNames,
): { [name: string]: string | null } =>
  Object.fromEntries(
    erp.options.flatMap((option) => [
      [optionName(option.id), names.option(option.id) ?? option.title],
      ...option.values.map((value) => [
        valueName(option.id, value.id),
        names.value(option.id, value.id) ?? value.title,
      ]),
    ]),
  )

/** Takes back all that was announced: the links stand. */
export const withoutAnnounced = (kept: Link["kept"]): { [name: string]: null } =>
  Object.fromEntries(
    Object.keys(kept)
      .filter((name) => name.startsWith("option:") || name.startsWith("value:"))
      .map((name) => [name, null]),
  )

/** The names as they were announced, where they were; as the ERP has them now otherwise. */
export const namesAsAnnounced = (kept: Link["kept"], names: OptionNames): OptionNames => {
  const text = (name: string): string | undefined => {
    const value = kept[name]
    return typeof value === "string" ? value : undefined
  }
  return {
    option: (id) => text(optionName(id)) ?? names.option(id),
    value: (optionId, valueId) =>
      text(valueName(optionId, valueId)) ?? names.value(optionId, valueId),
  }
}

/** Whether this option, or this value of it, was announced. */
export const isAnnounced = (kept: Link["kept"], optionId: ErpId, valueId?: ErpId): boolean =>
  kept[valueId === undefined ? optionName(optionId) : valueName(optionId, valueId)] !== undefined

/**
 * The product with the options and values that were announced once and that the ERP has given up since:
 * what was made under those names is found by them, and goes the way of everything that left the ERP.
 */
export const withAnnounced = (erp: ErpProduct, kept: Link["kept"]): ErpProduct => {
  const former = Object.entries(kept).flatMap(([name, title]) => {
    const [kind, option = "", value = ""] = name.split(":")
    return (kind === "option" || kind === "value") && typeof title === "string"
      ? [{ option: erpId(option), value: kind === "value" ? erpId(value) : null, title }]
      : []
  })
  const known = new Set<string>(erp.options.map((option) => option.id))
  const given = former
    .filter((entry) => entry.value === null && !known.has(entry.option))
    .map((entry) => ({ id: entry.option, title: entry.title, values: [] }))
  const options = [...erp.options, ...given].map((option) => {
    const values = new Set<string>(option.values.map((value) => value.id))
    const more = former.flatMap(({ option: of, value, title }) =>
      of === option.id && value !== null && !values.has(value) ? [{ id: value, title }] : [],
    )
    return { ...option, values: [...option.values, ...more] }
  })
  return { ...erp, options }
}
