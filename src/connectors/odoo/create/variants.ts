import Big from "big.js"

import type { RequestOptions, VariantCreation, VariantCreationOutcome } from "../../contract"
import { shown } from "../../door"
import { KEY_MODULE } from "../capabilities"
import { LIST } from "../map-prices"
import type { OdooSession } from "../session"
import { Unsupported, unsupported } from "../write/outcomes"
import { firstUnsendable } from "../write/unsendable"
import { createValue, knownValues } from "./attributes"
import { takenBarcode } from "./barcodes"
import { Choice, choicesFor, twinOf } from "./combination"
import { findKey } from "./keys"
import { loadRecord } from "./load"
import {
  Line,
  Matrix,
  matrixIn,
  MATRIX,
  offers,
  ownOf,
  readMatrix,
  TEMPLATE,
  WHOLE,
} from "./matrix"
import { Creating, oneByOne } from "./one-by-one"
import { plainName } from "./problems"
import { LoadTable, loadedWeight } from "./table"

/**
 * Adds variants to products that Odoo has, each under an external id that `load` never makes twice; what
 * exists under the key already is answered as it is. Odoo makes the whole matrix of a product's values
 * and wakes archived variants whenever its attribute lines change: here they are changed without that,
 * and the one combination that was asked for is made.
 * @throws SyncError before anything was sent
 */
export const createVariants = (
  session: OdooSession,
  creations: readonly VariantCreation[],
  options: RequestOptions,
): Promise<VariantCreationOutcome[]> => oneByOne(session, creations, options, createOne)

const createOne = async (
  creating: Creating,
  creation: VariantCreation,
): Promise<VariantCreationOutcome> => {
  const { session, options } = creating
  const existing = await findKey(session, "product.product", creation.key, options)
  if (existing !== null) return { outcome: "created", id: existing }
  const unsendable = await unsendableText(creating, creation)
  if (unsendable) return unsendable
  const matrix = await readMatrix(creating, creation.product_id)
  if (!matrix) return noProduct(creation)
  const choices = choicesFor(matrix, creation)
  if (!Array.isArray(choices)) return choices
  const known = await inDictionary(creating, choices)
  const problem =
    twinOf(matrix, known) ??
    priceProblem(creating, creation, matrix, known) ??
    (await takenBarcode(session, { variants: [creation] }, options))
  if (problem) return problem
  const extended = await extend(creating, creation, matrix, await completed(creating, known))
  return extended
    ? loadVariant(creating, creation, extended.matrix, extended.values)
    : noProduct(creation)
}

const unsendableText = async (
  { session, options }: Creating,
  { values, sku, barcode }: VariantCreation,
) => {
  const { charset } = await session.protocol(options)
  return firstUnsendable(
    [...values.map(({ title }) => ["options", title] as const), ["sku", sku], ["barcode", barcode]],
    charset,
  )
}

const noProduct = ({ product_id: id }: VariantCreation): Unsupported =>
  unsupported("*", `Odoo has no product with id ${id} any more.`, "The next sync finds it gone.")

interface Known extends Choice {
  /** What the value adds to the product's price. */
  extra: Big
}

/** Values that their lines lack, by their names in the dictionary; what is missing there has no id. */
const inDictionary = async (
  { session, options }: Creating,
  choices: readonly Choice[],
): Promise<Known[]> => {
  const known: Known[] = []
  for (const choice of choices) {
    const { line, value, title } = choice
    const own = value === null ? undefined : ownOf(line, value)
    if (own) {
      known.push({ ...choice, extra: own.extra })
      continue
    }
    const found = (await knownValues(session, line.attribute, options)).find(({ id, name }) =>
      value === null ? plainName(name) === plainName(title) : id === value,
    )
    known.push({ ...choice, value: found?.id ?? null, extra: found?.extra ?? new Big(0) })
  }
  return known
}

/** Odoo keeps one price for the product, to which values add: a variant has no say of its own. */
const priceProblem = (
  { facts }: Creating,
  { prices }: VariantCreation,
  { list_price: list }: Matrix,
  values: readonly Known[],
): Unsupported | null => {
  const price = values.reduce((sum, { extra }) => sum.plus(extra), list)
  const other = prices.find(
    (wanted) =>
      wanted.list !== LIST || wanted.currency !== facts.currency || !price.eq(wanted.amount),
  )
  return other
    ? unsupported(
        `price:${other.list}:${other.currency}`,
        `Odoo keeps one price for the whole product, and this variant would cost ${price.toFixed()} ${facts.currency.toUpperCase()}.`,
        "Give the variant that price in the store, or extra prices to its values in Odoo.",
      )
    : null
}

type Completed = Known & { value: number }

/** The dictionary's ids of all values; those that are missing are made. */
const completed = async (
  { session, options }: Creating,
  values: readonly Known[],
): Promise<Completed[]> => {
  const made: Completed[] = []
  for (const known of values) {
    const { line, value, title } = known
    const id = value ?? (await createValue(session, line.attribute, title, options))
    made.push({ ...known, value: id })
  }
  return made
}

/**
 * The product's lines with these values. Odoo's own two switches keep it from making the matrix: the
 * values' records, which it would make on the way there, are made here, in the same transaction.
 */
const extend = async (
  { session, options }: Creating,
  { product_id: id }: VariantCreation,
  matrix: Matrix,
  values: readonly Completed[],
): Promise<{ matrix: Matrix; values: readonly Completed[] } | null> => {
  const missing = values.filter(({ line, value }) => !offers(line, value))
  if (missing.length === 0) return { matrix, values }
  const { value } = await session.call(
    {
      model: TEMPLATE,
      method: "web_save",
      ids: [Number(id)],
      args: {
        vals: { attribute_line_ids: missing.map(lineCommand) },
        specification: MATRIX,
        context: {
          ...WHOLE,
          create_product_product: false,
          update_product_template_attribute_values: false,
        },
      },
    },
    { ...options, write: true },
  )
  const extended = matrixIn(value)
  return extended && { matrix: extended, values }
}

const lineCommand = ({ line, value, extra }: Completed): unknown => {
  const own = ownOf(line, value)
  const offered = line.values.some((entry) => entry.id === value)
  return [
    1,
    line.id,
    {
      ...(!offered && { value_ids: [[4, value]] }),
      product_template_value_ids: [
        own
          ? [1, own.id, { ptav_active: true }]
          : [0, 0, { product_attribute_value_id: value, price_extra: Number(extra) }],
      ],
    },
  ]
}

const loadVariant = async (
  { session, facts, unit, options }: Creating,
  creation: VariantCreation,
  matrix: Matrix,
  values: readonly Completed[],
): Promise<VariantCreationOutcome> => {
  const { key, product_id: product, sku, barcode, weight } = creation
  const cells: Record<string, string> = {
    id: `${KEY_MODULE}.${key}`,
    "product_tmpl_id/.id": product,
    "product_template_attribute_value_ids/.id": values
      .flatMap(({ line, value }) => ownIn(matrix, line, value)?.id ?? [])
      .join(","),
    default_code: sku ?? "",
    barcode: barcode ?? "",
    weight:
      weight === null ? "0" : loadedWeight(weight, { creation, unit, variant: facts.variant }),
  }
  const table: LoadTable = { fields: Object.keys(cells), data: [Object.values(cells)] }
  const loaded = await loadRecord(session, "product.product", table, options)
  if (typeof loaded === "string") return { outcome: "created", id: loaded }
  const { field, message } = loaded
  return {
    outcome: "invalid",
    field,
    value: shown(
      field === "sku" || field === "barcode" || field === "weight" ? creation[field] : key,
    ),
    message: `Odoo did not take the new variant. It said: ${message}`,
    remedy: "Correct the variant in the store as the message says.",
  }
}

const ownIn = (matrix: Matrix, { id }: Line, value: number) => {
  const line = matrix.lines.find((entry) => entry.id === id)
  return line && ownOf(line, value)
}
