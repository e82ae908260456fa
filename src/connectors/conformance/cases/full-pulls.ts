import assert from "node:assert/strict"

import type { Stream } from "../../../sync/canonical"
import type { Connector, Cursor } from "../../contract"
import { keysAll, nextPage, pullAll, withConnector } from "../collect"
import type { ConformanceCase, ConformanceSubject } from "../subject"

const PAGE = 7
const MAX_CURSOR = 64 * 1024

/** Without a cursor everything comes, once, in pages that can be taken up anywhere. */
export const fullPullCases = (subject: ConformanceSubject): ConformanceCase[] => [
  {
    name: "the connector declares the streams that it is tried with",
    skip: null,
    run: () =>
      withConnector(subject, {}, async (connector) => {
        assert.deepEqual((await connector.check()).capabilities.streams, subject.streams)
      }),
  },
  {
    name: "a full pull of categories equals what the ERP holds",
    skip: null,
    run: () =>
      withConnector(subject, {}, async (connector) => {
        const { records } = await pullAll(connector, "categories", null)
        assert.deepEqual(
          sorted(records.map(({ id, parent_id, name }) => ({ id, parent_id, name }))),
          sorted((await subject.list()).categories),
        )
      }),
  },
  {
    name: "a full pull of products equals what the ERP holds, codes and decimals to the letter",
    skip: null,
    run: () =>
      withConnector(subject, {}, async (connector) => {
        const { records, rejected } = await pullAll(connector, "products", null)
        assert.deepEqual(rejected, [])
        const prices = await pricesBy(connector)
        const delivered = new Set<string>(
          records.flatMap(({ variants }) => variants.map(({ id }) => id)),
        )
        const products = records.map(({ id, title, active, variants }) => ({
          id,
          title,
          active,
          variants: sorted(
            variants.map((variant) => ({
              id: variant.id,
              sku: variant.sku,
              barcode: variant.barcode,
              active: variant.active,
              amount: prices.get(variant.id) ?? "none",
            })),
          ),
        }))
        // An archived variant that fits the product's options no more may be left out.
        const expected = (await subject.list()).products.map((product) => ({
          ...product,
          variants: sorted(
            product.variants.filter(({ id, active }) => active || delivered.has(id)),
          ),
        }))
        assert.deepEqual(sorted(products), sorted(expected))
      }),
  },
  {
    name: "a full pull of stock equals what the ERP holds, per warehouse",
    skip: null,
    run: () =>
      withConnector(subject, {}, async (connector) => {
        const { records } = await pullAll(connector, "stock", null)
        const levels = records.flatMap(({ id, levels: held }) =>
          held.map((level) => ({ id, ...level })),
        )
        const nonZero = levels.filter(
          ({ on_hand, available }) => on_hand !== "0" || available !== "0",
        )
        assert.deepEqual(sorted(nonZero), sorted((await subject.list()).stock))
      }),
  },
  {
    name: "prices inside products are the same as those of the price stream",
    skip: null,
    run: () =>
      withConnector(subject, {}, async (connector) => {
        if (!connector.capabilities.prices_with_products) return
        const { records } = await pullAll(connector, "prices", null)
        const alone = new Map<string, unknown>(records.map(({ id, prices }) => [id, prices]))
        const { records: products } = await pullAll(connector, "products", null)
        for (const { id, prices } of products.flatMap(({ variants }) => variants)) {
          assert.deepEqual(prices, alone.get(id), `variant ${id}`)
        }
      }),
  },
  ...eachStream(
    subject,
    "can be taken up from every page, by another connector",
    async (stream) => {
      const whole = await withConnector(subject, {}, (connector) =>
        pullAll(connector, stream, null),
      )
      const ids: string[] = []
      let cursor: Cursor | null = null
      for (let complete = false; !complete;) {
        const page: Awaited<ReturnType<typeof nextPage<Stream>>> = await withConnector(
          subject,
          { page_size: PAGE },
          (connector) => nextPage(connector, stream, cursor),
        )
        assert.ok(page.records.length + page.rejected.length <= PAGE, "A page is too long.")
        assert.ok(JSON.stringify(page.cursor).length < MAX_CURSOR, "The cursor is too large.")
        ids.push(...page.records.map(({ id }) => id))
        ;({ complete, cursor } = page)
        assert.ok(ids.length <= whole.records.length, "The same records come again.")
      }
      assert.deepEqual(ids.toSorted(), whole.records.map(({ id }) => id as string).toSorted())
    },
  ),
  ...eachStream(subject, "counts up to the announced total", async (stream) => {
    await withConnector(subject, { page_size: PAGE }, async (connector) => {
      const { pages } = await pullAll(connector, stream, null)
      const done = pages.map((page) => page.done)
      assert.deepEqual(
        done,
        done.toSorted((a, b) => a - b),
      )
      const last = pages.at(-1)
      assert.ok(last?.complete)
      if (last.total !== null) assert.equal(last.done, last.total)
    })
  }),
  ...eachStream(subject, "lists the same keys and versions as its records have", async (stream) => {
    await withConnector(subject, {}, async (connector) => {
      const { records } = await pullAll(connector, stream, null)
      const { id: ids, version } = { id: (r: { id: string }) => r.id, version: versionOf }
      assert.deepEqual(
        sorted(await keysAll(connector, stream)),
        sorted(records.map((record) => ({ id: ids(record), version: version(record) }))),
      )
    })
  }),
  ...eachStream(subject, "lists all keys in small pages too", async (stream) => {
    const whole = await withConnector(subject, {}, (connector) => keysAll(connector, stream))
    const paged = await withConnector(subject, { page_size: PAGE }, (connector) =>
      keysAll(connector, stream),
    )
    assert.deepEqual(paged, whole)
  }),
  {
    name: "a full pull takes hardly more requests than declared as the least",
    skip: null,
    run: async () => {
      const { products } = await subject.list()
      const variants = products.flatMap((product) => product.variants).length
      for (const stream of subject.streams) {
        await withConnector(subject, {}, async (connector) => {
          await pullAll(connector, stream, null)
          const size = { stream, products: products.length, variants }
          const least = connector.capabilities.least_requests(size)
          assert.ok(
            connector.requests <= Math.ceil(least * 1.2),
            `${stream}: ${connector.requests} requests, ${least} are declared.`,
          )
        })
      }
    },
  },
  {
    name: "a cursor that is not the connector's own is a config error of the stream",
    skip: null,
    run: () =>
      withConnector(subject, {}, async (connector) => {
        await assert.rejects(
          () => nextPage(connector, "products", { someone: "else" }),
          (error: unknown) => (error as { kind?: unknown }).kind === "config",
        )
      }),
  },
]

/** One case for each stream that the connector declares. */
export function eachStream(
  subject: ConformanceSubject,
  does: string,
  run: (stream: Stream) => Promise<void>,
): ConformanceCase[] {
  return subject.streams.map((stream) => ({
    name: `the ${stream} stream ${does}`,
    skip: null,
    run: () => run(stream),
  }))
}

const pricesBy = async (connector: Connector): Promise<Map<string, string>> => {
  const { records } = await pullAll(connector, "prices", null)
  return new Map(
    records.map(({ id, prices }) => [id, prices.find(({ list }) => list === "list")?.amount ?? ""]),
  )
}

const versionOf = (record: object): string | null =>
  "version" in record && typeof record.version === "string" ? record.version : null

const sorted = <T extends { id: string }>(rows: readonly T[]): T[] =>
  rows.toSorted((a, b) => key(a).localeCompare(key(b)))
const key = (row: { id: string; warehouse?: string }): string => `${row.id}/${row.warehouse ?? ""}`
