import type { ProductFacts } from "../map-product"
import type { OdooCall } from "../protocol"
import { Row, rowsIn } from "../rows"
import { categorySpecification, Specification } from "../specifications"
import { templateOf, templateSpecification, variantSpecification } from "./present"
import type { Subject, Vals } from "./vals"

/** One record's write. */
export interface Unit {
  subject: Subject
  model: string
  vals: Vals
}

/** Writes that one call carries out together, or not at all. */
export interface WriteRequest {
  units: readonly Unit[]
  call: OdooCall
  /** The written records as the call's own answer shows them. @throws Refusal */
  rowsIn(value: unknown): Row[]
}

/**
 * As few calls as this Odoo allows. 19 writes different values to many records of a model in one
 * (`web_save_multi`); before, a product is saved with its variants as commands below it.
 */
export const requestsFor = (
  units: readonly Unit[],
  facts: ProductFacts,
  major: number,
): WriteRequest[] =>
  major >= 19
    ? MODELS.flatMap((model) => {
        const own = units.filter((unit) => unit.model === model)
        return own.length === 0 ? [] : [manyAtOnce(model, own, facts)]
      })
    : oneByOne(units, facts)

const MODELS = ["product.category", "product.template", "product.product"] as const

const specificationOf = (model: string, facts: ProductFacts): Specification => {
  switch (model) {
    case "product.category":
      return categorySpecification
    case "product.template":
      return templateSpecification(facts)
    default:
      return variantSpecification(facts)
  }
}

const idsOf = (units: readonly Unit[]): number[] => units.map(({ subject }) => subject.id)

const manyAtOnce = (model: string, units: readonly Unit[], facts: ProductFacts): WriteRequest => ({
  units,
  call: {
    model,
    method: "web_save_multi",
    ids: idsOf(units),
    args: {
      vals_list: units.map(({ vals }) => vals),
      specification: specificationOf(model, facts),
    },
  },
  rowsIn: (value) => rowsIn(value, model),
})

const oneByOne = (units: readonly Unit[], facts: ProductFacts): WriteRequest[] => {
  const products = new Map<number, Unit[]>()
  const requests: WriteRequest[] = []
  for (const unit of units) {
    if (unit.model === "product.category") {
      requests.push(saved(unit, facts))
      continue
    }
    const { id, row } = unit.subject
    const template = unit.model === "product.template" ? id : templateOf(row)
    products.set(template, [...(products.get(template) ?? []), unit])
  }
  for (const [template, own] of products) requests.push(...ofProduct(template, own, facts))
  return requests
}

const saved = (unit: Unit, facts: ProductFacts): WriteRequest => ({
  units: [unit],
  call: {
    model: unit.model,
    method: "web_save",
    ids: idsOf([unit]),
    args: { vals: unit.vals, specification: specificationOf(unit.model, facts) },
  },
  rowsIn: (value) => rowsIn(value, unit.model),
})

/** A product and its variants in one call. */
const ofProduct = (
  template: number,
  units: readonly Unit[],
  facts: ProductFacts,
): WriteRequest[] => {
  const own = units.filter(({ model }) => model === "product.template")
  const variants = units.filter(({ model }) => model === "product.product")
  const alone = own.map((unit) => saved(unit, facts))
  if (variants.length === 0) return alone
  // Where archived variants are shown (`active_test`), a returning product does not wake its own.
  const wakes = own.some(({ vals }) => vals["active"] === true)
  const together = wakes ? [] : own
  const commands = variants.map(({ subject, vals }) => [1, subject.id, vals])
  const request: WriteRequest = {
    units: [...together, ...variants],
    call: {
      model: "product.template",
      method: "web_save",
      ids: [template],
      args: {
        vals: { ...together[0]?.vals, product_variant_ids: commands },
        specification: {
          ...templateSpecification(facts),
          product_variant_ids: { fields: variantSpecification(facts) },
        },
        context: { active_test: false },
      },
    },
    rowsIn: (value) => {
      const rows = rowsIn(value, "product.template")
      const below = rows.flatMap((row) => rowsIn(row["product_variant_ids"], "variants"))
      return [...(together.length > 0 ? rows : []), ...below]
    },
  }
  return wakes ? [...alone, request] : [request]
}
