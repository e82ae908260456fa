import { chunksOf, Database, query } from "./database"

/** A record of the store of which a translation tells. */
export interface Translated {
  /** Table of the record, such as `product_variant`. */
  reference: string
  id: string
}

/**
 * The records behind translations, deleted ones too, each once. Only where Medusa's translation module
 * is part of the store: else there is no such table.
 */
export const readTranslated = async (
  db: Database,
  translationIds: readonly string[],
): Promise<Translated[]> => {
  const found: Translated[] = []
  for (const chunk of chunksOf(translationIds, 2000)) {
    found.push(
      ...(await query<Translated>(
        db,
        `select distinct reference, reference_id as id from translation
          where id = any(?) order by reference, reference_id`,
        [chunk],
      )),
    )
  }
  return found
}
