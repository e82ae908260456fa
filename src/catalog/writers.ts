import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { Catalog } from "../engine/ports"
import { CatalogContext } from "./context"
import { lockLevels } from "./lock-levels"
import { writeLevelsNatively } from "./native-levels"
import { writeValuesNatively } from "./native-values"
import { checkSchema } from "./schema-fingerprint"
import { hasTranslations } from "./translations"
import { writeLevels } from "./write-levels"
import { writeValues } from "./write-values"

/** `auto`: guarded SQL where the tables are those that were tested. `native`: always the services. */
export type WriterChoice = "auto" | "native"

/** What of the catalog writes values and stock. */
export type Writer = Pick<Catalog<Knex.Transaction>, "writeValues" | "lockLevels" | "writeLevels">

/**
 * Chooses the writer at the first call and stays with it. Tables that are not known are said once in
 * the log.
 */
export const createWriter = (context: CatalogContext, choice: WriterChoice): Writer => {
  let chosen: Promise<Writer> | undefined
  const writer = (): Promise<Writer> => {
    chosen ??= chooseWriter(context, choice).catch((error: unknown) => {
      chosen = undefined
      throw error
    })
    return chosen
  }
  return {
    writeValues: async (tx, writes) => (await writer()).writeValues(tx, writes),
    lockLevels: async (tx, pairs) => (await writer()).lockLevels(tx, pairs),
    writeLevels: async (tx, writes) => (await writer()).writeLevels(tx, writes),
  }
}

const chooseWriter = async (context: CatalogContext, choice: WriterChoice): Promise<Writer> => {
  if (choice === "native") {
    return nativeWriter(context)
  }
  const { known, differences } = await checkSchema(context.db, hasTranslations(context.container))
  if (known) {
    return { writeValues, lockLevels, writeLevels }
  }
  context.logger.warn(
    "The store's tables are not those that were tested, so values are written through Medusa's " +
      `services, slower and without locks: ${differences.slice(0, 5).join("; ")}` +
      (differences.length > 5 ? ` and ${differences.length - 5} more` : ""),
  )
  return nativeWriter(context)
}

const nativeWriter = (context: CatalogContext): Writer => ({
  writeValues: (_tx, writes) => writeValuesNatively(context, writes),
  lockLevels: (tx, pairs) => lockLevels(tx, pairs, "none"),
  writeLevels: (_tx, writes) => writeLevelsNatively(context, writes),
})
