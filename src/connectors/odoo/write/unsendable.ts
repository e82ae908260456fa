import type { Creation, Change } from "../../contract"
import { shown } from "../../door"
import type { Charset } from "../protocol"
import { isSendable, UNFIT_TEXT } from "../sendable"
import type { FieldName } from "../../../sync/values"
import type { Invalid } from "./outcomes"

/** The refusal of a due text that the protocol cannot carry, or null; nothing of it is sent. */
export const unsendableField = (
  { patch }: Change,
  due: readonly FieldName[],
  charset: Charset,
): Invalid | null =>
  firstUnsendable(
    due.map((field) => [field, patch[field]] as const),
    charset,
  )

/** The same of a product to be created: any of its texts. */
export const unsendableCreation = (creation: Creation, charset: Charset): Invalid | null =>
  firstUnsendable(
    [
      ["title", creation.title],
      ["description", creation.description],
      ...creation.options.flatMap(({ title, values }) =>
        [title, ...values].map((text) => ["options", text] as const),
      ),
      ...creation.variants.flatMap(
        ({ sku, barcode }) =>
          [
            ["sku", sku],
            ["barcode", barcode],
          ] as const,
      ),
    ],
    charset,
  )

/** The first of some texts, by field, that the protocol cannot carry, or null. */
export const firstUnsendable = (
  texts: readonly (readonly [field: FieldName, value: unknown])[],
  charset: Charset,
): Invalid | null => {
  const unfit = texts.find(([, value]) => typeof value === "string" && !isSendable(value, charset))
  if (unfit === undefined) return null
  const [field, value] = unfit
  const { is, remedy } = UNFIT_TEXT
  return { outcome: "invalid", field, value: shown(value), message: `The text ${is}.`, remedy }
}
