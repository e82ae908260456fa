import { coalesced } from "../coalesced"

describe("a burst", () => {
  beforeEach(() => jest.useFakeTimers())
  afterEach(() => jest.useRealTimers())

  const scene = () => {
    const calls: string[][] = []
    return { calls, hit: coalesced<string>(250, (names) => calls.push([...names])) }
  }

  it("is answered at once, and then once for all that came in between", () => {
    const { calls, hit } = scene()
    for (const name of ["a", "b", "b", "c"]) {
      hit(name)
    }
    expect(calls).toEqual([["a"]])
    jest.advanceTimersByTime(250)
    expect(calls).toEqual([["a"], ["b", "c"]])
    jest.advanceTimersByTime(1000)
    expect(calls).toHaveLength(2)
  })

  it("keeps its distance from the answer before", () => {
    const { calls, hit } = scene()
    hit("a")
    jest.advanceTimersByTime(249)
    hit("b")
    expect(calls).toEqual([["a"]])
    jest.advanceTimersByTime(1)
    hit("c")
    expect(calls).toEqual([["a"], ["b"]])
    jest.advanceTimersByTime(250)
    expect(calls).toEqual([["a"], ["b"], ["c"]])
  })

  it("is answered at once again after a pause", () => {
    const { calls, hit } = scene()
    hit("a")
    jest.advanceTimersByTime(250)
    hit("b")
    expect(calls).toEqual([["a"], ["b"]])
  })
})
