import assert from "node:assert/strict"
import { setTimeout as sleep } from "node:timers/promises"

import type { WriteOutcome } from "../../contract"
import { withConnector } from "../collect"
import type { ConformanceCase, ConformanceSubject } from "../subject"
import { cannotWrite, changeTo, readBack, writeOne, writingOf, written } from "../written"
import { withFault } from "./failures"

/** A write whose answer does not come is reported as what it is, and never sent twice by itself. */
export const lostReplyCases = (subject: ConformanceSubject): ConformanceCase[] => {
  const skip = cannotWrite(subject) ?? (subject.fault ? null : "the double has no faults")
  const fields = subject.writing?.fields ?? []
  return [
    ...fields.map((field) => ({
      name: `${field.entity}.${field.family} whose reply was lost is written once, however often it is repeated`,
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          const target = await field.make()
          const [patch] = target.patches
          const change = await changeTo(connector, target, patch)
          await withFault(subject, { kind: "lost", times: 1 }, async () => {
            assertUnknown(await writeOne(connector, change))
          })
          const done = await readBack(connector, target, Object.keys(patch))
          const before = await writingOf(subject).stamp(target)
          written(await writeOne(connector, change))
          written(await writeOne(connector, change))
          assert.deepEqual(await readBack(connector, target, Object.keys(patch)), patch)
          if (JSON.stringify(done) !== JSON.stringify(patch)) return
          assert.equal(await writingOf(subject).stamp(target), before, "It was written again.")
        }),
    })),
    {
      name: "one lost reply leaves open what became of all changes that it answered",
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          const [field] = fields
          assert.ok(field && connector.write)
          const targets = await Promise.all([field.make(), field.make(), field.make()])
          const changes = await Promise.all(
            targets.map((target) => changeTo(connector, target, target.patches[0])),
          )
          await withFault(subject, { kind: "lost", times: 1_000 }, async () => {
            const [first, ...others] = (await connector.write?.(changes)) ?? []
            assertUnknown(first)
            // What went with it is as open as it is; what was not sent any more is not.
            for (const outcome of others) assert.equal(outcome.outcome, "failed")
          })
          for (const outcome of (await connector.write(changes)) ?? []) written(outcome)
        }),
    },
    {
      name: "a write that times out may still happen, and is said to",
      skip,
      run: () =>
        withConnector(subject, { http: { timeout_ms: 1_000 } }, async (connector) => {
          const [field] = fields
          assert.ok(field)
          const target = await field.make()
          const [patch] = target.patches
          const change = await changeTo(connector, target, patch)
          await withFault(subject, { kind: "late", times: 1, ms: 1_500 }, async () => {
            assertUnknown(await writeOne(connector, change))
          })
          assert.deepEqual(
            await readBack(connector, target, Object.keys(patch)),
            change.expected,
            "It happened before its time.",
          )
          await sleep(1_500)
          assert.deepEqual(await readBack(connector, target, Object.keys(patch)), patch)
        }),
    },
    {
      name: "a write that is under way when the run is stopped is reported, not thrown",
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          const [field] = fields
          assert.ok(field && connector.write)
          const target = await field.make()
          const change = await changeTo(connector, target, target.patches[0])
          await withFault(subject, { kind: "late", times: 1, ms: 3_500 }, async () => {
            const abort = new AbortController()
            // Late enough for the reads before the write, on a slow machine too.
            setTimeout(() => abort.abort(new Error("The run was stopped.")), 3_000)
            const [outcome] = (await connector.write?.([change], { signal: abort.signal })) ?? []
            assertUnknown(outcome)
          })
          await sleep(1_000)
        }),
    },
  ]
}

const assertUnknown = (outcome: WriteOutcome | undefined): void => {
  assert.equal(outcome?.outcome, "failed", JSON.stringify(outcome))
  if (outcome?.outcome !== "failed") return
  assert.equal(outcome.error.kind, "transient")
  assert.ok(outcome.error.outcome_unknown, "It may have happened.")
}
