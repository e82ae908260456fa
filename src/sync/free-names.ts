import { ErpOption, ErpProduct } from "./canonical"
import { OptionNames } from "./default-option"
import { optionKey, valueKey } from "./option-keys"
import { planName } from "./option-names"
import { Rules } from "./rules"
import { MedusaOption, MedusaProduct } from "./snapshot"
import { Link } from "./values"

export interface HeldNames {
  rules: Rules
  /** Database time, ISO. */
  now: string
  /** With the default option filled in. */
  erp: ErpProduct
  options: readonly Link[]
  values: readonly Link[]
  medusa: MedusaProduct
}

/**
 * The same names, where Medusa has room for them: one that another value of the option keeps in the
 * store, be it the merchant's or of a variant that is out of sale, gets a suffix for as long; so does an
 * option whose title another one of the product keeps. Only values that stand there are renamed; what an
 * unlinked one becomes, its adoption decides.
 */
export const freeNames = (context: HeldNames, names: OptionNames): OptionNames => {
  const suffixed = new Map(
    context.erp.options.flatMap((option) => {
      const link = context.options.find(
        ({ erp_id }) => erp_id === optionKey(context.erp.id, option.id),
      )
      const held = context.medusa.options.find(({ id }) => id === link?.medusa_id)
      return held?.is_exclusive ? suffixedNames(context, names, option, held) : []
    }),
  )
  const titles = freeTitles(context, names)
  return {
    option: (optionId) => titles.get(optionId) ?? names.option(optionId),
    value: (optionId, valueId) =>
      suffixed.get(`${optionId}:${valueId}`) ?? names.value(optionId, valueId),
  }
}

/** Titles with a suffix, by the ERP's option: added under a title that is taken, one would be the other. */
const freeTitles = (
  { rules, now, erp, options, medusa }: HeldNames,
  names: OptionNames,
): ReadonlyMap<string, string> => {
  const links = new Map(options.map((link) => [String(link.erp_id), link]))
  const held = new Map(medusa.options.map((option) => [option.id, option]))
  const wanted = erp.options.map((option) => {
    const link = links.get(optionKey(erp.id, option.id))
    const title = names.option(option.id) ?? option.title
    return { id: option.id, title, link, present: link && held.get(link.medusa_id) }
  })
  const moving = new Set(
    wanted.flatMap(({ link, present, title }) =>
      link &&
      present?.is_exclusive &&
      planName(rules, link, title, present.title, now).decision.outcome === "write"
        ? [present.id]
        : [],
    ),
  )
  const linked = new Set(options.map((link) => link.medusa_id))
  const kept = new Map(
    medusa.options.flatMap(({ id, title }) =>
      linked.has(id) && !moving.has(id) ? [[title, id] as const] : [],
    ),
  )
  const taken = new Set([...kept.keys(), ...wanted.map(({ title }) => title)].map(folded))
  return new Map(
    wanted.flatMap(({ id, title, present }): [string, string][] => {
      const holder = kept.get(title)
      if (holder === undefined || holder === present?.id) {
        return []
      }
      const free = suffixedName(
        title,
        (other) => taken.has(folded(other)) && kept.get(other) !== present?.id,
      )
      taken.add(folded(free))
      return [[id, free]]
    }),
  )
}

const suffixedNames = (
  { rules, now, erp, values }: HeldNames,
  names: OptionNames,
  option: ErpOption,
  held: MedusaOption,
): [string, string][] => {
  const links = new Map(values.map((link) => [String(link.erp_id), link]))
  const standing = option.values.flatMap((value) => {
    const link = links.get(valueKey(erp.id, option.id, value.id))
    const present = held.values.find(({ id }) => id === link?.medusa_id)
    const name = names.value(option.id, value.id) ?? value.title
    return link && present ? [{ id: value.id, link, present, name }] : []
  })
  const holders = new Map(held.values.map(({ id, value }) => [value, id]))
  if (standing.every(({ present, name }) => (holders.get(name) ?? present.id) === present.id)) {
    return []
  }
  const moving = new Set(
    standing.flatMap(({ link, present, name }) =>
      planName(rules, link, name, present.value, now).decision.outcome === "write"
        ? [present.id]
        : [],
    ),
  )
  const kept = new Map(
    held.values.flatMap(({ id, value }) => (moving.has(id) ? [] : [[value, id] as const])),
  )
  const taken = new Set([
    ...[...kept.keys()].map(folded),
    ...option.values.map((value) => folded(names.value(option.id, value.id) ?? value.title)),
  ])
  return standing.flatMap(({ id, present, name }): [string, string][] => {
    const holder = kept.get(name)
    if (holder === undefined || holder === present.id) {
      return []
    }
    const free = suffixedName(
      name,
      (other) => taken.has(folded(other)) && kept.get(other) !== present.id,
    )
    taken.add(folded(free))
    return [[`${option.id}:${id}`, free]]
  })
}

const suffixedName = (name: string, isTaken: (other: string) => boolean): string => {
  let count = 2
  while (isTaken(`${name} (${count})`)) {
    count += 1
  }
  return `${name} (${count})`
}

const folded = (name: string): string => name.toLowerCase()
