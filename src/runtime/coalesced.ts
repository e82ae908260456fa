/**
 * A function that calls `work` at once, and then at most once in `ms` milliseconds with all that was
 * named in between: a burst costs two calls, and the last of it is never left out.
 */
export const coalesced = <T>(ms: number, work: (names: Set<T>) => void): ((name: T) => void) => {
  let waiting = new Set<T>()
  let pausing = false
  const next = (): void => {
    if (waiting.size === 0) {
      pausing = false
      return
    }
    const names = waiting
    waiting = new Set()
    pausing = true
    setTimeout(next, ms).unref()
    work(names)
  }
  return (name) => {
    waiting.add(name)
    if (!pausing) {
      next()
    }
  }
}
