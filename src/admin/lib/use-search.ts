import { useCallback } from "react"
import { useSearchParams } from "react-router-dom"

/** What the reader has chosen, kept in the address: it survives a reload and the way back. */
export const useSearch = (
  name: string,
): [value: string | undefined, choose: (value: string | undefined, clear?: string) => void] => {
  const [search, setSearch] = useSearchParams()
  const choose = useCallback(
    (value: string | undefined, clear?: string) => {
      setSearch(
        (before) => {
          const after = new URLSearchParams(before)
          if (value === undefined || value === "") after.delete(name)
          else after.set(name, value)
          if (clear) after.delete(clear)
          return after
        },
        { replace: true, preventScrollReset: true },
      )
    },
    [name, setSearch],
  )
  return [search.get(name) ?? undefined, choose]
}

/** An offset in the address; what is not a number counts as the start. */
export const useOffset = (name: string): [offset: number, choose: (offset: number) => void] => {
  const [value, choose] = useSearch(name)
  const offset = Number(value ?? 0)
  const chooseOffset = useCallback(
    (next: number) => choose(next > 0 ? String(next) : undefined),
    [choose],
  )
  return [Number.isInteger(offset) && offset > 0 ? offset : 0, chooseOffset]
}
