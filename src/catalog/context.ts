import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { Logger, MedusaContainer } from "@medusajs/framework/types"

/** What every part of the catalog works with. */
export interface CatalogContext {
  container: MedusaContainer
  /** Medusa's own pool. */
  db: Knex
  logger: Logger
}
