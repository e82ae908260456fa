import { ErpId, erpId } from "../../../sync/ids"
import type { CreatedVariant, Creation, CreationOutcome } from "../../contract"
import { idIn, Row, rowsIn } from "../rows"
import { isOfRecord, writeError } from "../write/send"
import type { Creating } from "./one-by-one"
import { choicesOf, combinationOf, plainName } from "./problems"
import { loadedWeight } from "./table"

const TEMPLATE = "product.template"

const VARIANTS = {
  create_date: {},
  write_date: {},
  product_variant_ids: {
    fields: {
      ...{ active: {}, default_code: {}, barcode: {}, weight: {} },
      product_template_attribute_value_ids: {
        fields: {
          attribute_id: { fields: { name: {} } },
          product_attribute_value_id: { fields: { name: {} } },
        },
      },
    },
  },
}

interface Pair {
  variant: CreatedVariant
  row: Row
}

/**
 * The product under the key, with its variants by theirs. `load` cannot fill several variants, so
 * their codes and weights follow: only into blanks, and only while nobody saved the product since it
 * was made, so that nothing is ever written over.
 */
export const completed = async (
  creating: Creating,
  creation: Creation,
  id: ErpId,
): Promise<CreationOutcome> => {
  const { session, options } = creating
  const { value } = await session.call(
    {
      model: TEMPLATE,
      method: "web_read",
      ids: [Number(id)],
      args: { specification: VARIANTS, context: { active_test: false } },
    },
    options,
  )
  const [product] = rowsIn(value, TEMPLATE)
  const pairs = product ? pairsOf(creation, rowsIn(product["product_variant_ids"], "variants")) : []
  if (product && pairs.length > 1 && product["create_date"] === product["write_date"]) {
    await fillBlanks(creating, creation, product.id, pairs)
  }
  const variants = pairs.map(({ variant, row }) => ({ key: variant.key, id: erpId(row.id) }))
  return { outcome: "created", id, variants }
}

const pairsOf = (creation: Creation, rows: readonly Row[]): Pair[] => {
  const sold = rows.filter((row) => row["active"] === true)
  const candidates = sold.length > 0 ? sold : rows
  const choices = choicesOf(creation).map(({ title }) => plainName(title))
  const byCombination = new Map(candidates.map((row) => [combinationIn(row, choices), row]))
  return creation.variants.flatMap((variant) => {
    const row = byCombination.get(combinationOf(creation, variant))
    return row === undefined ? [] : [{ variant, row }]
  })
}

/** A variant's values as `combinationOf` writes them. */
const combinationIn = (row: Row, choices: readonly string[]): string => {
  const named = new Map(
    rowsIn(row["product_template_attribute_value_ids"], "option_values").map((pair) => [
      nameIn(pair["attribute_id"]),
      nameIn(pair["product_attribute_value_id"]),
    ]),
  )
  return JSON.stringify(choices.map((choice) => named.get(choice) ?? ""))
}

const nameIn = (value: unknown): string =>
  idIn(value, "option_values") === null ? "" : plainName(String((value as Row)["name"]))

const fillBlanks = async (
  creating: Creating,
  creation: Creation,
  template: number,
  pairs: readonly Pair[],
): Promise<void> => {
  const commands = pairs.flatMap(({ variant, row }) => {
    const vals = blanksOf(creating, creation, variant, row)
    return Object.keys(vals).length === 0 ? [] : [[1, row.id, vals]]
  })
  if (commands.length === 0) return
  const isDone = await save(creating, template, commands)
  if (isDone) return
  // One variant's value is at fault: the others keep theirs, its own shows as a difference.
  for (const command of commands) await save(creating, template, [command])
}

const blanksOf = (
  { unit, facts }: Creating,
  creation: Creation,
  { sku, barcode, weight }: CreatedVariant,
  row: Row,
): Record<string, unknown> => ({
  ...(isBlank(row["default_code"]) && !isBlank(sku) && { default_code: sku }),
  ...(isBlank(row["barcode"]) && !isBlank(barcode) && { barcode }),
  ...(isBlank(row["weight"]) &&
    !isBlank(weight) && {
      weight: Number(loadedWeight(weight ?? "0", { creation, unit, variant: facts.variant })),
    }),
})

const isBlank = (value: unknown): boolean =>
  value === null || value === false || value === "" || value === 0

/** False when Odoo does not take one of the values. @throws SyncError for any other reason */
const save = async (
  { session, options }: Creating,
  template: number,
  commands: readonly unknown[],
): Promise<boolean> => {
  const vals = { product_variant_ids: commands }
  const call = { model: TEMPLATE, method: "write", ids: [template], args: { vals } }
  try {
    await session.call(call, { ...options, write: true })
    return true
  } catch (thrown) {
    const error = writeError(thrown, options)
    if (!isOfRecord(error)) throw error
    session.log("warn", `A variant of a new product is left without its values. ${error.message}`)
    return false
  }
}
