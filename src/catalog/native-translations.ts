import { generateEntityId, Modules } from "@medusajs/framework/utils"
import { TranslatedEntity } from "../sync/translations"
import { CatalogContext } from "./context"
import { carriedOut } from "./native-records"
import { dueRows, patchOf, presentIn, TranslationRow, readRows } from "./translations"
import { OpenWrite, ValueBatch } from "./value-batch"

/** A record's texts in further languages, a language at a time, through Medusa's service. */
export const writeNativeTranslations = async (
  context: CatalogContext,
  batch: ValueBatch,
  entity: TranslatedEntity,
  writes: readonly OpenWrite[],
): Promise<void> => {
  if (writes.length === 0) {
    return
  }
  const service = context.container.resolve(Modules.TRANSLATION)
  for (const { record, locale, writes: own } of dueRows(writes)) {
    const rows: TranslationRow[] = await readRows(context.db, entity, [record])
    const row = rows.find((entry) => entry.locale === locale)
    const due = own.filter((write) => batch.isDue(write, row ? presentIn(row, write) : null))
    const { adds, removes } = patchOf({ record, locale, writes: due })
    // The service keeps a key that it is not given: an empty text is what it counts as none.
    const emptied = Object.fromEntries(removes.map((text) => [text, ""]))
    const translations = { ...row?.texts, ...adds, ...emptied }
    const id = row?.id ?? generateEntityId(undefined, "trans")
    const done = await carriedOut(batch, due, () =>
      row
        ? service.updateTranslations({ id, translations })
        : service.createTranslations({
            ...{ id, reference: entity, reference_id: record },
            ...{ locale_code: locale, translations },
          }),
    )
    if (done) {
      batch.events.add(row ? "translation_updated" : "translation_created", [id])
    }
  }
}
