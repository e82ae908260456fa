import assert from "node:assert/strict"

import type { ErpPrice } from "../../../sync/canonical"
import type { Connector } from "../../contract"
import { byId, pullAll, syncErrorOf, withConnector } from "../collect"
import type { ConformanceCase, ConformanceSubject, PriceListSubject } from "../subject"

/** Price lists are read where they are mapped, and only there; what changes them is seen. */
export const priceListCases = (subject: ConformanceSubject): ConformanceCase[] => {
  const { priceLists } = subject
  if (!priceLists) {
    return [{ name: "price lists are read", skip: "the connector reads none", run: nothing }]
  }
  return [
    {
      name: "prices come in every mapped list, each list in one currency and each tier once",
      skip: null,
      run: () => inMappedLists(subject, priceLists),
    },
    {
      name: "prices of lists say the next moment at which they may be others, and it lies ahead",
      skip: null,
      run: () => untilAMoment(subject, priceLists),
    },
    {
      name: "no price comes in a list that is not mapped",
      skip: null,
      run: async () => {
        await priceLists.make()
        const prices = await withConnector(subject, {}, allPrices)
        assert.deepEqual([...new Set(prices.map(({ list }) => list))], ["list"])
      },
    },
    {
      name: "a mapped list that the ERP has not stops prices with a remedy, and nothing else",
      skip: null,
      run: () =>
        withConnector(subject, { price_lists: [priceLists.unknown] }, async (connector) => {
          const error = await syncErrorOf(pullAll(connector, "prices", null))
          assert.equal(error.kind, "config")
          assert.notEqual(error.scope, "connection")
          assert.ok(error.remedy.length > 0)
          assert.ok((await pullAll(connector, "products", null)).records.length > 0)
        }),
    },
    ...priceLists.changes.map(({ name, make }) => ({
      name: `a delta of prices in lists sees: ${name}`,
      skip: null,
      run: () => seesChange(subject, priceLists, make),
    })),
  ]
}

const nothing = (): Promise<void> => Promise.resolve()

const allPrices = async (connector: Connector): Promise<ErpPrice[]> =>
  (await pullAll(connector, "prices", null)).records.flatMap(({ prices }) => prices)

const inMappedLists = async (
  subject: ConformanceSubject,
  priceLists: PriceListSubject,
): Promise<void> => {
  const price_lists = await priceLists.make()
  await withConnector(subject, { price_lists }, async (connector) => {
    const { records } = await pullAll(connector, "prices", null)
    const seen = new Map<string, Set<string>>()
    for (const { id, prices } of records) {
      const tiers = prices.map(({ list, min_quantity }) => `${list} ${min_quantity ?? ""}`)
      assert.equal(new Set(tiers).size, tiers.length, `A tier of ${id} came twice.`)
      for (const { list, currency } of prices) {
        seen.set(list, (seen.get(list) ?? new Set()).add(currency))
      }
    }
    for (const name of price_lists) {
      assert.equal(seen.get(name)?.size, 1, `Prices of ${name} are in one currency.`)
    }
    assert.deepEqual([...seen.keys()].toSorted(), ["list", ...price_lists].toSorted())
    assert.ok(new Set([...seen.values()].flatMap((set) => [...set])).size > 1)
    const first = records.slice(0, 10)
    const read = await connector.read(
      "prices",
      first.map(({ id }) => id),
    )
    assert.deepEqual(read.records, first)
  })
}

const untilAMoment = async (
  subject: ConformanceSubject,
  priceLists: PriceListSubject,
): Promise<void> => {
  const price_lists = await priceLists.make()
  await withConnector(subject, { price_lists }, async (connector) => {
    const { records } = await pullAll(connector, "prices", null)
    const moments = records.flatMap(({ valid_until }) => (valid_until ? [valid_until] : []))
    assert.ok(moments.length > 0, "No price tells until when it holds.")
    // Ten minutes: the ERP's clock need not be ours.
    for (const moment of moments) assert.ok(Date.parse(moment) > Date.now() - 600_000)
  })
}

/** A copy kept by deltas must equal what a fresh full pull brings. */
const seesChange = async (
  subject: ConformanceSubject,
  priceLists: PriceListSubject,
  make: () => Promise<void>,
): Promise<void> => {
  const price_lists = await priceLists.make()
  await withConnector(subject, { price_lists }, async (connector) => {
    const full = await pullAll(connector, "prices", null)
    await make()
    const delta = await pullAll(connector, "prices", full.cursor)
    const copy = byId<{ id: string }>(full.records)
    for (const record of delta.records) copy.set(record.id, record)
    const fresh = await pullAll(connector, "prices", null)
    assert.notDeepEqual(fresh.records, full.records)
    for (const record of fresh.records) assert.deepEqual(copy.get(record.id), record)
    assert.ok(JSON.stringify(delta.cursor).length < 65_536)
  })
}
