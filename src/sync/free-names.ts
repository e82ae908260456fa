import { ErpOption, ErpProduct } from "./canonical"
import { OptionNames } from "./default-option"
import { optionKey, valueKey } from "./option-keys"
import { planName } from "./option-names"
import { MedusaId } from "./ids"
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
const freeTitles = (context: HeldNames, names: OptionNames): ReadonlyMap<string, string> => {
  const { erp, options, medusa } = context
  const links = new Map(options.map((link) => [String(link.erp_id), link]))
  const linked = new Set(options.map((link) => link.medusa_id))
  const wanted = erp.options.map((option): WantedName => {
    const link = links.get(optionKey(erp.id, option.id))
    const held = medusa.options.find(({ id }) => id === link?.medusa_id)
    return {
      key: option.id,
      name: names.option(option.id) ?? option.title,
      held: link && held && { link, id: held.id, name: held.title, follows: held.is_exclusive },
    }
  })
  const present = medusa.options.flatMap(({ id, title }) =>
    linked.has(id) ? [{ id, name: title }] : [],
  )
  return new Map(suffixes(context, wanted, present, []))
}

const suffixedNames = (
  context: HeldNames,
  names: OptionNames,
  option: ErpOption,
  held: MedusaOption,
): [string, string][] => {
  const links = new Map(context.values.map((link) => [String(link.erp_id), link]))
  const wanted = option.values.flatMap((value): WantedName[] => {
    const link = links.get(valueKey(context.erp.id, option.id, value.id))
    const present = held.values.find(({ id }) => id === link?.medusa_id)
    const name = names.value(option.id, value.id) ?? value.title
    return link && present
      ? [
          {
            key: `${option.id}:${value.id}`,
            name,
            held: { link, id: present.id, name: present.value, follows: true },
          },
        ]
      : []
  })
  return suffixes(
    context,
    wanted,
    held.values.map(({ id, value }) => ({ id, name: value })),
    option.values.map((value) => names.value(option.id, value.id) ?? value.title),
  )
}

interface WantedName {
  key: string
  name: string
  /** What has the name to be in the store, once it stands there; `follows`: the ERP may rename it. */
  held: { link: Link; id: MedusaId; name: string; follows: boolean } | undefined
}

/**
 * Names with a suffix, by key, where another one keeps the name in the store.
 * @param present what stands in the store beside each other
 * @param reserved further names that a suffixed one must not become
 */
const suffixes = (
  { rules, now }: Pick<HeldNames, "rules" | "now">,
  wanted: readonly WantedName[],
  present: readonly { id: MedusaId; name: string }[],
  reserved: readonly string[],
): [string, string][] => {
  const holders = new Map(present.map(({ id, name }) => [name, id]))
  if (wanted.every(({ name, held }) => (holders.get(name) ?? held?.id) === held?.id)) {
    return []
  }
  const moving = new Set(
    wanted.flatMap(({ name, held }) =>
      held?.follows && planName(rules, held.link, name, held.name, now).decision.outcome === "write"
        ? [held.id]
        : [],
    ),
  )
  const kept = new Map(
    present.flatMap(({ id, name }) => (moving.has(id) ? [] : [[name, id] as const])),
  )
  const taken = new Set(
    [...kept.keys(), ...wanted.map(({ name }) => name), ...reserved].map(folded),
  )
  return wanted.flatMap(({ key, name, held }): [string, string][] => {
    const holder = kept.get(name)
    if (holder === undefined || holder === held?.id) {
      return []
    }
    const free = suffixedName(
      name,
      (other) => taken.has(folded(other)) && kept.get(other) !== held?.id,
    )
    taken.add(folded(free))
    return [[key, free]]
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
