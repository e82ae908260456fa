import { GuardedChange, JournalEntry, ParkedRecord } from "../../../../src/engine/ports"
import { Entity } from "../../../../src/sync/canonical"
import { Difference, Link } from "../../../../src/sync/values"
import { Random } from "../../random"
import { CONNECTION } from "./side"
import { anyEntity, anyKey, anyStream, anyValue, keyPlace, Maker, one, several } from "./step"

const FIELDS = ["title", "sku", "category:7", "category:9"] as const
const MINUTE_US = 60_000_000

const save: Maker = ({ random }) => {
  const entity = one<Entity>(random, ["product", "variant"])
  const key = keyPlace(random)
  const looked = several(random, 3, () => one(random, [...FIELDS, "category:*"]))
  const found = [
    ...new Map(
      several(random, 3, () => one(random, FIELDS)).map((field): [string, Found] => [
        field,
        differenceOf(random, field),
      ]),
    ).values(),
  ]
  const moved = random.chance(0.2) ? 1 : 0
  const lane = one(random, ["catalog", "stock"] as const)
  return {
    name: "saveDifferences",
    async run(side) {
      const link = await side.link(entity, key)
      if (!link) {
        return null
      }
      const covered = found.filter(
        ({ field }) =>
          looked.includes(field) || (/^category/.test(field) && looked.includes("category:*")),
      )
      return side.ledger
        .transaction((tx) =>
          side.ledger.saveDifferences(
            tx,
            CONNECTION,
            [{ link_id: link.id, fields: looked, ...fences[lane](link, moved) }],
            covered.map((difference) => ({ ...difference, link_id: link.id })),
          ),
        )
        .then(({ opened, stale }) => ({
          opened: opened.toSorted((a, b) => (a.field < b.field ? -1 : 1)),
          stale: stale.length,
        }))
    },
  }
}

const fences = {
  catalog: (link: Link, moved: number) => ({ seqs: { [link.id]: link.seq + moved } }),
  stock: ({ erp_id, stock_seq }: Link, moved: number) => ({
    stock: { erp_id, stock_seq: stock_seq + moved },
  }),
}

type Found = Omit<Difference, "link_id">

const differenceOf = (random: Random, field: string): Found => ({
  field,
  kind: one(random, ["drift", "pending", "conflict"]),
  reason: one(random, ["push_off", "owner_medusa"]),
  message: random.chance(0.3) ? "Look at it." : null,
  erp: anyValue(random),
  medusa: anyValue(random),
})

const parkedRecord = (random: Random): ParkedRecord => ({
  stream: anyStream(random),
  entity: anyEntity(random),
  erp_id: anyKey(random),
  field: one(random, ["*", "sku", "title"]),
  reason: one(random, ["invalid", "duplicate_sku", "missing_dependency"]),
  message: "It cannot be.",
  value: random.chance(0.5) ? "x" : null,
  remedy: "Mend it.",
  version: random.chance(0.5) ? "v1" : null,
  ...(random.chance(0.4)
    ? { waits_for: { entity: "category" as const, erp_id: anyKey(random) } }
    : {}),
  ...(random.chance(0.2) ? { key: anyKey(random) } : {}),
})

const park: Maker = ({ random }) => {
  const record = parkedRecord(random)
  return {
    name: "park",
    run: (side) => side.ledger.transaction((tx) => side.ledger.park(tx, CONNECTION, [record])),
  }
}

const unpark: Maker = ({ random }) => {
  const stream = anyStream(random)
  const keys = several(random, 3, () => ({
    entity: anyEntity(random),
    erp_id: anyKey(random),
    except: random.chance(0.4) ? ["sku"] : [],
  }))
  return {
    name: "unpark",
    run: (side) =>
      side.ledger.transaction((tx) => side.ledger.unpark(tx, CONNECTION, stream, keys)),
  }
}

const wake: Maker = ({ random, clock }) => {
  const arrived = several(random, 2, () => ({
    entity: "category" as const,
    erp_id: anyKey(random),
  }))
  clock.advance(random.between(1, MINUTE_US))
  return {
    name: "wakeWaiting",
    async run(side) {
      await side.ledger.transaction((tx) => side.ledger.wakeWaiting(tx, CONNECTION, arrived))
      return side.ledger.dirtyDepth(CONNECTION)
    },
  }
}

const retry: Maker = ({ random, clock }) => {
  const older = random.between(0, 120_000)
  clock.advance(random.between(1, 2 * MINUTE_US))
  return {
    name: "retryParked",
    run: async (side) => [
      await side.ledger.retryParked(CONNECTION, older),
      await side.ledger.dirtyDepth(CONNECTION),
    ],
  }
}

const journalEntry = (random: Random): JournalEntry => ({
  run_id: null,
  entity: one<Entity>(random, ["product", "variant"]),
  erp_id: anyKey(random),
  medusa_id: null,
  field: one(random, ["*", "price:eur", "stock:S", "title"]),
  side: random.chance(0.7) ? "medusa" : "erp",
  kind: one<JournalEntry["kind"]>(random, ["write", "gone", "superseded", "approve", "drift"]),
  from: one(random, ["10", "12", "90", null]),
  to: one(random, ["10", "11", "99", null]),
  rule: one(random, ["erp_changed", "absent_in_erp", "approved", "deleted_in_medusa"]),
})

const journal: Maker = ({ random, clock }) => {
  const entries = several(random, 3, () => journalEntry(random))
  clock.advance(random.between(1, 120) * MINUTE_US)
  return {
    name: "journal",
    run: (side) => side.ledger.transaction((tx) => side.ledger.journal(tx, CONNECTION, entries)),
  }
}

const counts: Maker = ({ random }) => {
  const changes: GuardedChange[] = several(random, 4, () => journalEntry(random)).map(
    ({ entity, erp_id, field, from, to }) => ({ entity, erp_id, field, from, to }),
  )
  return {
    name: "guards",
    run: async (side) => ({
      gone: await side.ledger.countGone(CONNECTION, "product"),
      goneInErp: await side.ledger.countGone(CONNECTION, "variant", "erp"),
      moved: await side.ledger.countMovedPrices(CONNECTION, "medusa"),
      absent: await side.ledger.countAbsentStock(CONNECTION),
      approved: await side.ledger.approvedChanges(CONNECTION, changes),
    }),
  }
}

const events: Maker = ({ random, clock }) => {
  const names = several(random, 3, () => one(random, ["product.updated", "product.created"]))
  const confirm = random.chance(0.5)
  clock.advance(random.between(1, 2 * MINUTE_US))
  return {
    name: "events",
    async run(side) {
      const ids = await side.ledger.transaction((tx) =>
        side.ledger.queueEvents(
          tx,
          "run",
          names.map((name) => ({ name, data: { id: "prod_1" } })),
        ),
      )
      const due = await side.ledger.pendingEvents(30_000, 5)
      if (confirm) {
        await side.ledger.confirmEvents([...due.map(({ id }) => id), ...ids.slice(0, 1)])
      }
      return due.map(({ event }) => event)
    },
  }
}

export const FINDING_STEPS: readonly (readonly [Maker, number])[] = [
  [save, 8],
  [park, 6],
  [unpark, 3],
  [wake, 2],
  [retry, 2],
  [journal, 4],
  [counts, 3],
  [events, 2],
]
