import { ErpProduct, ErpVariant } from "../sync/canonical"
import { matchKeyOf, withDefaultOption } from "../sync/default-option"
import { ErpId } from "../sync/ids"
import { mayMoveTo, MOVE_APPROVED, MOVED_TO, strangersIn } from "../sync/reparented"
import { Link } from "../sync/values"
import { brokenFence, ORIGIN_PREFIX, PageWork } from "./commit"
import { Connected, EngineContext } from "./context"
import { Freshness } from "./freshness"
import { markBusy } from "./busy"
import { flushEvents } from "./outbox"
import { OutgoingEvent, ValueWrite } from "./ports"

/** A variant that a person lets go to the product under which the ERP has it. */
interface Move {
  link: Link
  variant: ErpVariant
  to: ErpProduct
}

/**
 * Carries out moves of variants that a person approved: the store's variant goes to the other product as
 * it is, with inventory item, prices and history. Row, link and journal move in one transaction, so that a
 * crash leaves a variant on one side or the other; its options are assigned by the plan of its new product.
 * @returns how many went; those that could not yet are looked at again
 */
export const carryOutMoves = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  records: ErpProduct[],
  linked: ReadonlyMap<ErpId, Link>,
  page: PageWork,
  fresh: Freshness,
): Promise<number> => {
  const moves = records.flatMap((to) =>
    strangersIn(withDefaultOption(to), linked).flatMap(({ erp: variant, link }): Move[] =>
      mayMoveTo(link, to) && fresh.isCurrent(link) ? [{ link, variant, to }] : [],
    ),
  )
  let done = 0
  for (const move of moves) {
    const keys = [move.to.id, move.link.parent_erp_id].map((id) => `${connected.id}/product/${id}`)
    const outcome = await context.ledger.exclusively(keys.sort(), async (granted) =>
      keys.every((key) => granted.has(key))
        ? carryOut(context, connected, move, page, fresh)
        : "busy",
    )
    if (outcome === "moved") {
      done += 1
    } else if (outcome === "busy") {
      markBusy(page, "products", move.to.id)
    }
  }
  return done
}

const carryOut = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  move: Move,
  page: PageWork,
  fresh: Freshness,
): Promise<"moved" | "busy" | "stays"> => {
  const { link, to } = move
  const held = (await context.catalog.readVariants([link.medusa_id])).get(link.medusa_id)
  const [target] = await context.ledger.linksByErp(connected.id, "product", [to.id])
  // A product whose options are the merchant's own has no place for it.
  if (!held || held.deleted || target?.state !== "linked" || target.kept.foreign_options === true) {
    return "stays"
  }
  const write: ValueWrite = {
    entity: "variant",
    id: link.medusa_id,
    field: "product_id",
    from: held.product_id,
    to: target.medusa_id,
  }
  const group = `${ORIGIN_PREFIX}move:${link.id}`
  const { outcome, ids, events, seqs } = await context.ledger.transaction(async (tx) => {
    const locked = await context.ledger.lockLinks(tx, [link.id])
    if (locked.get(link.id)?.seq !== link.seq) return NOTHING
    const written = await context.catalog.writeValues(tx, [write])
    const [first] = written.outcomes
    if (first?.outcome !== "written") return { ...NOTHING, outcome: first }
    const { lost, seqs: moved } = await context.ledger.patchLinks(tx, [
      {
        id: link.id,
        expected: { lane: "catalog", seq: link.seq },
        parent_erp_id: to.id,
        match_key: matchKeyOf(move.variant),
        kept: { [MOVED_TO]: null, [MOVE_APPROVED]: null },
      },
    ])
    if (lost.length > 0) throw brokenFence(lost)
    await context.ledger.journal(tx, connected.id, [entryOf(move)])
    const queued = await context.ledger.queueEvents(tx, group, written.events)
    return { outcome: first, ids: queued, events: written.events, seqs: moved }
  })
  if (outcome?.outcome === "refused") {
    context.log("warn", `variant ${link.erp_id} was not moved: ${outcome.error.message}`)
    return "stays"
  }
  if (outcome?.outcome !== "written") return "busy"
  await flushEvents(context, group, ids, events)
  fresh.trust(seqs)
  page.tally.writes += 1
  page.tally.events += events.length
  const former = link.parent_erp_id
  if (former !== null) {
    page.dirty.push({ stream: "products", erp_id: former, reason: "moved_away" })
  }
  return "moved"
}

const NOTHING = {
  outcome: undefined,
  ids: [] as string[],
  events: [] as OutgoingEvent[],
  seqs: new Map<string, number>(),
}

const entryOf = ({ link, to }: Move): PageWork["journal"][number] => ({
  run_id: null,
  entity: link.entity,
  erp_id: link.erp_id,
  medusa_id: link.medusa_id,
  field: "parent",
  side: "medusa",
  kind: "structure",
  from: link.parent_erp_id,
  to: to.id,
  rule: "move_approved",
})
