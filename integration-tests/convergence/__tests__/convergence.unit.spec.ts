import { Simulation } from "../simulation"

const SEEDS = Array.from({ length: 25 }, (_, index) => index + 1)

describe("the engine under edits, faults and crashes", () => {
  it.each(SEEDS)("comes to rest with nothing lost, doubled or oversold (seed %i)", async (seed) => {
    const { violations } = await new Simulation(seed).run()

    expect(violations).toEqual([])
  })

  it("does the same for the same seed", async () => {
    const first = await new Simulation(7).run()
    const second = await new Simulation(7).run()

    expect(second.trace).toEqual(first.trace)
    expect(second.steps).toBe(first.steps)
  })

  it("is not idle", async () => {
    const { edits, writes, branches } = await new Simulation(3).run()

    expect(edits).toBeGreaterThan(40)
    expect(writes).toBeGreaterThan(30)
    expect(branches.size).toBeGreaterThan(5)
  })
})
