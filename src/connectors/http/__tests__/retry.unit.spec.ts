import { SyncError } from "../../../sync/errors"
import { parseRetryAfter, retryDelay, withRetries } from "../retry"
import { FakeClock } from "./fake-clock"

describe("retryDelay", () => {
  it.each([
    [1, undefined, 0.5, 250],
    [2, undefined, 0.5, 500],
    [3, undefined, 0.999, 1998],
    [4, undefined, 0, 0],
    [20, undefined, 0.5, 15_000],
    [1, 7000, 0.9, 7000],
    [1, 0, 0.9, 0],
  ])("attempt %p, asked %p, chance %p: %p ms", (attempt, asked, random, expected) => {
    expect(retryDelay(attempt, asked, random)).toBe(expected)
  })
})

describe("parseRetryAfter", () => {
  const date = "Mon, 23 Nov 2026 03:38:37 GMT"
  it.each([
    ["30", undefined, 30_000],
    ["1.5", undefined, 1500],
    ["Mon, 23 Nov 2026 03:39:37 GMT", date, 60_000],
    ["Mon, 23 Nov 2026 03:00:00 GMT", date, 0],
    ["soon", date, undefined],
    ["", undefined, undefined],
    [undefined, date, undefined],
  ])("%p, served at %p: %p ms", (value, servedAt, expected) => {
    expect(parseRetryAfter(value, servedAt, 0)).toBe(expected)
  })

  it("reads a date against our clock when the answer has none", () => {
    const now = Date.parse(date) - 5000
    expect(parseRetryAfter(date, undefined, now)).toBe(5000)
  })
})

describe("withRetries", () => {
  const failing = (times: number, details: Partial<ConstructorParameters<typeof SyncError>[0]>) => {
    let calls = 0
    return {
      attempt: () => {
        calls += 1
        if (calls > times) return Promise.resolve(calls)
        const base = { kind: "transient" as const, code: "server_error", message: "", remedy: "" }
        return Promise.reject(new SyncError({ ...base, ...details }))
      },
      get calls() {
        return calls
      },
    }
  }
  const options = (clock: FakeClock, idempotent = true) => ({
    clock,
    max_attempts: 3,
    max_wait_ms: 60_000,
    idempotent,
  })

  it("tries a transient failure again, up to the bound", async () => {
    const clock = new FakeClock()
    const twice = withRetries(failing(2, {}).attempt, options(clock))
    await clock.pass(10_000)
    await expect(twice).resolves.toBe(3)
    const thrice = withRetries(failing(3, {}).attempt, options(clock)).catch((e: unknown) => e)
    await clock.pass(10_000)
    await expect(thrice).resolves.toMatchObject({ code: "server_error" })
  })

  it("uses up no attempt while the server asks to wait", async () => {
    const clock = new FakeClock()
    const busy = failing(8, { code: "rate_limited", retry_after_ms: 1000 })
    const done = withRetries(busy.attempt, options(clock))
    await clock.pass(7999)
    expect(busy.calls).toBe(8)
    await clock.pass(1)
    await expect(done).resolves.toBe(9)
  })

  it("leaves a wait that is too long to the schedule, saying how long", async () => {
    const busy = failing(1, { retry_after_ms: 3_600_000 })
    const error = withRetries(busy.attempt, options(new FakeClock()))
    await expect(error).rejects.toMatchObject({ retry_after_ms: 3_600_000 })
    expect(busy.calls).toBe(1)
  })

  it("does not go on for ever where the server asks for no wait at all", async () => {
    const clock = new FakeClock()
    const busy = failing(Infinity, { retry_after_ms: 0 })
    const error = withRetries(busy.attempt, options(clock)).catch((e: unknown) => e)
    await clock.pass(60_000)
    await expect(error).resolves.toMatchObject({ retry_after_ms: 0 })
    expect(busy.calls).toBeLessThan(300)
  })

  it.each([["config"], ["data"], ["bug"]] as const)("does not repeat a %s error", async (kind) => {
    const wrong = failing(1, { kind })
    await expect(withRetries(wrong.attempt, options(new FakeClock()))).rejects.toThrow(SyncError)
    expect(wrong.calls).toBe(1)
  })

  it("never repeats a write", async () => {
    const lost = failing(1, {})
    const error = withRetries(lost.attempt, options(new FakeClock(), false))
    await expect(error).rejects.toThrow(SyncError)
    expect(lost.calls).toBe(1)
  })

  it("stops waiting when aborted", async () => {
    const clock = new FakeClock()
    const abort = new AbortController()
    const waiting = withRetries(failing(1, { retry_after_ms: 5000 }).attempt, {
      ...options(clock),
      signal: abort.signal,
    }).catch((e: unknown) => e)
    await clock.pass(10)
    abort.abort(new Error("stopped"))
    await expect(waiting).resolves.toMatchObject({ message: "stopped" })
    expect(clock.pending).toBe(0)
  })
})
