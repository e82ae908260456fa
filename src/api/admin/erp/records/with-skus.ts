import { MedusaContainer } from "@medusajs/framework/types"
import { ContainerRegistrationKeys } from "@medusajs/framework/utils"
import { RecordView } from "../../../../runtime/views"

/** The records with the present SKU of each variant, which only the store's catalog knows. */
export const withSkus = async (
  container: MedusaContainer,
  records: RecordView[],
): Promise<RecordView[]> => {
  const ids = records.flatMap(({ variants }) => variants.map(({ medusa_id }) => medusa_id))
  if (ids.length === 0) return records
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data } = await query.graph({
    entity: "product_variant",
    fields: ["id", "sku"],
    filters: { id: [...new Set(ids)] },
  })
  const skus = new Map(data.map(({ id, sku }) => [id, sku ?? null]))
  return records.map((record) => ({
    ...record,
    variants: record.variants.map((variant) => ({
      ...variant,
      sku: skus.get(variant.medusa_id) ?? variant.sku,
    })),
  }))
}
