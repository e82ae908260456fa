import { setTimeout as sleep } from "node:timers/promises"

/** Asks until the answer is yes; resolves to the milliseconds that took. */
export const until = async (
  what: string,
  ask: () => Promise<boolean>,
  timeoutMs: number,
): Promise<number> => {
  const from = performance.now()
  while (!(await ask())) {
    if (performance.now() - from > timeoutMs) {
      throw new Error(`Not within ${timeoutMs / 1000} s: ${what}`)
    }
    await sleep(20)
  }
  return performance.now() - from
}
