import { readTranslated } from "../catalog"
import { markEdited } from "./marks"
import { Runtime } from "./runtime"

/**
 * Marks the records whose translations were made, changed or deleted; an event names the translation
 * alone. Records that are no part of the sync are passed over.
 */
export const markTranslated = async (
  runtime: Runtime,
  translationIds: readonly string[],
): Promise<void> => {
  const edited = new Map<string, string[]>()
  for (const { reference, id } of await readTranslated(runtime.db, translationIds)) {
    edited.set(reference, [...(edited.get(reference) ?? []), id])
  }
  for (const [reference, ids] of edited) {
    // A translation is an edit of its record, whose events bear the name of its table with hyphens.
    await markEdited(runtime, `${reference.replaceAll("_", "-")}.updated`, ids)
  }
}
