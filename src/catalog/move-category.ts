import { updateProductCategoriesWorkflow } from "@medusajs/medusa/core-flows"
import { WriteOrigin } from "../engine/ports"
import { SyncError } from "../sync/errors"
import { MedusaId } from "../sync/ids"
import { CatalogContext } from "./context"
import { creationError } from "./creation-errors"
import { query } from "./database"
import { readCategories } from "./read-categories"

/**
 * Puts a category under another parent, or at the root, as the last of its siblings. Core would close
 * a cycle without a word, and leaves wrong paths behind when a category goes to the root; both are
 * seen to here.
 *
 * @throws SyncError when the category or the parent is gone, or the move would close a cycle.
 */
export const moveCategory = async (
  context: CatalogContext,
  id: MedusaId,
  parentId: MedusaId | null,
  origin: WriteOrigin,
): Promise<{ writes: number; events: number }> => {
  const categories = await readCategories(context.db, parentId === null ? [id] : [id, parentId])
  const category = categories.get(id)
  const parent = parentId === null ? undefined : categories.get(parentId)
  if (!category || category.deleted || (parentId !== null && (!parent || parent.deleted))) {
    throw moveError(id, parentId, "missing_parent", "one of the two is not in the store any more")
  }
  if (category.parent_id === parentId) {
    return { writes: 0, events: 0 }
  }
  if (parentId !== null && (await isBelow(context, parentId, id))) {
    throw moveError(id, parentId, "category_cycle", "the parent stands below the category itself")
  }
  try {
    await updateProductCategoriesWorkflow(context.container).run({
      input: { selector: { id }, update: { parent_category_id: parentId } },
      context: { eventGroupId: origin.group_id },
    })
  } catch (cause) {
    throw creationError(cause, { record: id, task: "move the category", field: "parent_id" })
  }
  await repairPaths(context, id)
  return { writes: 1, events: 1 }
}

/** Whether a category is the other one or stands below it. */
const isBelow = async (
  { db }: CatalogContext,
  id: MedusaId,
  ancestorId: MedusaId,
): Promise<boolean> => {
  const rows = await query<{ id: string }>(
    db,
    `with recursive up as (
       select id, parent_category_id from product_category where id = ?
       union
       select c.id, c.parent_category_id from product_category c join up on up.parent_category_id = c.id
     ) select id from up where id = ?`,
    [id, ancestorId],
  )
  return rows.length > 0
}

/** Rewrites the paths of a subtree from the parents, where they differ. */
const repairPaths = async ({ db }: CatalogContext, id: MedusaId): Promise<void> => {
  await query(
    db,
    `with recursive down as (
       select c.id, case when p.id is null then c.id else p.mpath || '.' || c.id end as mpath, 0 as depth
         from product_category c left join product_category p on p.id = c.parent_category_id
        where c.id = ?
       union all
       select c.id, down.mpath || '.' || c.id, down.depth + 1
         from product_category c join down on c.parent_category_id = down.id
        where down.depth < 100
     ) update product_category c set mpath = down.mpath from down
        where c.id = down.id and c.mpath <> down.mpath`,
    [id],
  )
}

const moveError = (
  id: MedusaId,
  parentId: MedusaId | null,
  code: string,
  reason: string,
): SyncError =>
  new SyncError({
    kind: "data",
    code,
    scope: "record",
    record: id,
    field: "parent_id",
    ...(parentId === null ? {} : { value: parentId }),
    message: `The category cannot be moved: ${reason}.`,
    remedy: "Correct the tree in the ERP, or restore the category in Medusa.",
  })
