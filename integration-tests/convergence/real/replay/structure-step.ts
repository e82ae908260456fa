import { StructureStep } from "../../../../src/engine/ports"
import { erpId, MedusaId, medusaId } from "../../../../src/sync/ids"
import { Random } from "../../random"
import { ORIGIN, PRODUCTS, shown, VARIANTS } from "./catalog-scene"
import { Maker, one } from "./step"

type Named = (
  options: Map<string, { id: MedusaId; values: Map<string, MedusaId> }>,
) => StructureStep[]

const structureOf = (random: Random): Named => {
  const size = one(random, ["S", "M", "L", "XL"])
  const id = random.pick(VARIANTS) ?? medusaId("variant_11")
  const managed = random.chance(0.5)
  return one<Named>(random, [
    (options) =>
      [...options].slice(0, 1).map(([, { id: option_id }]) => ({
        step: "add_option_values" as const,
        option_id,
        values: [size],
      })),
    (options) =>
      [...options].slice(0, 1).map(([, { id: option_id }]) => ({
        step: "rename_option" as const,
        option_id,
        title: managed ? "Size" : "Fit",
      })),
    (options) =>
      [...options].slice(0, 1).flatMap(([, option]) => {
        const value_id = option.values.get(size)
        return value_id
          ? [{ step: "remove_option_values" as const, option_id: option.id, value_ids: [value_id] }]
          : []
      }),
    (options) =>
      [...options].slice(0, 1).map(([title]) => ({
        step: "assign_options" as const,
        variant_id: id,
        options: { [title]: size },
      })),
    () => [{ step: "set_manage_inventory", variant_id: id, manage_inventory: managed }],
    () => [{ step: "delete_variant", variant_id: id }],
    (options) => [
      {
        step: "create_variants",
        variants: [
          {
            id: medusaId(`variant_n${size}`),
            erp_id: erpId(`n${size}`),
            title: size,
            sku: `SKU-n${size}`,
            barcode: null,
            weight: null,
            manage_inventory: managed,
            allow_backorder: false,
            options: Object.fromEntries([...options.keys()].map((title) => [title, size])),
            prices: [],
          },
        ],
      },
    ],
  ])
}

/** One change of a product's structure. */
export const restructure: Maker = ({ random }) => {
  const place = random.between(0, PRODUCTS.length - 1)
  const make = structureOf(random)
  return {
    name: "applyStructure",
    async run(side) {
      const id = PRODUCTS[place] ?? medusaId("prod_1")
      const product = (await side.catalog.readProducts([id])).get(id)
      const own = new Set(product?.variants.map((variant) => variant.id))
      const options = new Map(
        product?.options.map((option) => [
          option.title,
          { id: option.id, values: new Map(option.values.map(({ id: at, value }) => [value, at])) },
        ]),
      )
      const steps = make(options).filter(
        (step) => !("variant_id" in step) || own.has(step.variant_id),
      )
      if (steps.length > 0) {
        await side.catalog.applyStructure(id, steps, ORIGIN)
      }
      return [steps.map(({ step }) => step), product && shown(product)]
    },
  }
}
