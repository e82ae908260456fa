import assert from "node:assert/strict"

import { erpId } from "../../../sync/ids"
import { byId, pullAll, syncErrorOf, withConnector } from "../collect"
import type { ConformanceCase, ConformanceSubject } from "../subject"
import { eachStream } from "./full-pulls"

/** `read` answers for exactly the ids asked for; what no catalog can take is named. */
export const readCases = (subject: ConformanceSubject): ConformanceCase[] => [
  ...eachStream(
    subject,
    "reads by id what a pull delivers, and reports what is missing",
    async (stream) => {
      await withConnector(subject, {}, async (connector) => {
        const { records } = await pullAll(connector, stream, null)
        const wanted = records.slice(0, 3)
        assert.ok(wanted.length > 0, "The ERP needs some records for this case.")
        const nobody = erpId("999999999")
        const read = await connector.read(stream, [...wanted.map(({ id }) => id), nobody])
        assert.deepEqual(byId<{ id: string }>(read.records), byId<{ id: string }>(wanted))
        assert.deepEqual(read.missing, [nobody])
        assert.deepEqual(read.rejected, [])
      })
    },
  ),
  {
    name: "a read of nothing asks for nothing",
    skip: null,
    run: () =>
      withConnector(subject, {}, async (connector) => {
        assert.deepEqual(await connector.read("products", []), {
          records: [],
          rejected: [],
          missing: [],
        })
      }),
  },
  {
    name: "an id of another kind of ERP is missing, not an error",
    skip: null,
    run: () =>
      withConnector(subject, {}, async (connector) => {
        const strange = erpId("not-an-id-of-this-erp")
        assert.deepEqual((await connector.read("products", [strange])).missing, [strange])
      }),
  },
  {
    name: "more ids than a batch may hold are refused, not cut",
    skip: null,
    run: () =>
      withConnector(subject, {}, async (connector) => {
        const count = connector.capabilities.max_read_batch + 1
        const ids = Array.from({ length: count }, (_, at) => erpId(at + 1))
        assert.equal((await syncErrorOf(connector.read("products", ids))).kind, "bug")
      }),
  },
  {
    name: "who holds a key is found, and no more than two of them",
    skip: null,
    run: () =>
      withConnector(subject, {}, async (connector) => {
        const { products } = await subject.list()
        const live = products.flatMap(({ variants }) => variants.filter(({ active }) => active))
        for (const by of ["sku", "barcode"] as const) {
          const holders = new Map<string, string[]>()
          for (const { id, [by]: key } of live) {
            if (key !== null) holders.set(key, [...(holders.get(key) ?? []), id])
          }
          const keys = [...holders.keys()].slice(0, 50)
          const found = await connector.findHolders?.(by, [...keys, "no such key"])
          for (const key of found ? [...keys, "no such key"] : []) {
            const held = holders.get(key) ?? []
            const answered = found?.get(key) ?? []
            assert.equal(answered.length, Math.min(2, held.length), `${by} "${key}"`)
            assert.ok(
              answered.every(({ variant_id }) => held.includes(variant_id)),
              `${by} "${key}"`,
            )
          }
        }
      }),
  },
  ...(subject.spoils ?? []).map(({ name, stream, make }) => ({
    name: `${name} is rejected by name, and the other ${stream} come`,
    skip: null,
    run: async () => {
      const before = await withConnector(subject, {}, (c) => pullAll(c, stream, null))
      const { id, field, undo } = await make()
      try {
        await withConnector(subject, {}, async (connector) => {
          const { records, rejected } = await pullAll(connector, stream, null)
          const found = rejected.find((rejection) => rejection.id === id)
          assert.equal(found?.field, field, JSON.stringify(rejected))
          assert.ok(found.reason && found.remedy)
          assert.ok(found.value.length <= 200)
          const others = before.records.filter((record) => record.id !== id).length
          assert.ok(records.length >= others, "Other records were lost with it.")
          const read = await connector.read(stream, [erpId(id)])
          assert.equal(read.rejected[0]?.field, field)
          assert.deepEqual(read.missing, [], "What is rejected is not missing.")
        })
      } finally {
        await undo()
      }
    },
  })),
]
