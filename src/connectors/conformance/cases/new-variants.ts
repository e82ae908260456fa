import assert from "node:assert/strict"

import type { ErpProduct } from "../../../sync/canonical"
import type { ErpId } from "../../../sync/ids"
import type { Connector, VariantCreation, VariantCreationOutcome } from "../../contract"
import { syncErrorOf, withConnector } from "../collect"
import type { ConformanceCase, ConformanceSubject, VariantAddition } from "../subject"
import { cannotWrite } from "../written"
import { freshKey } from "./creations"
import { withFault } from "./failures"

/** A variant is added to a product that the ERP has, and nothing else comes or goes with it. */
export const newVariantCases = (subject: ConformanceSubject): ConformanceCase[] => {
  const additions = subject.writing?.additions ?? []
  const skip =
    cannotWrite(subject) ?? (additions.length > 0 ? null : "no variants are added to products")
  const lossy = skip ?? (subject.fault ? null : "the double has no faults")
  return [
    ...additions.map((addition): ConformanceCase => ({
      name: `a variant is added to a product, with all that it was given: ${addition.name}`,
      skip,
      run: () => added(subject, addition),
    })),
    {
      name: "the same key twice is one variant, and the second call changes nothing",
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          const creation = await firstOf(additions).make(freshKey())
          const id = created(await createOne(connector, creation))
          const before = await readProduct(connector, creation.product_id)
          const again = { ...creation, sku: "Another", barcode: null }
          assert.equal(created(await createOne(connector, again)), id)
          assert.deepEqual(await readProduct(connector, creation.product_id), before)
          const found = await connector.findCreated?.([creation.key])
          assert.deepEqual([...(found ?? [])], [[creation.key, id]])
        }),
    },
    {
      name: "however many replies are lost, a key makes one variant",
      skip: lossy,
      run: async () => {
        for (const lost of [1, 2, 3, 4, 5]) await loseReply(subject, firstOf(additions), lost)
      },
    },
    {
      name: "what cannot be added is said by field, and leaves the product as it is",
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          const creation = await firstOf(additions).make(freshKey())
          const before = await readProduct(connector, creation.product_id)
          const outcome = await createOne(connector, { ...creation, values: [] })
          assert.ok(outcome.outcome === "unsupported" || outcome.outcome === "invalid")
          assert.equal(outcome.field, "options")
          assert.ok(outcome.message && outcome.remedy)
          assert.deepEqual(await readProduct(connector, creation.product_id), before)
          assert.equal((await connector.findCreated?.([creation.key]))?.size, 0)
        }),
    },
    {
      name: "more new variants than a batch may hold are refused before anything is sent",
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          const creation = await firstOf(additions).make(freshKey())
          const length = connector.capabilities.max_write_batch + 1
          assert.ok(connector.createVariants)
          const many = Array.from({ length }, () => creation)
          assert.equal((await syncErrorOf(connector.createVariants(many))).kind, "bug")
          assert.equal((await connector.findCreated?.([creation.key]))?.size, 0)
        }),
    },
  ]
}

const firstOf = ([addition]: readonly VariantAddition[]): VariantAddition => {
  assert.ok(addition)
  return addition
}

const createOne = async (
  connector: Connector,
  creation: VariantCreation,
): Promise<VariantCreationOutcome> => {
  assert.ok(connector.createVariants, "The connector adds no variants.")
  const [outcome] = await connector.createVariants([creation])
  assert.ok(outcome)
  return outcome
}

const created = (outcome: VariantCreationOutcome): ErpId => {
  assert.ok(outcome.outcome === "created", JSON.stringify(outcome))
  return outcome.id
}

const readProduct = async (connector: Connector, id: ErpId): Promise<ErpProduct> => {
  const { records, rejected } = await connector.read("products", [id])
  assert.ok(records[0], `Product ${id} cannot be read: ${JSON.stringify(rejected)}`)
  return records[0]
}

const added = (subject: ConformanceSubject, { make }: VariantAddition): Promise<void> =>
  withConnector(subject, {}, async (connector) => {
    const creation = await make(freshKey())
    const before = await readProduct(connector, creation.product_id)
    const id = created(await createOne(connector, creation))
    assertAdded(before, await readProduct(connector, creation.product_id), creation, id)
  })

/** The product has this one variant more, and its others are sold or archived as before. */
const assertAdded = (
  before: ErpProduct,
  after: ErpProduct,
  creation: VariantCreation,
  id: ErpId,
): void => {
  const others = after.variants.filter((variant) => variant.id !== id)
  assert.deepEqual(others.map(facts), before.variants.map(facts))
  const variant = after.variants.find((candidate) => candidate.id === id)
  assert.ok(variant, "The new variant is not there.")
  assert.ok(variant.active)
  assert.equal(variant.sku, creation.sku)
  assert.equal(variant.barcode, creation.barcode)
  assert.deepEqual(
    creation.prices.filter(
      ({ list, currency, amount }) =>
        !variant.prices?.some(
          (price) => price.list === list && price.currency === currency && price.amount === amount,
        ),
    ),
    [],
  )
  const named = variant.option_values.map((pair) => {
    const option = after.options.find((candidate) => candidate.id === pair.option_id)
    return [pair.option_id, option?.values.find(({ id: value }) => value === pair.value_id)?.title]
  })
  for (const { option_id: option, title } of creation.values) {
    assert.ok(
      named.some(([held, name]) => held === option && name === title),
      `It has not the value ${title}: ${JSON.stringify(named)}`,
    )
  }
}

const facts = ({ id, active, sku, option_values }: ErpProduct["variants"][number]) => ({
  id,
  active,
  sku,
  option_values,
})

/** The reply of the `lost`th write is lost; then the same call is made again. */
const loseReply = (
  subject: ConformanceSubject,
  { make }: VariantAddition,
  lost: number,
): Promise<void> =>
  withConnector(subject, {}, async (connector) => {
    const creation = await make(freshKey())
    await connector.check()
    const before = await readProduct(connector, creation.product_id)
    await withFault(subject, { kind: "lost", times: 1, after: lost - 1 }, async () => {
      const outcome = await createOne(connector, creation)
      if (outcome.outcome === "created") return
      assert.ok(outcome.outcome === "failed" && outcome.error.outcome_unknown)
    })
    const id = created(await createOne(connector, creation))
    assertAdded(before, await readProduct(connector, creation.product_id), creation, id)
  })
