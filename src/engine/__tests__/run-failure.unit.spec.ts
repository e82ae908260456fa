import { Stream } from "../../sync/canonical"
import { SyncError } from "../../sync/errors"
import { Run } from "../ports"
import { failureBefore, noteFailure } from "../run-failure"

const failure = (message: string, kind: "config" | "transient" = "config"): SyncError =>
  new SyncError({ kind, code: "code", message, remedy: "Mend it." })

const claimed = (kind: Run["kind"], stream: Stream | null, error: Run["error"]) =>
  ({ kind, stream, error }) as Run

describe("the failures of a run", () => {
  it("names each stream and each reason once", () => {
    const first = noteFailure(null, ["products"], failure("No list."))
    const second = noteFailure(first, ["prices"], failure("No list."))
    expect(noteFailure(second, ["stock"], failure("No place."))).toEqual({
      code: "code",
      kind: "config",
      message: "No list. No place.",
      remedy: "Mend it.",
      streams: ["products", "prices", "stock"],
    })
  })

  it("are kept by whoever takes the run up, but for the stream that is tried again", () => {
    const before = noteFailure(null, ["products", "prices"], failure("No list."))
    expect(failureBefore(claimed("delta", "stock", before))).toEqual(before)
    expect(failureBefore(claimed("full", "prices", before))?.streams).toEqual(["products"])
    const only = noteFailure(null, ["prices"], failure("No answer.", "transient"))
    expect(failureBefore(claimed("delta", "prices", only))).toBeNull()
    expect(failureBefore(claimed("delta", "stock", only))).toEqual(only)
  })

  it("are not what a full run waited out", () => {
    const waited = noteFailure(null, ["products"], failure("No answer.", "transient"))
    expect(failureBefore(claimed("full", "stock", waited))).toBeNull()
  })
})
