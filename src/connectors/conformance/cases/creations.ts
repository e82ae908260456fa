import assert from "node:assert/strict"

import type { ErpProduct } from "../../../sync/canonical"
import type { Connector, Creation, CreationOutcome } from "../../contract"
import { syncErrorOf, withConnector } from "../collect"
import type { ConformanceCase, ConformanceSubject } from "../subject"
import { cannotWrite, changeTo, writeOne, writingOf, written } from "../written"
import { withFault } from "./failures"

/** A key of ours makes one record, whatever becomes of the answers. */
export const creationCases = (subject: ConformanceSubject): ConformanceCase[] => {
  const skip = cannotWrite(subject)
  const lossy = skip ?? (subject.fault ? null : "the double has no faults")
  return [
    {
      name: "a product is created with all that it was given",
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          assert.ok(
            connector.capabilities.idempotent_create && connector.capabilities.idempotency_key,
          )
          for (const creation of creationsOf(subject)) {
            const { id, variants } = created(await createOne(connector, creation))
            const product = await readProduct(connector, id)
            assertHolds(product, creation, variants)
          }
        }),
    },
    {
      name: "the same key twice is one product, and the second call changes nothing",
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          for (const creation of creationsOf(subject)) {
            const first = created(await createOne(connector, creation))
            await retitle(subject, connector, first.id)
            const before = await readProduct(connector, first.id)
            const second = created(await createOne(connector, { ...creation, title: "Another" }))
            assert.deepEqual(second, first)
            assert.deepEqual(await readProduct(connector, first.id), before)
            assert.equal(await count(subject, "Another"), 0)
          }
        }),
    },
    {
      name: "a product is found under its key, untouched, and no other key is",
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          const [creation] = creationsOf(subject)
          const { id } = created(await createOne(connector, creation))
          const target = targetOf(id)
          const before = await writingOf(subject).stamp(target)
          const unknown = freshKey()
          const found = await connector.findCreated?.([creation.key, unknown])
          assert.deepEqual([...(found ?? [])], [[creation.key, id]])
          assert.equal(await writingOf(subject).stamp(target), before)
          assert.deepEqual([...((await connector.findCreated?.([])) ?? [])], [])
        }),
    },
    {
      name: "however many replies are lost, a key makes one whole product",
      skip: lossy,
      run: async () => {
        for (const kind of [0, 1] as const) {
          for (const lost of [1, 2, 3, 4, 5, 6]) await loseReply(subject, kind, lost)
        }
      },
    },
    {
      name: "what cannot be created is said by field, and leaves nothing behind",
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          const [creation] = creationsOf(subject)
          const nameless: Creation = { ...creation, title: " " }
          const before = await subject.list()
          const outcome = await createOne(connector, nameless)
          assert.ok(outcome.outcome === "unsupported" || outcome.outcome === "invalid")
          assert.equal(outcome.field, "title")
          assert.ok(outcome.message && outcome.remedy)
          assert.deepEqual(await subject.list(), before)
          assert.equal((await connector.findCreated?.([creation.key]))?.size, 0)
        }),
    },
    {
      name: "more creations than a batch may hold are refused before anything is sent",
      skip,
      run: () =>
        withConnector(subject, {}, async (connector) => {
          const [creation] = creationsOf(subject)
          const length = connector.capabilities.max_write_batch + 1
          assert.ok(connector.create)
          const many = Array.from({ length }, () => creation)
          assert.equal((await syncErrorOf(connector.create(many))).kind, "bug")
          assert.equal((await connector.findCreated?.([creation.key]))?.size, 0)
        }),
    },
  ]
}

let keys = 0
/** A key that nothing was made under. */
export const freshKey = (): string => {
  keys += 1
  return `prod_${process.pid}_${Date.now()}_${keys}`
}

const creationsOf = (subject: ConformanceSubject): readonly [Creation, Creation] =>
  writingOf(subject).creations([freshKey(), freshKey()])

const createOne = async (connector: Connector, creation: Creation): Promise<CreationOutcome> => {
  assert.ok(connector.create, "The connector cannot create.")
  const [outcome] = await connector.create([creation])
  assert.ok(outcome)
  return outcome
}

const created = (outcome: CreationOutcome) => {
  assert.equal(outcome.outcome, "created", JSON.stringify(outcome))
  return outcome
}

const targetOf = (id: ErpProduct["id"]) => ({
  entity: "product" as const,
  id,
  product_id: null,
  weight_unit: "kg" as const,
  patches: [{}, {}] as const,
})

const readProduct = async (connector: Connector, id: ErpProduct["id"]): Promise<ErpProduct> => {
  const { records, rejected } = await connector.read("products", [id])
  assert.ok(records[0], `Product ${id} cannot be read: ${JSON.stringify(rejected)}`)
  return records[0]
}

const assertHolds = (
  product: ErpProduct,
  creation: Creation,
  variants: readonly { key: string; id: ErpProduct["id"] }[],
): void => {
  assert.equal(product.title, creation.title)
  assert.equal(product.description ?? "", creation.description ?? "")
  assert.ok(product.active)
  assert.equal(product.variants.length, creation.variants.length)
  assert.deepEqual(
    variants.map(({ key }) => key).toSorted(),
    creation.variants.map(({ key }) => key).toSorted(),
  )
  for (const wanted of creation.variants) {
    const id = variants.find(({ key }) => key === wanted.key)?.id
    const variant = product.variants.find((candidate) => candidate.id === id)
    assert.ok(variant, `Variant ${wanted.key} is not there.`)
    assert.equal(variant.sku, wanted.sku)
    assert.equal(variant.barcode, wanted.barcode)
    assert.equal(variant.tracked, wanted.tracked)
    assert.deepEqual(
      variant.prices?.map(({ list, currency, amount }) => ({ list, currency, amount })),
      wanted.prices,
    )
  }
}

/** Somebody edits the new product in the ERP. */
const retitle = async (
  subject: ConformanceSubject,
  connector: Connector,
  id: ErpProduct["id"],
): Promise<void> => {
  const target = targetOf(id)
  await writingOf(subject).edit(target, { title: `Edited ${freshKey()}` })
  const change = await changeTo(connector, target, { description: "Edited too" })
  written(await writeOne(connector, change))
}

const count = async (subject: ConformanceSubject, title: string): Promise<number> =>
  (await subject.list()).products.filter((product) => product.title === title).length

/** The reply of the `lost`th write is lost; then the same call is made again. */
const loseReply = (subject: ConformanceSubject, kind: 0 | 1, lost: number): Promise<void> =>
  withConnector(subject, {}, async (connector) => {
    const creation = creationsOf(subject)[kind]
    await connector.check()
    await withFault(subject, { kind: "lost", times: 1, after: lost - 1 }, async () => {
      const outcome = await createOne(connector, creation)
      if (outcome.outcome === "created") return
      assert.ok(outcome.outcome === "failed" && outcome.error.outcome_unknown)
    })
    const { id, variants } = created(await createOne(connector, creation))
    assertHolds(await readProduct(connector, id), creation, variants)
    assert.equal(await count(subject, creation.title), 1)
  })
