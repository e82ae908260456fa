import { Stream } from "../sync/canonical"
import { Decision } from "../sync/decide"
import {
  Guarded,
  HeldChange,
  heldText,
  movesMuch,
  tiersMoveMuch,
  tripsMassChange,
} from "../sync/guards"
import { familyOf } from "../sync/owners"
import { FieldPlan } from "../sync/plan-fields"
import { Side } from "../sync/values"
import { LinkWork, PageWork } from "./commit"
import { Connected } from "./context"
import { GuardedChange, Ledger, ParkedRecord } from "./ports"

/** What the guard needs of the engine. */
export interface GuardContext {
  ledger: Pick<
    Ledger<unknown>,
    "linkCounts" | "countGone" | "countMovedPrices" | "countAbsentStock" | "approvedChanges"
  >
}

export type Guarding = Pick<Connected, "id" | "rules" | "guards">

/** A change that is counted, with where it parks when it has to wait. */
export interface Candidate extends GuardedChange {
  side: Side
  stream: Stream
  /** The key of the dirty set that looks at it again. */
  key: ParkedRecord["erp_id"]
}

/** What a day allows of one kind of change in one direction. */
export interface Allowance {
  kind: Guarded
  linked: number
  share: number
  today(): Promise<number>
  /** What happened, for a person: `took records out of sale`. */
  what: string
}

/**
 * Holds back a batch that would take a day's changes of this kind beyond the limit: all of it waits,
 * each parked as `mass_change` with its numbers. What a person approved, exactly as it stands, passes
 * and is not counted.
 * @returns the changes that have to wait
 */
export const heldBack = async <C extends Candidate>(
  context: GuardContext,
  connected: Guarding,
  candidates: C[],
  allowance: Allowance,
): Promise<{ held: C[]; parked: ParkedRecord[] }> => {
  if (candidates.length === 0) {
    return { held: [], parked: [] }
  }
  const today = await allowance.today()
  const { linked, share } = allowance
  // An approval can only make the batch smaller: without a trip nobody has to be asked for one.
  if (!tripsMassChange({ today, batch: candidates.length, linked, share })) {
    return { held: [], parked: [] }
  }
  const approved = new Set(
    (await context.ledger.approvedChanges(connected.id, candidates)).map(keyOf),
  )
  const waiting = candidates.filter((candidate) => !approved.has(keyOf(candidate)))
  if (!tripsMassChange({ today, batch: waiting.length, linked, share })) {
    return { held: [], parked: [] }
  }
  return {
    held: waiting,
    parked: waiting.map((candidate) => parkedOf(candidate, waiting.length, today, allowance)),
  }
}

/** What a day allows of records that leave: in the store because the ERP took them away, or the other way. */
export const goneAllowance = async (
  context: GuardContext,
  connected: Guarding,
  entity: "category" | "product",
  side: Side,
): Promise<Allowance> => ({
  kind: "gone",
  linked: (await context.ledger.linkCounts(connected.id))[entity],
  share: connected.guards.gone_share,
  today: () => context.ledger.countGone(connected.id, entity, side),
  what:
    side === "medusa"
      ? "The ERP took records out of sale"
      : "Records that were deleted in the store would be archived in the ERP",
})

const keyOf = ({ entity, erp_id, field, from, to }: GuardedChange): string =>
  JSON.stringify([entity, erp_id, field, from, to])

const parkedOf = (
  candidate: Candidate,
  batch: number,
  today: number,
  { linked, share, what }: Allowance,
): ParkedRecord => ({
  stream: candidate.stream,
  entity: candidate.entity,
  erp_id: candidate.erp_id,
  key: candidate.key,
  field: candidate.field === "*" ? "status" : candidate.field,
  reason: "mass_change",
  message: `${what}: ${batch} at once, ${today} more in the last day. Beyond ${share * 100} % of ${linked} a person is asked.`,
  value: heldText(candidate),
  remedy: `Look at the ${candidate.side === "medusa" ? "ERP" : "store"}. If it is meant, approve the change; else put the records back there.`,
  version: null,
})

const SIDES: readonly Side[] = ["medusa", "erp"]

/** Which side a decision writes; null when it writes none. */
const writtenSide = ({ decision }: FieldPlan): Side | null =>
  decision.outcome === "write" ? "medusa" : decision.outcome === "push" ? "erp" : null

interface Found extends Candidate {
  work: LinkWork
  plan: FieldPlan
}

/**
 * Guards the prices of a page in both directions: those that move by more than half. What has to wait is
 * neither written nor pushed, and parks; every other field of the page goes on.
 */
export const guardPrices = async (
  context: GuardContext,
  connected: Guarding,
  page: PageWork,
): Promise<void> => {
  const found = page.links.flatMap(movedPrices)
  if (found.length === 0) {
    return
  }
  const counts = await context.ledger.linkCounts(connected.id)
  for (const side of SIDES) {
    const { held, parked } = await heldBack(
      context,
      connected,
      found.filter((entry) => entry.side === side),
      {
        kind: "prices",
        linked:
          counts.variant *
          (connected.rules.prices.length + (connected.rules.price_lists?.length ?? 0)),
        share: connected.guards.price_share,
        today: () => context.ledger.countMovedPrices(connected.id, side),
        what: `${side === "medusa" ? "The ERP" : "The store"} moved prices by more than half`,
      },
    )
    page.parked.push(...parked)
    holdFields(page, held)
  }
}

/** Guards the ERP against a store that was emptied: products that would be archived there. */
export const guardArchives = async (
  context: GuardContext,
  connected: Guarding,
  page: PageWork,
): Promise<void> => {
  const found = page.links.flatMap(archived)
  if (found.length === 0) {
    return
  }
  const allowance = await goneAllowance(context, connected, "product", "erp")
  const { held, parked } = await heldBack(context, connected, found, allowance)
  page.parked.push(...parked)
  holdFields(page, held)
}

/** Changes of fields that a day allows only so many of. */
export const countedFields = (work: LinkWork): Candidate[] => [
  ...archived(work),
  ...movedPrices(work),
]

const archived = (work: LinkWork): Found[] =>
  work.fields.flatMap((plan): Found[] => {
    const { decision, field } = plan
    return work.entity === "product" &&
      field === "active" &&
      decision.outcome === "push" &&
      decision.to === false
      ? [foundOf(work, plan, { side: "erp", field, from: decision.from, to: false })]
      : []
  })

/** By family of fields: whether a price moves so far that a person is asked. */
const MOVES: Readonly<Record<string, typeof movesMuch>> = {
  price: movesMuch,
  price_list: tiersMoveMuch,
}

const movedPrices = (work: LinkWork): Found[] =>
  work.fields.flatMap((plan): Found[] => {
    const { decision } = plan
    const side = writtenSide(plan)
    const moves = MOVES[familyOf(plan.field)]
    if (side === null || moves === undefined) {
      return []
    }
    if (decision.outcome !== "write" && decision.outcome !== "push") {
      return []
    }
    const { from, to } = decision
    return moves(from, to) ? [foundOf(work, plan, { side, field: plan.field, from, to })] : []
  })

const foundOf = (work: LinkWork, plan: FieldPlan, change: HeldChange): Found => ({
  ...change,
  stream: work.key.stream,
  key: work.key.erp_id,
  entity: work.link.entity,
  erp_id: work.link.erp_id,
  work,
  plan,
})

/** A held field is left as it is; without hash and version its record is looked at again. */
const holdFields = (page: PageWork, held: Found[]): void => {
  const plans = new Set(held.map(({ plan }) => plan))
  const works = new Set(held.map(({ work }) => work))
  page.links = page.links.map((work) =>
    works.has(work)
      ? {
          ...work,
          patch: unsettled(work.patch),
          fields: work.fields.map((plan) =>
            plans.has(plan) ? { ...plan, decision: waiting(plan.decision) } : plan,
          ),
        }
      : work,
  )
}

const waiting = (decision: Decision): Decision =>
  decision.outcome === "push"
    ? {
        outcome: "pending",
        reason: "mass_change",
        value: decision.base_medusa,
        loses_erp: decision.loses,
      }
    : { outcome: "unchanged" }

/** A patch that does not call its record reconciled. */
export const unsettled = (patch: LinkWork["patch"]): LinkWork["patch"] => {
  const rest = { ...patch }
  delete rest.content_hash
  delete rest.version
  return rest
}
