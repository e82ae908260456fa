import assert from "node:assert/strict"

import type { Stream } from "../../../sync/canonical"
import type { Connector, Cursor } from "../../contract"
import { byId, pullAll, withConnector } from "../collect"
import type { ConformanceCase, ConformanceSubject } from "../subject"
import { eachStream } from "./full-pulls"

/** From a cursor at rest comes what changed since, whatever the change touched. */
export const deltaCases = (subject: ConformanceSubject): ConformanceCase[] => [
  ...eachStream(subject, "has nothing to forget when nothing changed", async (stream) => {
    await withConnector(subject, {}, async (connector) => {
      const full = await pullAll(connector, stream, null)
      const quiet = await pullAll(connector, stream, full.cursor)
      assert.ok(quiet.pages.at(-1)?.complete)
      assert.equal(
        quiet.pages.some(({ regressed }) => regressed),
        false,
      )
      // Records may come again, unchanged.
      const known = byId<{ id: string }>(full.records)
      for (const record of quiet.records) assert.deepEqual(record, known.get(record.id))
    })
  }),
  ...subject.changes.map(({ name, make }) => ({
    name: `a delta sees: ${name}`,
    skip: null,
    run: () => seesChange(subject, make),
  })),
  {
    name: "a delta finds what was stamped before the last poll and committed after it",
    skip: subject.changeLate ? null : "the double cannot commit late",
    run: async () => {
      const late = await subject.changeLate?.()
      if (late) await seesChange(subject, late.commit, late.meanwhile)
    },
  },
  {
    name: "a delta over more records of one stamp than a page holds ends, with each record once",
    skip: subject.stampAlike ? null : "the double cannot stamp alike",
    run: () =>
      withConnector(subject, { page_size: 3 }, async (connector) => {
        const { cursor } = await pullAll(connector, "products", null)
        await subject.stampAlike?.(10)
        const { records, gone, pages } = await pullAll(connector, "products", cursor)
        assert.ok(pages.length > 3 && pages.length < 1000)
        const ids = [...records.map(({ id }) => id as string), ...gone]
        assert.equal(new Set(ids).size, ids.length, "A record came twice.")
        assert.ok(ids.length >= 10)
      }),
  },
  {
    name: "a delta is taken up from every page",
    skip: subject.stampAlike ? null : "the double cannot stamp alike",
    run: async () => {
      const rest = await withConnector(subject, {}, (c) => pullAll(c, "products", null))
      await subject.stampAlike?.(10)
      const ids: string[] = []
      let cursor: Cursor | null = rest.cursor
      for (let complete = false; !complete;) {
        await withConnector(subject, { page_size: 4 }, async (connector) => {
          for await (const page of connector.pull("products", cursor)) {
            ids.push(...page.records.map(({ id }) => id as string), ...page.gone)
            cursor = JSON.parse(JSON.stringify(page.cursor)) as Cursor
            complete = page.complete
            break
          }
        })
      }
      assert.equal(new Set(ids).size, ids.length, "A record came twice.")
      assert.ok(ids.length >= 10)
    },
  },
]

/**
 * Keeps a copy of each stream by full pull and deltas, as an engine does, and compares it with a
 * fresh full pull after the change; what a sweep finds missing leaves the copy. `meanwhile` is
 * polled before the change is made.
 */
const seesChange = async (
  subject: ConformanceSubject,
  make: () => Promise<void>,
  meanwhile?: () => Promise<void>,
): Promise<void> => {
  await withConnector(subject, {}, async (connector) => {
    const copies = await Promise.all(subject.streams.map((stream) => Copy.of(connector, stream)))
    if (meanwhile) {
      await meanwhile()
      for (const copy of copies) await copy.follow(connector)
    }
    await make()
    for (const copy of copies) {
      await copy.follow(connector)
      await copy.sweep(connector)
      await copy.compare(connector)
    }
  })
}

class Copy {
  private constructor(
    readonly stream: Stream,
    private readonly records: Map<string, unknown>,
    private cursor: Cursor | null,
  ) {}

  static async of(connector: Connector, stream: Stream): Promise<Copy> {
    const { records, cursor } = await pullAll(connector, stream, null)
    return new Copy(stream, byId<{ id: string }>(records), cursor)
  }

  async follow(connector: Connector): Promise<void> {
    const { records, gone, cursor } = await pullAll(connector, this.stream, this.cursor)
    for (const record of records) this.records.set(record.id, record)
    for (const id of gone) this.records.delete(id)
    this.cursor = cursor
  }

  /** Only removes what is gone: what was changed must have come with the delta. */
  async sweep(connector: Connector): Promise<void> {
    const keys = new Set<string>()
    for await (const page of connector.keys(this.stream, null)) {
      for (const { id } of page.keys) keys.add(id)
    }
    for (const id of this.records.keys()) if (!keys.has(id)) this.records.delete(id)
  }

  async compare(connector: Connector): Promise<void> {
    const { records } = await pullAll(connector, this.stream, null)
    const now = byId<{ id: string }>(records)
    for (const id of new Set([...this.records.keys(), ...now.keys()])) {
      const told = `The copy of ${this.stream} ${id} differs from the ERP.`
      assert.deepEqual(this.records.get(id), now.get(id), told)
    }
  }
}
