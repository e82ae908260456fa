import { MedusaContainer } from "@medusajs/framework/types"
import { ContainerRegistrationKeys } from "@medusajs/framework/utils"
import {
  createInventoryLevelsWorkflow,
  createProductCategoriesWorkflow,
  createProductsWorkflow,
} from "@medusajs/medusa/core-flows"
import { createOdooConnector } from "../../src/connectors/odoo"
import { ErpCategory, ErpProduct, ErpVariantStock } from "../../src/sync/canonical"
import {
  assignmentOf,
  optionNames,
  variantTitle,
  withDefaultOption,
} from "../../src/sync/default-option"

const PRODUCTS_AT_ONCE = 100
const LEVELS_AT_ONCE = 200

/**
 * The same catalog through Medusa's own workflows at their best batch sizes, already fetched and in
 * memory: what an importer could reach that did nothing else.
 */
export const coreImport = async (container: MedusaContainer): Promise<{ milliseconds: number }> => {
  const catalog = await fetchCatalog()
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data: channels } = await query.graph({ entity: "sales_channel", fields: ["id"] })
  const { data: profiles } = await query.graph({ entity: "shipping_profile", fields: ["id"] })
  const { data: locations } = await query.graph({
    entity: "stock_location",
    fields: ["id", "name"],
  })

  const started = performance.now()
  const categories = await createCategories(container, catalog.categories)
  const levels: { inventory_item_id: string; location_id: string; stocked_quantity: number }[] = []
  const stock = new Map(catalog.stock.map((record) => [record.id, record]))
  for (let start = 0; start < catalog.products.length; start += PRODUCTS_AT_ONCE) {
    const chunk = catalog.products.slice(start, start + PRODUCTS_AT_ONCE).map(withDefaultOption)
    const { result } = await createProductsWorkflow(container).run({
      input: {
        products: chunk.map((product) => ({
          title: product.title,
          handle: `bench-${product.id}`,
          description: product.description ?? undefined,
          status: "published" as const,
          external_id: product.id,
          category_ids: product.category_ids.flatMap((id) => categories.get(id) ?? []),
          sales_channels: channels.slice(0, 1).map(({ id }) => ({ id })),
          shipping_profile_id: profiles[0]?.id,
          options: product.options.map((option) => ({
            title: option.title,
            values: option.values.map((value) => value.title),
          })),
          variants: variantsOf(product),
        })),
      },
    })
    const bySku = new Map(
      chunk.flatMap((product) => product.variants.map((variant) => [variant.sku, variant.id])),
    )
    const { data: variants } = await query.graph({
      entity: "product_variant",
      fields: ["sku", "inventory_items.inventory_item_id"],
      filters: { product_id: result.map((product) => product.id) },
    })
    for (const variant of variants) {
      const record = stock.get(bySku.get(variant.sku) ?? ("" as never))
      const item = variant.inventory_items?.[0]?.inventory_item_id
      for (const location of item ? locations : []) {
        levels.push({
          inventory_item_id: String(item),
          location_id: location.id,
          stocked_quantity: Number(record?.levels[0]?.available ?? 0),
        })
      }
    }
  }
  for (let start = 0; start < levels.length; start += LEVELS_AT_ONCE) {
    await createInventoryLevelsWorkflow(container).run({
      input: { inventory_levels: levels.slice(start, start + LEVELS_AT_ONCE) },
    })
  }
  return { milliseconds: performance.now() - started }
}

const variantsOf = (product: ErpProduct) => {
  const names = optionNames(product)
  return product.variants.map((variant) => ({
    title: variantTitle(product, variant, names),
    sku: variant.sku ?? undefined,
    barcode: variant.barcode ?? undefined,
    manage_inventory: variant.tracked,
    options: assignmentOf(product, variant, names) ?? {},
    prices: (variant.prices ?? []).map((price) => ({
      currency_code: price.currency,
      amount: Number(price.amount),
    })),
  }))
}

const createCategories = async (
  container: MedusaContainer,
  categories: ErpCategory[],
): Promise<Map<string, string>> => {
  const ids = new Map<string, string>()
  let open = categories
  while (open.length > 0) {
    const ready = open.filter(
      (category) => category.parent_id === null || ids.has(category.parent_id),
    )
    const { result } = await createProductCategoriesWorkflow(container).run({
      input: {
        product_categories: ready.map((category) => ({
          name: category.name,
          handle: `bench-${category.id}`,
          is_active: true,
          parent_category_id: category.parent_id === null ? null : ids.get(category.parent_id),
        })),
      },
    })
    ready.forEach((category, index) => ids.set(category.id, result[index]?.id ?? ""))
    open = open.filter((category) => !ids.has(category.id))
  }
  return ids
}

const fetchCatalog = async (): Promise<{
  categories: ErpCategory[]
  products: ErpProduct[]
  stock: ErpVariantStock[]
}> => {
  const { env } = process
  const connector = createOdooConnector({
    connection_id: "bench",
    credentials: {
      url: env.ODOO_URL,
      database: env.ODOO_DATABASE,
      login: env.ODOO_LOGIN,
      api_key: env.ODOO_API_KEY,
    },
    settings: {},
    http: {},
    log: () => undefined,
  })
  const all = async <S extends "categories" | "products" | "stock">(stream: S) => {
    const records = []
    for await (const page of connector.pull(stream, null)) {
      records.push(...page.records)
    }
    return records
  }
  const catalog = {
    categories: await all("categories"),
    products: await all("products"),
    stock: await all("stock"),
  }
  await connector.close()
  return catalog
}
