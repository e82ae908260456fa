/** Seeds one after the other. */
export interface Seeds {
  start: number
  count: number
}

/** Trying a few seeds too many is quicker than one more process. */
const GAP = 4

/** The same seeds, and some of those between them, each once and in as few parts as may be. */
export const joined = (parts: readonly Seeds[]): Seeds[] =>
  parts
    .filter((part) => part.count > 0)
    .toSorted((a, b) => a.start - b.start)
    .reduce<Seeds[]>((done, { start, count }) => {
      const last = done.at(-1)
      if (!last || start > last.start + last.count + GAP) {
        return [...done, { start, count }]
      }
      const end = Math.max(last.start + last.count, start + count)
      return [...done.slice(0, -1), { start: last.start, count: end - last.start }]
    }, [])
