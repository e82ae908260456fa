import { useCallback } from "react"
import { useTranslation } from "react-i18next"
import type en from "../i18n/en.json"

type Path<Node> = {
  [Name in keyof Node & string]: Node[Name] extends string ? Name : `${Name}.${Path<Node[Name]>}`
}[keyof Node & string]

type WithoutPlural<Key> = Key extends `${infer Stem}_one` | `${infer Stem}_other` ? Stem : Key

/** A key of our words, so that a missing one does not compile. */
export type TextKey = WithoutPlural<Path<typeof en>>

export type Text = (key: TextKey, values?: Record<string, unknown>) => string

/** Our words in the language of the dashboard. */
export const useText = (): Text => {
  const { t } = useTranslation("erp")
  return useCallback((key, values) => String(t(key, { ...values })), [t])
}

/** A code that a connector or the store may extend: our words for it where we know it. */
export const useCode = (): ((prefix: "parked.reasons" | "entity", code: string) => string) => {
  const { t } = useTranslation("erp")
  return useCallback(
    (prefix, code) => String(t(`${prefix}.${code}`, { defaultValue: sentence(code) })),
    [t],
  )
}

const sentence = (code: string): string => {
  const words = code.replaceAll(/[_.:-]+/g, " ").trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
