import { ERROR_KINDS, SyncError, toSyncError } from "../errors"

describe("errors", () => {
  it("have one of five kinds", () => {
    expect(ERROR_KINDS).toEqual(["config", "transient", "data", "conflict", "bug"])
  })

  it("keep all that they were told", () => {
    const cause = new Error("socket hang up")
    const details = {
      kind: "transient",
      code: "connection_reset",
      message: "pull products: connection reset",
      remedy: "It is tried again.",
      scope: "stream",
      retry_after_ms: 5000,
      outcome_unknown: true,
      record: "9",
      field: "title",
      value: "Desk",
    } as const
    const error = new SyncError({ ...details, cause })
    expect(error).toMatchObject(details)
    expect(error).toBeInstanceOf(Error)
    expect([error.name, error.cause]).toEqual(["SyncError", cause])
  })

  it("are certain that nothing happened, unless told otherwise", () => {
    const error = new SyncError({ kind: "data", code: "x", message: "m", remedy: "r" })
    expect(error.outcome_unknown).toBe(false)
    expect([error.scope, error.retry_after_ms, error.field]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it("pass as they are", () => {
    const error = new SyncError({ kind: "config", code: "x", message: "m", remedy: "r" })
    expect(toSyncError(error)).toBe(error)
  })

  it.each([
    [new TypeError("x is undefined"), "x is undefined"],
    ["a text", "a text"],
    [null, "null"],
  ])("take anything else that is thrown for a defect: %p", (thrown, message) => {
    const error = toSyncError(thrown)
    expect(error).toMatchObject({ kind: "bug", code: "unexpected", message, cause: thrown })
    expect(error.remedy).toMatch(/defect of the plugin or of a customisation/)
  })
})
