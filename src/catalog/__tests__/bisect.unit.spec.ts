import { SyncError } from "../../sync/errors"
import { bisect } from "../bisect"

const errorOf = (kind: "data" | "transient") => (cause: unknown) =>
  new SyncError({ kind, code: "x", message: String(cause), remedy: "", cause })

describe("bisect", () => {
  const run = (bad: number[], calls: number[][] = []) => ({
    calls,
    work: (batch: readonly number[]): Promise<string[]> => {
      calls.push([...batch])
      const found = batch.filter((entry) => bad.includes(entry))
      return found.length > 0
        ? Promise.reject(new Error(`bad ${found.join()}`))
        : Promise.resolve(batch.map((entry) => `made ${entry}`))
    },
  })

  it("runs a good batch once", async () => {
    const { calls, work } = run([])
    const results = await bisect([1, 2, 3], work, errorOf("data"), (entry) => `failed ${entry}`)
    expect(results).toEqual(["made 1", "made 2", "made 3"])
    expect(calls).toHaveLength(1)
    expect(await bisect([], work, errorOf("data"), String)).toEqual([])
  })

  it("lets the bad records fail alone, in their order", async () => {
    const { calls, work } = run([2, 7])
    const batch = [1, 2, 3, 4, 5, 6, 7, 8]
    const results = await bisect(batch, work, errorOf("data"), (entry, error) =>
      Promise.resolve(`failed ${entry}: ${error.message}`),
    )
    expect(results).toEqual([
      "made 1",
      "failed 2: Error: bad 2",
      "made 3",
      "made 4",
      "made 5",
      "made 6",
      "failed 7: Error: bad 7",
      "made 8",
    ])
    expect(calls.length).toBeLessThan(16)
  })

  it("stops halving when the store is out of order", async () => {
    const { calls, work } = run([1, 2, 3, 4])
    const results = await bisect(
      [1, 2, 3, 4],
      work,
      errorOf("transient"),
      (entry, error) => `${entry} ${error.kind}`,
    )
    expect(results).toEqual([1, 2, 3, 4].map((entry) => `${entry} transient`))
    expect(calls).toHaveLength(1)
  })
})
