import Big from "big.js"

import type { ErpId } from "../../../sync/ids"
import { decimalOf } from "../../decimal"
import { idIn, Row, rowsIn } from "../rows"
import type { Creating } from "./one-by-one"

export const TEMPLATE = "product.template"

/** What a product's attribute lines and variants are, in one read. */
export const MATRIX = {
  name: {},
  list_price: {},
  attribute_line_ids: {
    fields: {
      active: {},
      attribute_id: { fields: { name: {}, create_variant: {} } },
      value_ids: { fields: { name: {} } },
      product_template_value_ids: {
        fields: { product_attribute_value_id: {}, ptav_active: {}, price_extra: {} },
      },
    },
  },
  product_variant_ids: { fields: { active: {}, product_template_attribute_value_ids: {} } },
}

/** Archived lines and variants are part of it. */
export const WHOLE = { active_test: false }

export interface Matrix {
  name: string
  /** What a variant costs before its values add to it. */
  list_price: Big
  lines: Line[]
  variants: { id: number; active: boolean; values: ReadonlySet<number> }[]
}

/** An attribute of the product, in use. */
export interface Line {
  id: number
  attribute: number
  name: string
  /** Whether its values make variants, at once or on demand. */
  makes_variants: boolean
  values: LineValue[]
  /** The product's own records of values, those out of use among them. */
  own: OwnValue[]
}

export interface LineValue {
  /** Of the dictionary. */
  id: number
  name: string
}

interface OwnValue {
  id: number
  /** Of the dictionary. */
  value: number
  active: boolean
  extra: Big
}

/** Null where Odoo has no such product. @throws SyncError */
export const readMatrix = async (
  { session, options }: Creating,
  product: ErpId,
): Promise<Matrix | null> => {
  const { value } = await session.call(
    {
      model: TEMPLATE,
      method: "web_read",
      ids: [Number(product)],
      args: { specification: MATRIX, context: WHOLE },
    },
    options,
  )
  return matrixIn(value)
}

/** The first product of an answer. @throws Refusal */
export const matrixIn = (value: unknown): Matrix | null => {
  const [row] = rowsIn(value, TEMPLATE)
  return row === undefined
    ? null
    : {
        name: String(row["name"]),
        list_price: new Big(decimalOf(Number(row["list_price"] ?? 0))),
        lines: rowsIn(row["attribute_line_ids"], "options")
          .filter((line) => line["active"] !== false)
          .flatMap(lineOf),
        variants: rowsIn(row["product_variant_ids"], "variants").map((variant) => ({
          id: variant.id,
          active: variant["active"] === true,
          values: new Set(idsIn(variant["product_template_attribute_value_ids"])),
        })),
      }
}

const lineOf = (row: Row): Line[] => {
  const [attribute] = rowsIn([row["attribute_id"]], "options")
  return attribute === undefined
    ? []
    : [
        {
          id: row.id,
          attribute: attribute.id,
          name: String(attribute["name"]),
          makes_variants: attribute["create_variant"] !== "no_variant",
          values: rowsIn(row["value_ids"], "options").map(({ id, name }) => ({
            id,
            name: String(name),
          })),
          own: rowsIn(row["product_template_value_ids"], "options").map((own) => ({
            id: own.id,
            value: idIn(own["product_attribute_value_id"], "options") ?? 0,
            active: own["ptav_active"] === true,
            extra: new Big(decimalOf(Number(own["price_extra"] ?? 0))),
          })),
        },
      ]
}

const idsIn = (value: unknown): number[] =>
  Array.isArray(value) ? (value as unknown[]).flatMap((id) => idIn(id, "option_values") ?? []) : []

/** The product's own record of a value of the dictionary, in use or not. */
export const ownOf = (line: Line, value: number): Line["own"][number] | undefined =>
  line.own.find((own) => own.value === value)

/** Whether the line offers the value already. */
export const offers = (line: Line, value: number): boolean =>
  line.values.some(({ id }) => id === value) && ownOf(line, value)?.active === true
