import assert from "node:assert/strict"

import { convertWeight, isZero } from "../../sync/decimal"
import { normalise } from "../../sync/normalise"
import { familyOf } from "../../sync/owners"
import type { FieldName, FieldValue, Values } from "../../sync/values"
import type { Change, Connector, WriteOutcome } from "../contract"
import type { ConformanceSubject, WriteTarget, WritingSubject } from "./subject"

/** The subject's side of writing; cases that need it are skipped without. */
export const writingOf = (subject: ConformanceSubject): WritingSubject => {
  assert.ok(subject.writing, "The subject has nothing to write.")
  return subject.writing
}

/** Why the write cases do not apply, or null. */
export const cannotWrite = (subject: ConformanceSubject): string | null =>
  subject.writing ? null : "the connector does not write"

/** What a target's fields hold as the connector reads them. */
export const readBack = async (
  connector: Connector,
  target: WriteTarget,
  fields: readonly FieldName[],
): Promise<Values> => {
  const held = await holder(connector, target)
  return Object.fromEntries(fields.map((field) => [field, held(field)]))
}

const holder = async (
  connector: Connector,
  { entity, id, product_id: product, weight_unit: unit }: WriteTarget,
): Promise<(field: FieldName) => FieldValue> => {
  switch (entity) {
    case "category": {
      const [record] = (await connector.read("categories", [id])).records
      assert.ok(record, `Category ${id} cannot be read.`)
      return (field) => (field === "name" ? record.name : record.parent_id)
    }
    case "stock": {
      const [record] = (await connector.read("stock", [id])).records
      assert.ok(record, `The stock of ${id} cannot be read.`)
      return (field) =>
        record.levels.find(({ warehouse }) => warehouse === keyOf(field))?.on_hand ?? null
    }
    default: {
      const [record] = (await connector.read("products", [product ?? id])).records
      assert.ok(record, `Product ${product ?? id} cannot be read.`)
      if (entity === "product") {
        return (field) => {
          if (familyOf(field) === "category") {
            return record.category_ids.some((other) => other === keyOf(field)) ? true : null
          }
          return field === "title"
            ? record.title
            : field === "active"
              ? record.active
              : record.description
        }
      }
      const variant = record.variants.find((candidate) => candidate.id === id)
      assert.ok(variant, `Variant ${id} cannot be read.`)
      return (field) => {
        switch (familyOf(field)) {
          case "price":
            return (
              variant.prices?.find(({ list, currency }) => `${list}:${currency}` === keyOf(field))
                ?.amount ?? null
            )
          case "weight": {
            const { weight } = variant
            return weight === null || isZero(weight.value)
              ? null
              : convertWeight(weight.value, weight.unit, unit)
          }
          case "active":
            return variant.active
          default:
            return field === "sku" ? variant.sku : variant.barcode
        }
      }
    }
  }
}

const keyOf = (field: FieldName): string => field.slice(familyOf(field).length + 1)

/** A change of the target to `patch`, decided on what the connector reads now. */
export const changeTo = async (
  connector: Connector,
  target: WriteTarget,
  patch: Values,
): Promise<Change> => ({
  entity: target.entity,
  id: target.id,
  product_id: target.product_id,
  expected_version: null,
  expected: await readBack(connector, target, Object.keys(patch)),
  patch,
  weight_unit: target.weight_unit,
})

/** Writes one change. */
export const writeOne = async (connector: Connector, change: Change): Promise<WriteOutcome> => {
  assert.ok(connector.write, "The connector cannot write.")
  const outcomes = await connector.write([change])
  assert.equal(outcomes.length, 1)
  const [outcome] = outcomes
  assert.ok(outcome)
  return outcome
}

/** The outcome, which must be `written`. */
export const written = (outcome: WriteOutcome | undefined) => {
  assert.equal(outcome?.outcome, "written", JSON.stringify(outcome))
  return outcome
}

/** What the ERP is declared to make of a patch. */
export const normalised = (
  { normalises }: Connector["capabilities"],
  { entity, weight_unit: unit }: WriteTarget,
  patch: Values,
): Values =>
  Object.fromEntries(
    Object.entries(patch).map(([field, value]) => {
      const rule = normalises[`${entity}.${familyOf(field)}`]
      if (familyOf(field) !== "weight" || typeof value !== "string" || rule?.unit === undefined) {
        return [field, normalise(value, rule)]
      }
      const kept = normalise(convertWeight(value, unit, rule.unit), rule)
      return [field, convertWeight(String(kept), rule.unit, unit)]
    }),
  )
