import { CreateProduct, CreateVariant } from "../../../../src/engine/ports"
import { canonicalDecimal } from "../../../../src/sync/decimal"
import { erpId, medusaId } from "../../../../src/sync/ids"
import { MedusaProduct } from "../../../../src/sync/snapshot"
import { Side } from "./side"

export const CATEGORIES = ["pcat_1", "pcat_2", "pcat_3"].map(medusaId)
export const PRODUCTS = ["prod_1", "prod_2"].map(medusaId)
export const VARIANTS = ["variant_11", "variant_12", "variant_21", "variant_22"].map(medusaId)
export const LOCATION = medusaId("sloc_1")
export const ORIGIN = { group_id: "replay" }

const variant = (id: string, size: string, managed: boolean): CreateVariant => ({
  id: medusaId(id),
  erp_id: erpId(id.slice("variant_".length)),
  title: size,
  sku: `SKU-${id.slice("variant_".length)}`,
  barcode: null,
  weight: "100",
  manage_inventory: managed,
  allow_backorder: false,
  options: { Size: size },
  prices: [{ currency: "eur", amount: "10" }],
})

const product = (place: number): CreateProduct => ({
  id: medusaId(`prod_${place}`),
  erp_id: erpId(place),
  title: `Product ${place}`,
  handle_stem: `Product ${place}`,
  description: null,
  status: "published",
  category_ids: [medusaId("pcat_1")],
  sales_channel_ids: [],
  shipping_profile_id: null,
  external_id: String(place),
  options: [{ title: "Size", values: ["S", "M", "L"] }],
  variants: [
    variant(`variant_${place}1`, "S", true),
    variant(`variant_${place}2`, "M", place === 1),
  ],
})

/** What every script about the catalog begins with. */
export const setScene = async <Tx>({ catalog }: Side<Tx>): Promise<void> => {
  for (const [place, id] of CATEGORIES.entries()) {
    await catalog.createCategories(
      [
        {
          id,
          erp_id: erpId(place + 1),
          name: `Category ${place + 1}`,
          is_active: true,
          parent_id: place === 2 ? medusaId("pcat_2") : null,
        },
      ],
      ORIGIN,
    )
  }
  await catalog.createProducts([product(1), product(2)], ORIGIN)
}

const priceOf = ({ currency, amount }: { currency: string; amount: string }): string =>
  `${canonicalDecimal(amount)} ${currency}`

/** Products with options by name and nothing that either side numbers. */
export const shown = (product: MedusaProduct): object => {
  const names = new Map(
    product.options.flatMap((option) =>
      option.values.map((value) => [value.id, `${option.title}=${value.value}`]),
    ),
  )
  return {
    ...product,
    category_ids: product.category_ids.toSorted(),
    options: product.options
      .map(
        (option) =>
          `${option.title}: ${option.values
            .map(({ value }) => value)
            .sort()
            .join()}`,
      )
      .sort(),
    variants: product.variants
      .map((entry) => ({
        ...entry,
        name: entry.id,
        option_value_ids: entry.option_value_ids.flatMap((id) => names.get(id) ?? []).sort(),
        // What hangs on a deleted variant says nothing any more.
        prices: entry.deleted ? [] : entry.prices.map(priceOf).sort(),
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  }
}
