import { JsonObject } from "../erp/odoo"
import { given } from "./catalog-fixtures"
import { Stage } from "./sync-stage"

const LINE = "product.template.attribute.line"

let counter = 0

/** A tracked product with one variant; answers its template's id. */
export const makeProduct = ({ world }: Stage, vals: JsonObject = {}): number => {
  counter += 1
  return world.create("product.template", {
    name: `Lamp ${counter}`,
    default_code: `LAMP-${counter}`,
    list_price: 10,
    is_storable: true,
    ...vals,
  })
}

/** Ids of a template's variants, archived ones included, ascending. */
export const variantsOf = ({ world }: Stage, template: number): number[] =>
  world.search("product.product", [["product_tmpl_id", "=", template]], { active_test: false })

export const onlyVariant = (stage: Stage, template: number): number =>
  given(variantsOf(stage, template)[0])

export interface Attribute {
  id: number
  values: number[]
}

export const makeAttribute = (
  { world }: Stage,
  name: string,
  values: string[],
  vals: JsonObject = {},
): Attribute => {
  const id = world.create("product.attribute", { name, ...vals })
  return {
    id,
    values: values.map((value) =>
      world.create("product.attribute.value", { name: value, attribute_id: id }),
    ),
  }
}

export const addLine = (
  { world }: Stage,
  template: number,
  { id, values }: Attribute,
  use: readonly number[] = values,
): void =>
  world.write("product.template", template, {
    attribute_line_ids: [[0, 0, { attribute_id: id, value_ids: [[6, 0, use]] }]],
  })

export const lineOf = ({ world }: Stage, template: number, { id }: Attribute): number =>
  given(
    world.search(LINE, [
      ["product_tmpl_id", "=", template],
      ["attribute_id", "=", id],
    ])[0],
  )

/** Gives a line more values, or takes some away. */
export const changeLine = (
  stage: Stage,
  template: number,
  attribute: Attribute,
  values: readonly number[],
): void =>
  stage.world.write(LINE, lineOf(stage, template, attribute), { value_ids: [[6, 0, values]] })

export const removeLine = (stage: Stage, template: number, attribute: Attribute): void =>
  stage.world.unlink(LINE, lineOf(stage, template, attribute))

/** The stock location of a warehouse, by its code. */
export const placeOf = ({ world }: Stage, code: "WH" | "WH2" = "WH"): number => {
  const [warehouse] = world.search("stock.warehouse", [["code", "=", code]])
  return Number(given(world.row("stock.warehouse", given(warehouse)))["lot_stock_id"])
}

/** Counts a variant in a warehouse. */
export const count = (
  stage: Stage,
  variant: number,
  quantity: number,
  code: "WH" | "WH2" = "WH",
): void => stage.world.setStock(variant, placeOf(stage, code), quantity)
