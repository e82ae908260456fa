import assert from "node:assert/strict"

import type { Normaliser } from "../../../sync/normalise"
import { familyOf } from "../../../sync/owners"
import type { FieldName, FieldValue, Values } from "../../../sync/values"
import type { Connector } from "../../contract"
import { withConnector } from "../collect"
import type { ConformanceCase, ConformanceSubject, WritableField, WriteTarget } from "../subject"
import {
  cannotWrite,
  changeTo,
  normalised,
  readBack,
  writeOne,
  writingOf,
  written,
} from "../written"

/** What is written arrives, is answered as it is then read, and is written no second time. */
export const writeCases = (subject: ConformanceSubject): ConformanceCase[] => {
  const skip = cannotWrite(subject)
  const fields = subject.writing?.fields ?? []
  return [
    {
      name: "every field that is declared to be written is tried, and no other",
      skip,
      run: () =>
        withConnector(subject, {}, (connector) => {
          const declared = Object.entries(connector.capabilities.writes).flatMap(
            ([entity, families]) => families.map((family) => `${entity}.${family}`),
          )
          assert.deepEqual(fields.map(nameOf).toSorted(), declared.toSorted())
          return Promise.resolve()
        }),
    },
    ...fields.map((field) => ({
      name: `${nameOf(field)} alone arrives, and the answer says what the next read says`,
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          const target = await field.make()
          for (const patch of target.patches) await arrives(connector, target, patch)
        }),
    })),
    ...fields.map((field) => ({
      name: `${nameOf(field)} that holds the value already is not written again`,
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          const target = await field.make()
          const [patch] = target.patches
          const change = await changeTo(connector, target, patch)
          written(await writeOne(connector, change))
          const before = await writingOf(subject).stamp(target)
          const { holds } = written(await writeOne(connector, change))
          assert.deepEqual(holds, await readBack(connector, target, Object.keys(patch)))
          assert.equal(await writingOf(subject).stamp(target), before, "It was written twice.")
        }),
    })),
    ...fields.map((field) => ({
      name: `${nameOf(field)} is kept as it is given, but for what is declared`,
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          const { capabilities } = await connector.check()
          const target = await field.make()
          const declared = capabilities.normalises[nameOf(field)] ?? {}
          for (const patch of patchesFor(target, declared)) {
            const change = await changeTo(connector, target, patch)
            const { holds } = written(await writeOne(connector, change))
            assert.deepEqual(holds, normalised(capabilities, target, patch))
            assert.deepEqual(await readBack(connector, target, Object.keys(patch)), holds)
          }
        }),
    })),
    {
      name: "many changes at once have their outcomes in order",
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          const targets: WriteTarget[] = []
          for (const field of [...fields].reverse()) targets.push(await field.make())
          const changes = []
          for (const target of targets) {
            changes.push(await changeTo(connector, target, target.patches[0]))
          }
          const outcomes = (await connector.write?.(changes)) ?? []
          assert.equal(outcomes.length, changes.length)
          for (const [at, target] of targets.entries()) {
            const { id, holds } = written(outcomes[at])
            assert.equal(id, target.id)
            assert.deepEqual(holds, await readBack(connector, target, Object.keys(holds)))
            assert.deepEqual(Object.keys(holds), Object.keys(target.patches[0]))
          }
        }),
    },
  ]
}

const nameOf = ({ entity, family }: WritableField): string => `${entity}.${family}`

const arrives = async (connector: Connector, target: WriteTarget, patch: Values): Promise<void> => {
  const change = await changeTo(connector, target, patch)
  assert.notDeepEqual(change.expected, patch, "The record held the value before.")
  const outcome = written(await writeOne(connector, change))
  assert.equal(outcome.id, target.id)
  assert.deepEqual(outcome.holds, patch)
  assert.deepEqual(await readBack(connector, target, Object.keys(patch)), outcome.holds)
}

/**
 * Values that show every normaliser, declared or not: texts with white space around and capitals,
 * decimals one digit longer than are kept.
 */
const patchesFor = (target: WriteTarget, declared: Normaliser): Values[] => {
  const [patch] = target.patches
  const [field] = Object.keys(patch)
  if (field === undefined) return [patch]
  return rawValues(field, declared).map((value) => ({ [field]: value }))
}

const TEXTS: ReadonlySet<string> = new Set(["title", "description", "sku", "barcode", "name"])
const DECIMALS: ReadonlySet<string> = new Set(["weight", "price", "on_hand"])

const rawValues = (field: FieldName, declared: Normaliser): FieldValue[] => {
  const family = familyOf(field)
  if (TEXTS.has(family)) {
    const own = `  mIxEd ${Math.random().toString(36).slice(2, 10)} Ünï `
    return declared.max_length === undefined ? [own] : [own, own.repeat(declared.max_length)]
  }
  if (!DECIMALS.has(family)) return []
  const digits = declared.digits ?? 3
  // Half a unit of the last digit goes up, and a unit of the digit behind it goes down.
  return [`7.${"1".repeat(digits)}5`, `8.${"1".repeat(digits)}1`]
}
