import {
  CreateProductVariantWorkflowInputDTO,
  CreateProductWorkflowInputDTO,
} from "@medusajs/framework/types"
import { CreateProduct, CreateVariant } from "../engine/ports"
import { attributeInput } from "./attributes"

/** Medusa has no product without options; these are the admin's names for the one that says nothing. */
export const DEFAULT_OPTION = { title: "Default option", value: "Default option value" } as const

export type ProductInput = CreateProductWorkflowInputDTO & { id: string }
export type VariantInput = CreateProductVariantWorkflowInputDTO & { id: string; product_id: string }

/** What `createProductsWorkflow` gets for a product. */
export const productInput = (
  product: CreateProduct,
  handle: string,
  items: ReadonlyMap<string, string>,
  tags: ReadonlyMap<string, string> = new Map(),
): ProductInput => ({
  id: product.id,
  title: product.title,
  handle,
  status: product.status,
  external_id: product.external_id,
  ...(product.description === null ? {} : { description: product.description }),
  ...attributeInput(product.attributes),
  category_ids: [...product.category_ids],
  ...(product.tags && { tag_ids: product.tags.flatMap((value) => tags.get(value) ?? []) }),
  options: optionInputs(product),
  sales_channels: product.sales_channel_ids.map((id) => ({ id })),
  ...(product.shipping_profile_id === null
    ? {}
    : { shipping_profile_id: product.shipping_profile_id }),
  variants: product.variants.map((variant) => variantInput(product.id, variant, items)),
})

/** The product's options, the default one where the ERP has none. */
export const optionInputs = (product: CreateProduct): { title: string; values: string[] }[] =>
  product.options.length > 0
    ? product.options.map(({ title, values }) => ({ title, values: [...values] }))
    : [{ title: DEFAULT_OPTION.title, values: [DEFAULT_OPTION.value] }]

/** What `createProductVariantsWorkflow` gets for a variant. */
export const variantInput = (
  productId: string,
  variant: CreateVariant,
  items: ReadonlyMap<string, string>,
): VariantInput => {
  const itemId = items.get(variant.id)
  return {
    id: variant.id,
    product_id: productId,
    title: variant.title,
    sku: variant.sku,
    barcode: variant.barcode,
    weight: variant.weight === null ? null : Number(variant.weight),
    manage_inventory: variant.manage_inventory,
    allow_backorder: variant.allow_backorder,
    ...attributeInput(variant.attributes),
    options: assignment(variant.options),
    prices: variant.prices.map(({ currency, amount }) => ({ currency_code: currency, amount })),
    ...(itemId === undefined
      ? {}
      : { inventory_items: [{ inventory_item_id: itemId, required_quantity: 1 }] }),
  }
}

/** Option title to value, the default ones where the ERP has no options. */
export const assignment = (options: Record<string, string>): Record<string, string> =>
  Object.keys(options).length > 0
    ? { ...options }
    : { [DEFAULT_OPTION.title]: DEFAULT_OPTION.value }
