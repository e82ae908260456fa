import { useMemo } from "react"
import { useTranslation } from "react-i18next"
import { duration, exactTime, localeOf, relativeTime } from "./format"

/** Numbers and times as the language of the dashboard writes them. */
export const useFormat = () => {
  const { i18n } = useTranslation("erp")
  const locale = localeOf(i18n.language)
  return useMemo(
    () => ({
      number: (value: number) => new Intl.NumberFormat(locale).format(value),
      list: (values: string[]) =>
        new Intl.ListFormat(locale, { type: "conjunction" }).format(values),
      duration: (ms: number) => duration(ms, locale),
      relative: (at: string, now: Date) => relativeTime(new Date(at), now, locale),
      exact: (at: string) => exactTime(new Date(at), locale),
    }),
    [locale],
  )
}
