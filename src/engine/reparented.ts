import { ErpProduct } from "../sync/canonical"
import { ErpId } from "../sync/ids"
import { MOVE_APPROVED, MOVED_TO, strangersIn, vanishedFrom } from "../sync/reparented"
import { Link } from "../sync/values"
import { carryOutMoves } from "./approved-moves"
import { PageWork } from "./commit"
import { Connected, EngineContext } from "./context"
import { Freshness } from "./freshness"
import { LinkPatch, ParkedRecord } from "./ports"

/**
 * Sets variants aside that the ERP moved to another product: each parks as `reparented`, stays in the
 * store where it is, with stock and prices, and is made nowhere else. What vanished from its product is
 * asked for by id before it may count as gone. Moves that a person approved are carried out first.
 * @returns the records without those variants
 */
export const setAsideMoved = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  records: ErpProduct[],
  page: PageWork,
  fresh: Freshness,
): Promise<ErpProduct[]> => {
  if (records.length === 0) {
    return records
  }
  const linked = await withoutApproved(context, connected, records, page, fresh)
  const own = await context.ledger.linksByParent(
    connected.id,
    records.map((erp) => erp.id),
  )
  const vanished = records.flatMap((erp) => vanishedFrom(erp, own))
  const parents = await presentParents(context, connected, vanished)
  const moved = new Map<Link, ErpId | null>(
    vanished.map((link) => {
      const parent = parents.get(link.erp_id) ?? null
      return [link, parent === link.parent_erp_id ? null : parent]
    }),
  )
  const kept = records.map((erp) => {
    const strangers = strangersIn(erp, linked)
    strangers.forEach(({ link }) => moved.set(link, erp.id))
    const without = new Set(strangers.map(({ link }) => link.erp_id))
    return without.size === 0
      ? erp
      : { ...erp, variants: erp.variants.filter((variant) => !without.has(variant.id)) }
  })
  const back = own.filter((link) => linked.has(link.erp_id) && !moved.has(link))
  back.forEach((link) => moved.set(link, null))
  await markMoved(context, moved, fresh)
  page.parked.push(
    ...[...moved].flatMap(([link, to]) =>
      to === null || link.state === "tombstone" ? [] : [reparentedRecord(link, to)],
    ),
  )
  return kept
}

/** Links of all variants of these records, once the moves among them that a person approved are done. */
const withoutApproved = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  records: ErpProduct[],
  page: PageWork,
  fresh: Freshness,
): Promise<Map<ErpId, Link>> => {
  const ids = records.flatMap((erp) => erp.variants.map((variant) => variant.id))
  const read = async (): Promise<Map<ErpId, Link>> => {
    const links = await context.ledger.linksByErp(connected.id, "variant", ids)
    return new Map(links.map((link) => [link.erp_id, link]))
  }
  const linked = await read()
  const moved = await carryOutMoves(context, connected, records, linked, page, fresh)
  return moved > 0 ? read() : linked
}

/** Under which products the ERP has these variants now; those that it does not have are missing. */
const presentParents = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  links: Link[],
): Promise<Map<ErpId, ErpId>> => {
  const { streams, max_read_batch, file_push } = connected.connector.capabilities
  const stream = (["prices", "stock"] as const).find((entry) => streams.includes(entry))
  const found = new Map<ErpId, ErpId>()
  if (!stream || file_push) {
    return found
  }
  for (let start = 0; start < links.length; start += max_read_batch) {
    const ids = links.slice(start, start + max_read_batch).map((link) => link.erp_id)
    const { records } = await connected.connector.read(stream, ids, { lane: "background" })
    records.forEach((record) => found.set(record.id, record.product_id))
  }
  return found
}

/** Remembers with the link where its variant is, so that a look at either product knows it. */
const markMoved = async <Tx>(
  context: EngineContext<Tx>,
  moved: ReadonlyMap<Link, ErpId | null>,
  fresh: Freshness,
): Promise<void> => {
  const patches = [...moved].flatMap(([link, to]): LinkPatch[] =>
    (link.kept[MOVED_TO] ?? null) === to || !fresh.isCurrent(link)
      ? []
      : [
          {
            id: link.id,
            expected: { lane: "catalog", seq: link.seq },
            // Another move than the one that was approved has to be approved anew.
            kept: { [MOVED_TO]: to, [MOVE_APPROVED]: null },
          },
        ],
  )
  if (patches.length > 0) {
    const { seqs } = await context.ledger.transaction((tx) =>
      context.ledger.patchLinks(tx, patches),
    )
    fresh.trust(seqs)
  }
}

const reparentedRecord = (link: Link, to: ErpId): ParkedRecord => ({
  stream: "products",
  entity: "variant",
  erp_id: link.erp_id,
  key: to,
  field: "parent",
  reason: "reparented",
  message: `The ERP moved variant ${link.erp_id} from product ${link.parent_erp_id ?? "none"} to product ${to}. In the store it stays where it is, with its stock and prices.`,
  value: to,
  remedy:
    "Approve the move: the variant goes to the other product with its stock and prices. Or move it back in the ERP.",
  version: null,
})
