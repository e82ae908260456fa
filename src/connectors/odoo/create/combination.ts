import type { VariantCreation } from "../../contract"
import { Unsupported, unsupported } from "../write/outcomes"
import { Line, Matrix, ownOf } from "./matrix"
import { plainName } from "./problems"

/** The value that a new variant has on a line; its id is null where the line has none of that name. */
export interface Choice {
  line: Line
  /** Of the dictionary. */
  value: number | null
  title: string
}

/**
 * One value for every attribute that makes the product's variants, or why there is none. A line with a
 * single value leaves no choice, and the store does not know of it.
 */
export const choicesFor = (matrix: Matrix, { values }: VariantCreation): Choice[] | Unsupported => {
  const choices: Choice[] = []
  for (const { option_id: option, title } of values) {
    const line = matrix.lines.find(({ attribute }) => String(attribute) === option)
    if (line?.makes_variants !== true) return notAnOption(matrix, title, line)
  }
  for (const line of matrix.lines.filter(({ makes_variants: makes }) => makes)) {
    const given = values.find(({ option_id: option }) => option === String(line.attribute))
    const [only, ...others] = line.values
    if (given) {
      const named = line.values.find(({ name }) => plainName(name) === plainName(given.title))
      const value = given.value_id === null ? (named?.id ?? null) : Number(given.value_id)
      choices.push({ line, value, title: given.title })
    } else if (only && others.length === 0) {
      choices.push({ line, value: only.id, title: only.name })
    } else {
      return unsupported(
        "options",
        `In Odoo "${line.name}" tells the product's variants apart too, and the new one says nothing of it.`,
        "Create the variant in Odoo.",
      )
    }
  }
  return choices
}

const notAnOption = (matrix: Matrix, title: string, line: Line | undefined): Unsupported =>
  unsupported(
    "options",
    line
      ? `In Odoo "${line.name}" makes no variants, so none can be made of "${title}".`
      : `"${matrix.name}" has no attribute in Odoo any more for the value "${title}".`,
    "Add the attribute to the product in Odoo, or delete the variant in the store.",
  )

/** A variant that Odoo has of these very values, archived or not: it is not ours to take. */
export const twinOf = (matrix: Matrix, choices: readonly Choice[]): Unsupported | null => {
  const wanted = choices.flatMap(({ line, value }) => {
    const own = value === null ? undefined : ownOf(line, value)
    return own ? [{ id: own.id, tells: line.own.length > 1 }] : []
  })
  if (wanted.length < choices.length) return null
  // Variants need not hold the value of a line that has no other.
  const telling = wanted.filter(({ tells }) => tells)
  const twin = matrix.variants.find(({ values }) => telling.every(({ id }) => values.has(id)))
  if (!twin) return null
  return unsupported(
    "options",
    `Odoo has a variant of these values, with id ${twin.id}${twin.active ? "" : ", in its archive"}.`,
    twin.active
      ? "It is linked by the next sync, unless it was unlinked, or deleted in the store, before."
      : "Take it out of the archive in Odoo, and it is linked; or delete it there.",
  )
}
