import assert from "node:assert/strict"

import { toSyncError } from "../../../sync/errors"
import { keysAll, pullAll, syncErrorOf, withConnector } from "../collect"
import type { ConformanceCase, ConformanceSubject, Fault } from "../subject"

export const ALWAYS = 1_000_000
const IMPATIENT = { max_attempts: 1, timeout_ms: 2000 }

/** Answers that are none of the ERP's: an error each time, never a complete page. */
export const BROKEN: readonly Fault[] = [
  { kind: "html", times: ALWAYS },
  { kind: "empty", times: ALWAYS },
  { kind: "truncated", times: ALWAYS },
  { kind: "short", times: ALWAYS },
  { kind: "reset", times: ALWAYS },
  { kind: "status", times: ALWAYS, status: 502 },
  { kind: "status", times: ALWAYS, status: 503 },
]

export const failureCases = (subject: ConformanceSubject): ConformanceCase[] => {
  const skip = subject.fault ? null : "the double has no faults"
  return [
    ...BROKEN.map((fault) => ({
      name: `${told(fault)} is a transient error, never the end of a pull, a sweep or a read`,
      skip,
      run: () =>
        withConnector(subject, { page_size: 5, http: IMPATIENT }, async (connector) => {
          // Warm, so that the fault meets pages and not the login.
          const { records } = await pullAll(connector, "products", null)
          await keysAll(connector, "products")
          const some = records.slice(0, 3).map(({ id }) => id)
          await withFault(subject, fault, async () => {
            for (const attempt of [
              () => pullAll(connector, "products", null),
              () => keysAll(connector, "products"),
              () => connector.read("products", some),
            ]) {
              assert.equal((await syncErrorOf(attempt())).kind, "transient")
            }
          })
          const again = await pullAll(connector, "products", null)
          assert.equal(again.records.length, records.length)
        }),
    })),
    {
      name: "a failure in the middle of a pull leaves the pages before it, and the rest follows",
      skip,
      run: () =>
        withConnector(subject, { page_size: 5, http: IMPATIENT }, async (connector) => {
          const { records } = await pullAll(connector, "products", null)
          const ids: string[] = []
          let cursor = null
          try {
            for await (const page of connector.pull("products", null)) {
              ids.push(...page.records.map(({ id }) => id as string))
              ;({ cursor } = page)
              subject.fault?.({ kind: "truncated", times: ALWAYS })
            }
            assert.fail("It ended as if complete.")
          } catch (error) {
            assert.equal(toSyncError(error).kind, "transient")
          } finally {
            subject.heal?.()
          }
          const rest = await pullAll(connector, "products", cursor)
          ids.push(...rest.records.map(({ id }) => id as string))
          assert.deepEqual(ids.toSorted(), records.map(({ id }) => id as string).toSorted())
        }),
    },
    {
      name: "a passing failure is tried again",
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          const { records } = await pullAll(connector, "products", null)
          await withFault(subject, { kind: "reset", times: 1 }, async () => {
            const again = await pullAll(connector, "products", null)
            assert.equal(again.records.length, records.length)
          })
        }),
    },
    {
      name: "Retry-After is waited for, and burns no attempt",
      skip,
      run: () =>
        withConnector(subject, { http: { max_attempts: 1 } }, async (connector) => {
          await pullAll(connector, "categories", null)
          const busy: Fault = {
            kind: "status",
            times: 2,
            status: 429,
            headers: { "Retry-After": "1" },
          }
          await withFault(subject, busy, async () => {
            const start = Date.now()
            await pullAll(connector, "categories", null)
            assert.ok(Date.now() - start >= 1900, "It did not wait for two seconds.")
          })
        }),
    },
    {
      name: "an hour of Retry-After is left to the engine, which learns of it",
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          await pullAll(connector, "categories", null)
          const closed: Fault = {
            kind: "status",
            times: ALWAYS,
            status: 503,
            headers: { "Retry-After": "3600" },
          }
          await withFault(subject, closed, async () => {
            const error = await syncErrorOf(pullAll(connector, "categories", null))
            assert.equal(error.retry_after_ms, 3_600_000)
          })
        }),
    },
    {
      name: "a request that gets no answer times out",
      skip,
      run: () =>
        withConnector(
          subject,
          { http: { timeout_ms: 300, max_attempts: 1 }, page_size: 1 },
          async (connector) => {
            await connector.check()
            await withFault(subject, { kind: "slow", times: ALWAYS, ms: 5000 }, async () => {
              const start = Date.now()
              const error = await syncErrorOf(pullAll(connector, "categories", null))
              assert.equal(error.kind, "transient")
              assert.ok(Date.now() - start < 4000, "It waited for the answer.")
            })
          },
        ),
    },
    {
      name: "an abort ends the request under way, with the signal's reason",
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          await pullAll(connector, "categories", null)
          await withFault(subject, { kind: "slow", times: ALWAYS, ms: 5000 }, async () => {
            const abort = new AbortController()
            const reason = new Error("The run was stopped.")
            setTimeout(() => abort.abort(reason), 50)
            const start = Date.now()
            await assert.rejects(
              pullAll(connector, "categories", null, { signal: abort.signal }),
              (thrown: unknown) => thrown === reason,
            )
            assert.ok(Date.now() - start < 2000)
          })
        }),
    },
  ]
}

const told = (fault: Fault): string => {
  switch (fault.kind) {
    case "html":
      return "a web page instead of data"
    case "empty":
      return "an empty answer"
    case "truncated":
      return "half an answer"
    case "short":
      return "a page with fewer records than there are"
    case "reset":
      return "a cut connection"
    case "slow":
      return "no answer"
    case "lost":
      return "a lost reply"
    case "late":
      return "a write carried out late"
    case "status":
      return `status ${fault.status}`
  }
}

export const withFault = async (
  subject: ConformanceSubject,
  fault: Fault,
  run: () => Promise<void>,
): Promise<void> => {
  subject.fault?.(fault)
  try {
    await run()
  } finally {
    subject.heal?.()
  }
}
