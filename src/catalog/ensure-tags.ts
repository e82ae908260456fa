import { createProductTagsWorkflow } from "@medusajs/medusa/core-flows"
import { WriteOrigin } from "../engine/ports"
import { CatalogContext } from "./context"
import { query, queryByIds } from "./database"

/**
 * Ids of tags by their values; those that the store does not have are made through Medusa's workflow. One
 * that another instance made meanwhile is found the second time.
 */
export const ensureTags = async (
  context: CatalogContext,
  values: readonly string[],
  origin?: WriteOrigin,
): Promise<ReadonlyMap<string, string>> => {
  const wanted = [...new Set(values)]
  const known = await findTags(context, wanted)
  const missing = wanted.filter((value) => !known.has(value))
  if (missing.length === 0) {
    return known
  }
  try {
    await createProductTagsWorkflow(context.container).run({
      input: { product_tags: missing.map((value) => ({ value })) },
      ...(origin && { context: { eventGroupId: origin.group_id } }),
    })
  } catch (error) {
    const found = await findTags(context, missing)
    if (missing.every((value) => !found.has(value))) {
      throw error
    }
    return ensureTags(context, wanted, origin)
  }
  return findTags(context, wanted)
}

const findTags = async (
  { db }: CatalogContext,
  values: readonly string[],
): Promise<Map<string, string>> => {
  const rows = await queryByIds([...values], (chunk) =>
    query<{ id: string; value: string }>(
      db,
      "select id, value from product_tag where value = any(?) and deleted_at is null",
      [chunk],
    ),
  )
  return new Map(rows.map(({ id, value }) => [value, id]))
}
