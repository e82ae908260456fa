import { LinkPatch, NewLink } from "../../../../src/engine/ports"
import { Entity } from "../../../../src/sync/canonical"
import { connectionId, MedusaId, medusaId } from "../../../../src/sync/ids"
import { Intent, LinkState, Replaced } from "../../../../src/sync/values"
import { OtherLink } from "../../../../src/sync/write-scope"
import { Random } from "../../random"
import { CONNECTION, nameOf, Side } from "./side"
import {
  anyEntity,
  anyKey,
  anyStream,
  anyValue,
  keyAt,
  keyPlace,
  Maker,
  one,
  several,
} from "./step"

const FIELDS = ["title", "description", "category:7", "category:9", "price:eur", "stock:S"] as const

const ANOTHER = connectionId("another")

const recordOf = ({ connection_id, entity, erp_id, medusa_id, owners }: OtherLink): string =>
  JSON.stringify([connection_id, entity, erp_id, medusa_id, owners])

const anyField = (random: Random): string => one(random, FIELDS)

const anyMedusaId = (random: Random): MedusaId => medusaId(`m${random.between(1, 5)}`)

const newLink = (random: Random): NewLink => {
  const entity = anyEntity(random)
  const child = entity === "variant" || entity === "option"
  return {
    entity,
    erp_id: anyKey(random),
    parent_erp_id: child ? anyKey(random) : null,
    medusa_id: anyMedusaId(random),
    state: one<LinkState>(random, ["creating", "linked", "linked", "tombstone"]),
    fingerprint: "rules-1",
    match_key: random.chance(0.3) ? "1,2" : null,
    base_erp: { [anyField(random)]: anyValue(random) },
    base_medusa: { [anyField(random)]: anyValue(random) },
    ...(random.chance(0.5) ? { version: { [anyStream(random)]: `v${random.between(1, 9)}` } } : {}),
    ...(random.chance(0.3) ? { kept: { status: "published" } } : {}),
  }
}

const insert: Maker = ({ random }) => {
  const links = several(random, 3, () => newLink(random))
  return {
    name: "insertLinks",
    run: (side) =>
      side.ledger
        .transaction((tx) => side.ledger.insertLinks(tx, CONNECTION, links))
        .then((standing) => standing.map(nameOf).sort()),
  }
}

const intent = (random: Random, at: string): Intent => ({
  source: "erp",
  source_value: anyValue(random),
  target_value: anyValue(random),
  replaced_value: anyValue(random),
  target_version: null,
  at,
  until: null,
})

const replaced = (random: Random, at: string): Replaced => ({
  value: anyValue(random),
  to: anyValue(random),
  side: "medusa",
  at,
  turns: 1,
  since: at,
})

/** A patch without its link, with whether its fence stands. */
interface DrawnPatch {
  entity: Entity
  key: number
  stale: boolean
  lane: "catalog" | "stock"
  change: Omit<LinkPatch, "id" | "expected">
}

const drawPatch = (random: Random, at: string): DrawnPatch => {
  const maybe = <T>(value: T): T | undefined => (random.chance(0.25) ? value : undefined)
  const cleared = <T>(value: T): T | null => (random.chance(0.3) ? null : value)
  const change = {
    base_erp: maybe({ [anyField(random)]: anyValue(random) }),
    base_medusa: maybe({ [anyField(random)]: anyValue(random) }),
    intents: maybe({ [anyField(random)]: cleared(intent(random, at)) }),
    replaced: maybe({ [anyField(random)]: cleared(replaced(random, at)) }),
    resolutions: maybe({ [anyField(random)]: cleared("erp" as const) }),
    kept: maybe({ status: cleared("draft") }),
    version: maybe({ [anyStream(random)]: `v${random.between(1, 9)}` }),
    content_hash: maybe({ [anyStream(random)]: `h${random.between(1, 9)}` }),
    state: maybe(one<LinkState>(random, ["linked", "linked", "gone", "tombstone"])),
    medusa_id: maybe(anyMedusaId(random)),
    erp_id: random.chance(0.1) ? anyKey(random) : undefined,
    parent_erp_id: random.chance(0.1) ? null : undefined,
    match_key: maybe(cleared("3,4")),
    fingerprint: maybe("rules-2"),
    agreed: maybe(true),
    stock_read_at: maybe(at),
  }
  return {
    entity: anyEntity(random),
    key: keyPlace(random),
    stale: random.chance(0.2),
    lane: random.chance(0.8) ? "catalog" : "stock",
    change: Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
  }
}

const patchOf = async <Tx>(side: Side<Tx>, drawn: DrawnPatch): Promise<LinkPatch[]> => {
  const link = await side.link(drawn.entity, drawn.key)
  if (!link) {
    return []
  }
  const seq = (drawn.lane === "catalog" ? link.seq : link.stock_seq) - (drawn.stale ? 1 : 0)
  return [{ ...drawn.change, id: link.id, expected: { lane: drawn.lane, seq } }]
}

const patch: Maker = ({ random, clock }) => {
  const drawn = several(random, 3, () => drawPatch(random, clock.iso()))
  return {
    name: "patchLinks",
    async run(side) {
      const names = new Map([...(await side.links())].map(([name, link]) => [link.id, name]))
      const patches = (await Promise.all(drawn.map((entry) => patchOf(side, entry)))).flat()
      const answer = await side.ledger.transaction((tx) => side.ledger.patchLinks(tx, patches))
      return {
        lost: answer.lost.map((id) => names.get(id)).sort(),
        written: [...answer.seqs.keys()].map((id) => names.get(id)).sort(),
      }
    },
  }
}

/** Takes some links in a transaction that goes on, and has another one ask for all. */
const lock: Maker = ({ random }) => {
  const chosen = several(random, 3, () => ({ entity: anyEntity(random), key: keyPlace(random) }))
  return {
    name: "lockLinks",
    async run(side) {
      const links = await side.links()
      const names = new Map([...links].map(([name, link]) => [link.id, name]))
      const wanted = chosen.flatMap(({ entity, key }) => links.get(`${entity}/${keyAt(key)}`) ?? [])
      await side.hold((tx) =>
        side.ledger.lockLinks(
          tx,
          wanted.map((link) => link.id),
        ),
      )
      const free = await side.ledger.transaction((tx) =>
        side.ledger.lockLinks(tx, [...names.keys(), "elnk_none"]),
      )
      await side.letGo()
      return [...free.keys()].map((id) => names.get(id)).sort()
    },
  }
}

const read: Maker = ({ random }) => {
  const entity = anyEntity(random)
  const stream = anyStream(random)
  const ids = several(random, 3, () => anyMedusaId(random))
  const keys = several(random, 3, () => anyKey(random))
  return {
    name: "links",
    run: async (side) => ({
      byMedusa: (await side.ledger.linksByMedusa(CONNECTION, entity, ids)).map((link) => [
        nameOf(link),
        link.state === "tombstone",
      ]),
      byParent: (await side.ledger.linksByParent(CONNECTION, keys)).map(nameOf).sort(),
      newest: (await side.ledger.newestLinks(CONNECTION, entity, stream, 20)).map(
        (link) => link.version[stream],
      ),
      // Another connection's view of this one's links, and this one's of links that nobody else has.
      ofOthers: (await side.ledger.linksOfOthers(ANOTHER, entity, ids)).map(recordOf).sort(),
      ofNobody: await side.ledger.linksOfOthers(CONNECTION, entity, ids),
      earlier: await side.ledger.earlierLinks(
        [...(await side.links()).values()].map(({ id }) => id),
      ),
      outgoing: (await side.ledger.outgoingLinks(CONNECTION)).map(nameOf),
      counts: await side.ledger.linkCounts(CONNECTION),
    }),
  }
}

const sweep: Maker = ({ random }) => {
  const entity = anyEntity(random)
  const seen = several(random, 3, () => anyKey(random))
  const after = random.chance(0.3) ? anyKey(random) : null
  const clear = random.chance(0.2)
  const limit = random.between(1, 4)
  return {
    name: "sweep",
    async run(side) {
      await side.ledger.transaction((tx) => side.ledger.markSwept(tx, "erun_1", entity, seen))
      const unseen = await side.ledger.unsweptLinks(CONNECTION, "erun_1", entity, after, limit)
      if (clear) {
        await side.ledger.clearSwept("erun_1")
      }
      return unseen.map(nameOf)
    },
  }
}

const voidElements: Maker = ({ random }) => {
  const fields = several(random, 2, () => one(random, ["category:7", "category:9"]))
  return {
    name: "voidElements",
    run: (side) =>
      side.ledger
        .transaction((tx) => side.ledger.voidElements(tx, CONNECTION, fields))
        .then((ids) => [...ids].sort()),
  }
}

const wake: Maker = () => ({
  name: "markOpenIntents",
  run: (side) => side.ledger.markOpenIntents(CONNECTION),
})

/** Everything that links hold, after whatever a script did to them. */
const all: Maker = () => ({ name: "all links", run: (side) => side.links() })

export const LINK_STEPS: readonly (readonly [Maker, number])[] = [
  [insert, 6],
  [patch, 8],
  [lock, 2],
  [read, 2],
  [sweep, 2],
  [voidElements, 1],
  [wake, 1],
  [all, 2],
]
