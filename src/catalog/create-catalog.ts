import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { Logger, MedusaContainer } from "@medusajs/framework/types"
import { ContainerRegistrationKeys, generateEntityId } from "@medusajs/framework/utils"
import { Catalog } from "../engine/ports"
import { medusaId } from "../sync/ids"
import { applyStructure } from "./apply-structure"
import { CatalogContext } from "./context"
import { createCategories } from "./create-categories"
import { createProducts } from "./create-products"
import { countCatalog, findVariants } from "./find-variants"
import { withInventoryLock } from "./inventory-lock"
import { moveCategory } from "./move-category"
import { ensurePriceLists, MappedPriceList } from "./price-lists"
import { readCategories } from "./read-categories"
import { readFulfilled, readReservations } from "./read-demand"
import { readLevels } from "./read-levels"
import { readProducts } from "./read-products"
import { readVariants } from "./read-variants"
import { hasTranslations } from "./translations"
import { createWriter, WriterChoice } from "./writers"

export interface CatalogOptions {
  container: MedusaContainer
  logger: Logger
  /** Digits after the point to which weights are read; as many as the column holds by default. */
  weightDigits?: number
  /** `native` turns the guarded SQL off; `auto` uses it where the tables are those that were tested. */
  writer?: WriterChoice
  /** Price lists that are mapped now: their prices are read, and they are made when first written to. */
  priceLists?: () => readonly MappedPriceList[]
}

const ID_PREFIX = { product: "prod", variant: "variant", category: "pcat" } as const

/** The catalog of the store that the container belongs to. */
export const createCatalog = ({
  container,
  logger,
  weightDigits,
  writer = "auto",
  priceLists = () => [],
}: CatalogOptions): Catalog<Knex.Transaction> => {
  const db = container.resolve(ContainerRegistrationKeys.PG_CONNECTION)
  const context: CatalogContext = { container, db, logger }
  const translated = hasTranslations(container)
  const reading = () => ({
    ...{ weightDigits, translated },
    priceLists: priceLists().map(({ id }) => id),
  })
  const { writeValues, lockLevels, writeLevels } = createWriter(context, writer)
  return {
    newId: (entity) => medusaId(generateEntityId(undefined, ID_PREFIX[entity])),

    readCategories: (ids, tx) => readCategories(tx ?? db, ids),
    readProducts: (ids, tx) => readProducts(tx ?? db, ids, reading()),
    readVariants: (ids, tx) => readVariants(tx ?? db, ids, reading()),
    findVariants: (by, values) => findVariants(db, by, values),
    counts: () => countCatalog(db),

    writeValues: async (tx, writes) => {
      await ensurePriceLists(context, priceLists(), writes)
      return writeValues(tx, writes)
    },

    withInventoryLock: (ids, work) => withInventoryLock(container, ids, work),
    readLevels: (pairs) => readLevels(db, pairs),
    lockLevels,
    readReservations: (tx, pairs) => readReservations(tx ?? db, pairs),
    readFulfilled: (tx, pairs, since) => readFulfilled(tx ?? db, pairs, since),
    writeLevels,

    createCategories: (inputs, origin) => createCategories(context, inputs, origin),
    moveCategory: (id, parentId, origin) => moveCategory(context, id, parentId, origin),
    createProducts: (inputs, origin) => createProducts(context, inputs, origin),
    applyStructure: (productId, steps, origin) => applyStructure(context, productId, steps, origin),
  }
}
