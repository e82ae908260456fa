import { Governor } from "../governor"
import { FakeClock } from "./fake-clock"

const gate = () => {
  const opened: (() => void)[] = []
  return {
    task: () => new Promise<void>((resolve) => opened.push(resolve)),
    open: () => opened.shift()?.(),
    get started() {
      return opened.length
    },
  }
}

describe("the governor", () => {
  it("lets no more than `in_flight` requests out at once", async () => {
    const clock = new FakeClock()
    const governor = new Governor({ in_flight: 2, per_second: 100 }, clock)
    const { task, open, ...rest } = gate()
    const all = [1, 2, 3].map(() => governor.run(task))
    await clock.pass(0)
    expect(governor.requests).toBe(2)
    open()
    await clock.pass(0)
    expect(governor.requests).toBe(3)
    open()
    open()
    await Promise.all(all)
    expect(rest).toBeDefined()
  })

  it("lets `per_second` requests out in a burst, then one per share of a second", async () => {
    const clock = new FakeClock()
    const governor = new Governor({ in_flight: 100, per_second: 4 }, clock)
    for (let i = 0; i < 12; i += 1) void governor.run(() => Promise.resolve())
    await clock.pass(0)
    expect(governor.requests).toBe(4)
    await clock.pass(250)
    expect(governor.requests).toBe(5)
    await clock.pass(1000)
    expect(governor.requests).toBe(9)
  })

  it("works at less than one request per second", async () => {
    const clock = new FakeClock()
    const governor = new Governor({ in_flight: 1, per_second: 0.5 }, clock)
    for (let i = 0; i < 3; i += 1) void governor.run(() => Promise.resolve())
    await clock.pass(1999)
    expect(governor.requests).toBe(1)
    await clock.pass(2)
    expect(governor.requests).toBe(2)
  })

  it("lets interactive requests pass queued background ones", async () => {
    const clock = new FakeClock()
    const governor = new Governor({ in_flight: 1, per_second: 100 }, clock)
    const order: string[] = []
    const named = (name: string) => () => {
      order.push(name)
      return Promise.resolve()
    }
    await Promise.all([
      governor.run(named("first")),
      governor.run(named("background")),
      governor.run(named("stock"), { lane: "interactive" }),
    ])
    expect(order).toEqual(["first", "stock", "background"])
  })

  it("holds everything back while the server asked to wait", async () => {
    const clock = new FakeClock()
    const governor = new Governor({ in_flight: 1, per_second: 100 }, clock)
    governor.pause(5000)
    const done = governor.run(() => Promise.resolve("sent"))
    await clock.pass(4999)
    expect(governor.requests).toBe(0)
    await clock.pass(1)
    await expect(done).resolves.toBe("sent")
  })

  it("frees the place of a request that failed", async () => {
    const governor = new Governor({ in_flight: 1, per_second: 100 }, new FakeClock())
    await expect(governor.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no")
    await expect(governor.run(() => Promise.resolve(1))).resolves.toBe(1)
  })

  it("takes an aborted request out of the queue", async () => {
    const clock = new FakeClock()
    const governor = new Governor({ in_flight: 1, per_second: 100 }, clock)
    const { task, open } = gate()
    const running = governor.run(task)
    const abort = new AbortController()
    const queued = governor.run(task, { signal: abort.signal })
    abort.abort(new Error("stopped"))
    await expect(queued).rejects.toThrow("stopped")
    open()
    await running
    expect(governor.requests).toBe(1)
  })

  it("rejects what is queued when closed, and leaves no timer", async () => {
    const clock = new FakeClock()
    const governor = new Governor({ in_flight: 1, per_second: 100 }, clock)
    governor.pause(60_000)
    const queued = governor.run(() => Promise.resolve())
    governor.close(new Error("closed"))
    await expect(queued).rejects.toThrow("closed")
    expect(clock.pending).toBe(0)
  })
})
