import { ValueOutcome, ValueWrite } from "../../../../src/engine/ports"
import { MedusaId, medusaId } from "../../../../src/sync/ids"
import { FieldValue } from "../../../../src/sync/values"
import { Random } from "../../random"
import { CATEGORIES, LOCATION, ORIGIN, PRODUCTS, shown, VARIANTS } from "./catalog-scene"
import { Side } from "./side"
import { Maker, one, several } from "./step"
import { restructure } from "./structure-step"

/** Fields of each entity with the values that scripts write. */
const VALUES = {
  product: [
    ["title", ["A", "B", null]],
    ["description", ["Text", "More", null]],
    ["status", ["draft", "published"]],
    ["category:pcat_1", [true, null]],
    ["category:pcat_2", [true, null]],
  ],
  variant: [
    ["title", ["S", "X"]],
    ["sku", ["SKU-11", "SKU-12", "SKU-21", "NEW", null]],
    ["barcode", ["4006381333931", "X1", null]],
    ["weight", ["100", "250.5", null]],
    ["allow_backorder", [true, false]],
    ["price:eur", ["10", "10.00", "12.5", null]],
    ["price:usd", ["9.99", "20"]],
  ],
  category: [
    ["name", ["C", "D"]],
    ["is_active", [true, false]],
  ],
} as const satisfies Record<string, readonly (readonly [string, readonly FieldValue[]])[]>

const IDS = { product: PRODUCTS, variant: VARIANTS, category: CATEGORIES } as const

/** A write without what the record holds now, which each side is asked for. */
type Drawn = Omit<ValueWrite, "from"> & { stale: FieldValue | undefined }

const drawWrite = (random: Random): Drawn => {
  const entity = one(random, ["product", "variant", "variant", "category"] as const)
  const fields: readonly (readonly [string, readonly FieldValue[]])[] = VALUES[entity]
  const [field, values] = random.pick(fields) ?? ["title", ["A"]]
  const gone = random.chance(0.05) ? medusaId("none") : undefined
  return {
    entity,
    id: gone ?? random.pick(IDS[entity]) ?? medusaId("none"),
    field,
    to: random.pick(values) ?? null,
    stale: random.chance(0.2) ? (random.pick(values) ?? null) : undefined,
  }
}

const presentOf = async <Tx>({ catalog }: Side<Tx>, { entity, id, field }: Drawn) => {
  const [name, of] = [field.split(":")[0], field.split(":")[1]]
  if (entity === "category") {
    const held = (await catalog.readCategories([id])).get(id)
    return (name === "name" ? held?.name : held?.is_active) ?? null
  }
  if (entity === "product") {
    const held = (await catalog.readProducts([id])).get(id)
    if (name === "category") {
      return held?.category_ids.some((entry) => entry === of) ? true : null
    }
    return valueOf(held, field)
  }
  const variant = (await catalog.readVariants([id])).get(id)
  const held = variant?.deleted ? undefined : variant
  return name === "price"
    ? (held?.prices.find((price) => price.currency === of)?.amount ?? null)
    : valueOf(held, field)
}

const valueOf = (record: object | undefined, field: string): FieldValue => {
  const value: unknown = Object.entries(record ?? {}).find(([name]) => name === field)?.[1]
  return typeof value === "string" || typeof value === "boolean" ? value : null
}

const writesOf = <Tx>(side: Side<Tx>, drawn: Drawn[]): Promise<ValueWrite[]> =>
  Promise.all(
    drawn.map(async ({ stale, ...write }) => ({
      ...write,
      from: stale === undefined ? await presentOf(side, { stale, ...write }) : stale,
    })),
  )

const outcomeOf = (outcome: ValueOutcome): string => {
  switch (outcome.outcome) {
    case "moved":
      return `moved to ${outcome.present}`
    case "refused":
      return `refused: ${outcome.error.code}`
    default:
      return outcome.outcome
  }
}

/** Each field of a record once: the order of two writes of one is nobody's promise. */
const drawWrites = (random: Random): Drawn[] => [
  ...new Map(
    several(random, 4, () => drawWrite(random)).map((write) => [
      `${write.id} ${write.field}`,
      write,
    ]),
  ).values(),
]

const write: Maker = ({ random }) => {
  const drawn = drawWrites(random)
  return {
    name: "writeValues",
    async run(side) {
      const writes = await writesOf(side, drawn)
      const { outcomes } = await side.ledger.transaction((tx) =>
        side.catalog.writeValues(tx, writes),
      )
      return writes.map((entry, place) => [
        `${entry.id} ${entry.field} ${entry.from} -> ${entry.to}`,
        outcomes[place] && outcomeOf(outcomes[place]),
      ])
    },
  }
}

/** Another transaction has written, and goes on. */
const writeBeside: Maker = ({ random }) => {
  const first = drawWrites(random).filter(({ field }) => !/sku|barcode/.test(field))
  const second = drawWrites(random).filter(({ field }) => !/sku|barcode/.test(field))
  return {
    name: "writeValues beside another",
    async run(side) {
      const [held, writes] = [await writesOf(side, first), await writesOf(side, second)]
      let before: ValueOutcome[] = []
      await side.hold(async (tx) => {
        before = (await side.catalog.writeValues(tx, held)).outcomes
      })
      const { outcomes } = await side.ledger.transaction((tx) =>
        side.catalog.writeValues(tx, writes),
      )
      await side.letGo()
      return [
        held.map(({ id, field }) => `${id} ${field}`),
        before.map(outcomeOf),
        writes,
        outcomes.map(outcomeOf),
      ]
    },
  }
}

const read: Maker = () => ({
  name: "read",
  run: async ({ catalog }) => ({
    products: [...(await catalog.readProducts([...PRODUCTS])).values()]
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(shown),
    categories: [...(await catalog.readCategories([...CATEGORIES])).values()].sort((a, b) =>
      a.id < b.id ? -1 : 1,
    ),
    counts: { ...(await catalog.counts()), levels: 0 },
  }),
})

const find: Maker = ({ random }) => {
  const by = one(random, ["sku", "barcode"] as const)
  const values = ["SKU-11", "SKU-12", "NEW", "X1"]
  return {
    name: "findVariants",
    run: async ({ catalog }) =>
      (await catalog.findVariants(by, values)).toSorted((a, b) => (a.value < b.value ? -1 : 1)),
  }
}

const move: Maker = ({ random }) => {
  const id = random.pick(CATEGORIES) ?? medusaId("pcat_1")
  const parent = random.chance(0.3) ? null : (random.pick(CATEGORIES) ?? null)
  return {
    name: "moveCategory",
    async run({ catalog }) {
      await catalog.moveCategory(id, parent, ORIGIN)
    },
  }
}

/** Items of variants, which each side numbers by itself. */
const itemsOf = async <Tx>({ catalog }: Side<Tx>): Promise<Map<string, MedusaId>> => {
  const variants = await catalog.readVariants([...VARIANTS])
  return new Map(
    [...variants.values()].flatMap((variant) =>
      variant.inventory_items.map((item) => [variant.id, item.id] as const),
    ),
  )
}

const level: Maker = ({ random }) => {
  const to = String(random.between(0, 9))
  const chosen = several(random, 2, () => random.pick(VARIANTS) ?? medusaId("variant_11"))
  return {
    name: "writeLevels",
    async run(side) {
      const items = await itemsOf(side)
      const pairs = [...new Set(chosen)].flatMap((id) => {
        const item = items.get(id)
        return item ? [{ inventory_item_id: item, location_id: LOCATION }] : []
      })
      const names = new Map([...items].map(([variant, item]) => [item, variant]))
      await side.catalog.withInventoryLock(
        pairs.map((pair) => pair.inventory_item_id),
        () =>
          side.ledger.transaction(async (tx) => {
            const levels = await side.catalog.lockLevels(tx, pairs)
            await side.catalog.writeLevels(
              tx,
              levels.map((entry) => ({ level: entry, to })),
            )
          }),
      )
      return (await side.catalog.readLevels(pairs)).map((entry) => [
        names.get(entry.inventory_item_id),
        entry.id === null,
        entry.stocked,
        entry.reserved,
      ])
    },
  }
}

export const CATALOG_STEPS: readonly (readonly [Maker, number])[] = [
  [write, 10],
  [writeBeside, 3],
  [read, 3],
  [find, 1],
  [move, 1],
  [level, 3],
  [restructure, 3],
]
