import assert from "node:assert/strict"

import { syncErrorOf, withConnector } from "../collect"
import type { ConformanceCase, ConformanceSubject, WritableField } from "../subject"
import { cannotWrite, changeTo, readBack, writeOne, writingOf, written } from "../written"

/** What must not be written is refused, by name, and stops nothing beside it. */
export const refusalCases = (subject: ConformanceSubject): ConformanceCase[] => {
  const skip = cannotWrite(subject)
  const fields = subject.writing?.fields ?? []
  return [
    ...fields.map((field) => ({
      name: `${nameOf(field)} that holds something else than expected is refused, and left`,
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          const target = await field.make()
          const [patch] = target.patches
          const fresh = await changeTo(connector, target, patch)
          // Decided on what it never held.
          const stale = { ...fresh, expected: patch }
          const before = await writingOf(subject).stamp(target)
          assert.deepEqual(await writeOne(connector, stale), NEWER)
          assert.deepEqual(await readBack(connector, target, Object.keys(patch)), fresh.expected)
          assert.equal(await writingOf(subject).stamp(target), before)
        }),
    })),
    ...fields.map((field) => ({
      name: `${nameOf(field)} of a record that is gone is refused, and creates nothing`,
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          const target = await field.make()
          const change = await changeTo(connector, target, target.patches[0])
          await writingOf(subject).remove(target)
          const before = await subject.list()
          assert.deepEqual(await writeOne(connector, change), {
            outcome: "refused",
            reason: "gone",
          })
          assert.deepEqual(await subject.list(), before)
        }),
    })),
    {
      name: "an edit made between the decision and the write survives it",
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          for (const field of fields.filter(({ family }) => FREE.has(family))) {
            const target = await field.make()
            const [ours, theirs] = target.patches
            const change = await changeTo(connector, target, ours)
            await writingOf(subject).edit(target, theirs)
            assert.deepEqual(await writeOne(connector, change), NEWER, nameOf(field))
            assert.deepEqual(await readBack(connector, target, Object.keys(theirs)), theirs)
          }
        }),
    },
    {
      name: "an edit of another field does not hold a write back",
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          const [first] = fields.filter(({ family }) => family === "sku" || family === "name")
          assert.ok(first, "The subject writes neither names nor codes.")
          const target = await first.make()
          const change = await changeTo(connector, target, target.patches[0])
          await writingOf(subject).touch(target)
          written(await writeOne(connector, change))
        }),
    },
    {
      name: "one value that the ERP does not take is named, and the others are written",
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          const { refused } = writingOf(subject)
          const bad = await refused.make()
          const same = fields.filter(({ entity }) => entity === bad.entity)
          assert.ok(same.length > 1, "The case needs other fields of the entity.")
          const good = await Promise.all(same.map((field) => field.make()))
          const targets = [...good.slice(0, 1), bad, ...good.slice(1)]
          const changes = await Promise.all(
            targets.map((target) => changeTo(connector, target, target.patches[0])),
          )
          const outcomes = (await connector.write?.(changes)) ?? []
          for (const [at, target] of targets.entries()) {
            if (target !== bad) written(outcomes[at])
          }
          const outcome = outcomes[1]
          assert.equal(outcome?.outcome, "invalid", JSON.stringify(outcome))
          if (outcome?.outcome !== "invalid") return
          assert.equal(outcome.field, refused.field)
          assert.ok(outcome.message && outcome.remedy && outcome.value.length <= 200)
          assert.deepEqual(
            await readBack(connector, bad, Object.keys(bad.patches[0])),
            changes[1]?.expected,
          )
        }),
    },
    {
      name: "a field that the ERP has no place for is named, and nothing of the change is written",
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          const [first] = fields
          assert.ok(first)
          const target = await first.make()
          const change = await changeTo(connector, target, target.patches[0])
          const before = await writingOf(subject).stamp(target)
          const strange = "no_such_field"
          const outcome = await writeOne(connector, {
            ...change,
            patch: { ...change.patch, [strange]: "x" },
            expected: { ...change.expected, [strange]: null },
          })
          assert.equal(outcome.outcome, "unsupported", JSON.stringify(outcome))
          assert.ok(
            outcome.outcome === "unsupported" && outcome.field === strange && outcome.remedy,
          )
          assert.equal(await writingOf(subject).stamp(target), before)
        }),
    },
    {
      name: "more changes than a batch may hold are refused before anything is sent",
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          const [first] = fields
          assert.ok(first && connector.write)
          const target = await first.make()
          const change = await changeTo(connector, target, target.patches[0])
          const many = Array.from(
            { length: connector.capabilities.max_write_batch + 1 },
            () => change,
          )
          const before = await writingOf(subject).stamp(target)
          assert.equal((await syncErrorOf(connector.write(many))).kind, "bug")
          assert.equal(await writingOf(subject).stamp(target), before)
        }),
    },
    {
      name: "a write of nothing sends nothing",
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          assert.deepEqual(await connector.write?.([]), [])
          assert.equal(connector.requests, 0)
        }),
    },
  ]
}

const NEWER = { outcome: "refused", reason: "newer_version" }

/** Fields that take more than two values. */
const FREE: ReadonlySet<string> = new Set(["title", "name", "sku", "barcode", "weight", "on_hand"])

const nameOf = ({ entity, family }: WritableField): string => `${entity}.${family}`
