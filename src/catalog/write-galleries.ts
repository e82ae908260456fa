import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { generateEntityId } from "@medusajs/framework/utils"
import { isDeepStrictEqual } from "node:util"
import { GalleryOutcome, GalleryWrite, ImageStore } from "../engine/image-ports"
import { MedusaId } from "../sync/ids"
import { EventCollector } from "./catalog-events"
import { query, queryByIds } from "./database"
import { liveIds } from "./lock-rows"
import { readGalleries } from "./read-galleries"

type Written = Awaited<ReturnType<ImageStore<Knex.Transaction>["writeGalleries"]>>

/**
 * Writes galleries that are still as they were planned on: their products' rows are taken without
 * waiting, and the images read again behind that lock. One statement for each kind of change.
 */
export const writeGalleries = async (
  tx: Knex.Transaction,
  writes: GalleryWrite[],
): Promise<Written> => {
  if (writes.length === 0) {
    return { outcomes: [], events: [], writes: 0 }
  }
  const outcomes = await judge(tx, writes)
  const due = writes.filter((_, at) => outcomes[at] === "written")
  const rows = await writeDue(tx, due)
  const events = new EventCollector()
  events.add(
    "product_updated",
    due.map(({ planned_on }) => planned_on.id),
  )
  events.add(
    "variant_updated",
    due.flatMap(({ change }) => change.variant_thumbnails.map(({ variant_id }) => variant_id)),
  )
  return { outcomes, events: events.toEvents(), writes: rows }
}

const judge = async (tx: Knex.Transaction, writes: GalleryWrite[]): Promise<GalleryOutcome[]> => {
  const ids = writes.map(({ planned_on }) => planned_on.id)
  const locked = await lockProducts(tx, ids)
  const alive = await liveIds(tx, "product", ids)
  const present = await readGalleries(tx, [...locked])
  return writes.map(({ planned_on }) => {
    if (!alive.has(planned_on.id)) return "gone"
    if (!locked.has(planned_on.id)) return "locked"
    return isDeepStrictEqual(present.get(planned_on.id), planned_on) ? "written" : "moved"
  })
}

/** Products whose row, images and variants nobody else holds; a busy one is missing. */
const lockProducts = async (tx: Knex.Transaction, ids: MedusaId[]): Promise<Set<MedusaId>> => {
  const products = await lockFree(tx, "product", "id", ids)
  const free = new Set(products)
  for (const table of ["image", "product_variant"] as const) {
    const locked = new Set(await lockFree(tx, table, "product_id", products))
    const rows = await queryByIds(products, (chunk) =>
      query<{ id: MedusaId; product_id: MedusaId }>(
        tx,
        `select id, product_id from ${table} where product_id = any(?) and deleted_at is null`,
        [chunk],
      ),
    )
    for (const row of rows) {
      if (!locked.has(row.id)) free.delete(row.product_id)
    }
  }
  return free
}

const lockFree = async (
  tx: Knex.Transaction,
  table: "product" | "image" | "product_variant",
  column: "id" | "product_id",
  ids: MedusaId[],
): Promise<MedusaId[]> => {
  const rows = await queryByIds(ids, (chunk) =>
    query<{ id: MedusaId }>(
      tx,
      `select id from ${table} where ${column} = any(?) and deleted_at is null
        order by id for no key update skip locked`,
      [chunk],
    ),
  )
  return rows.map(({ id }) => id)
}

const writeDue = async (tx: Knex.Transaction, due: GalleryWrite[]): Promise<number> => {
  const of = <T>(list: (write: GalleryWrite) => T[]): T[] => due.flatMap(list)
  const added = of(({ planned_on, change }) =>
    change.add.map((image) => ({
      id: generateEntityId(undefined, "img"),
      product_id: planned_on.id,
      ...image,
    })),
  )
  const counts = [
    await run(tx, INSERT, added),
    await run(
      tx,
      REPLACE,
      of(({ change }) => change.replace),
    ),
    await run(
      tx,
      REMOVE,
      of(({ change }) => change.remove.map((image_id) => ({ image_id }))),
    ),
    await run(
      tx,
      MOVE,
      of(({ change }) => change.move),
    ),
    await run(
      tx,
      UNASSIGN,
      of(({ change }) => change.unassign),
    ),
    await run(
      tx,
      ASSIGN,
      [
        ...of(({ change }) => change.assign),
        ...added.flatMap(({ id, variant_ids }) =>
          variant_ids.map((variant_id) => ({ image_id: id, variant_id })),
        ),
      ].map((pair) => ({ id: generateEntityId(undefined, "pvpi"), ...pair })),
    ),
    await run(
      tx,
      THUMBNAIL,
      of(({ planned_on, change }) =>
        change.thumbnail === undefined ? [] : [{ id: planned_on.id, url: change.thumbnail }],
      ),
    ),
    await run(
      tx,
      VARIANT_THUMBNAIL,
      of(({ change }) => change.variant_thumbnails),
    ),
  ]
  return counts.reduce((sum, count) => sum + count, 0)
}

const run = async (tx: Knex.Transaction, statement: string, rows: object[]): Promise<number> => {
  if (rows.length > 0) {
    await query(tx, statement, [JSON.stringify(rows)])
  }
  return rows.length
}

const INSERT = `
  insert into image (id, product_id, url, rank)
  select id, product_id, url, rank
    from jsonb_to_recordset(?::jsonb) as v(id text, product_id text, url text, rank integer)`

const REPLACE = `
  update image t set url = v.url, updated_at = now()
    from jsonb_to_recordset(?::jsonb) as v(image_id text, url text) where t.id = v.image_id`

/** As core removes them: images of a product are deleted for good, their assignments with them. */
const REMOVE = `
  with v as (select image_id from jsonb_to_recordset(?::jsonb) as v(image_id text)),
  parted as (
    delete from product_variant_product_image a using v where a.image_id = v.image_id
  )
  delete from image t using v where t.id = v.image_id`

const MOVE = `
  update image t set rank = v.rank, updated_at = now()
    from jsonb_to_recordset(?::jsonb) as v(image_id text, rank integer) where t.id = v.image_id`

const ASSIGN = `
  insert into product_variant_product_image (id, image_id, variant_id)
  select id, image_id, variant_id
    from jsonb_to_recordset(?::jsonb) as v(id text, image_id text, variant_id text)`

const UNASSIGN = `
  delete from product_variant_product_image t
   using jsonb_to_recordset(?::jsonb) as v(image_id text, variant_id text)
   where t.image_id = v.image_id and t.variant_id = v.variant_id`

const THUMBNAIL = `
  update product t set thumbnail = v.url, updated_at = now()
    from jsonb_to_recordset(?::jsonb) as v(id text, url text) where t.id = v.id`

const VARIANT_THUMBNAIL = `
  update product_variant t set thumbnail = v.url, updated_at = now()
    from jsonb_to_recordset(?::jsonb) as v(variant_id text, url text) where t.id = v.variant_id`
