import { Change, Lane, WriteOutcome } from "../connectors/contract"
import { Stream } from "../sync/canonical"
import { SyncError } from "../sync/errors"
import { FieldPlan } from "../sync/plan-fields"
import { priceListField } from "../sync/price-tiers"
import { Refusal } from "../sync/refusals"
import { FieldName, FieldValue, Intent, Link, Values } from "../sync/values"
import { LinkWork, PageWork } from "./commit"
import { Batch, Connected, EngineContext } from "./context"
import { JournalEntry } from "./ports"
import { targetsFirst } from "./push-order"
import { refusedRecord } from "./refused"
import { requestLife, SEND_WITHIN_MS } from "./request-life"
import { refusalIn, sendChanges } from "./send-changes"

/** What became of the edits of one link that were to go to the ERP. */
export interface Pushed {
  /** Fields that the ERP holds now: its value, and Medusa's value that was carried over. */
  written: Map<FieldName, { erp: FieldValue; medusa: FieldValue; replaced: FieldValue }>
  /** Announced, and certain not to have happened: the announcement is taken back. */
  over: FieldName[]
  /** What the ERP does not take, with its reason. */
  refused: Map<FieldName, Refusal>
}

type PushPlan = FieldPlan & { decision: { outcome: "push" } }

interface Push {
  work: LinkWork
  plans: PushPlan[]
}

/**
 * Carries the edits of a page into the ERP: announces them with the values they replace, in one
 * transaction under the links' fences, sends each change once, and leaves what became of it in
 * `page.pushed`, for the page's own commit. What was announced and has no answer stays announced: the
 * look that follows tells from the ERP's value whether it happened.
 */
export const pushChanges = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  stream: Stream,
  batch: Batch,
  page: PageWork,
): Promise<void> => {
  const pushes = targetsFirst(
    page.links.flatMap((work): Push[] => {
      const plans = work.fields.filter(isPush)
      return plans.length > 0 ? [{ work, plans }] : []
    }),
  )
  const size = Math.max(1, connected.connector.capabilities.max_write_batch)
  for (let start = 0; start < pushes.length; start += size) {
    const chunk = pushes.slice(start, start + size)
    const announcedAt = context.monotonic()
    const maySend = (): boolean => context.monotonic() - announcedAt <= SEND_WITHIN_MS
    const announced = await announce(context, connected, batch, chunk, page)
    if (!maySend()) {
      announced.forEach((push) => again(page, push, "stalled", SEND_WITHIN_MS))
      continue
    }
    await send(context, connected, stream, announced, page, maySend)
  }
}

export const isPush = (plan: FieldPlan): plan is PushPlan => plan.decision.outcome === "push"

const announce = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch,
  pushes: Push[],
  page: PageWork,
): Promise<Push[]> => {
  const at = await context.ledger.now()
  const until = requestLife(connected, at)
  const { current, seqs } = await context.ledger.transaction(async (tx) => {
    const locked = await context.ledger.lockLinks(
      tx,
      pushes.map(({ work }) => work.link.id),
    )
    const standing = pushes.filter(({ work }) => locked.get(work.link.id)?.seq === work.link.seq)
    await context.ledger.journal(
      tx,
      connected.id,
      standing.flatMap((push) => push.plans.map((plan) => entryOf(push, plan, batch))),
    )
    const patched = await context.ledger.patchLinks(
      tx,
      standing.map(({ work, plans }) => ({
        id: work.link.id,
        expected: { lane: "catalog", seq: work.link.seq },
        intents: Object.fromEntries(plans.map((plan) => [plan.field, intentOf(plan, at, until)])),
        ...provenBases(plans),
      })),
    )
    return { current: standing, seqs: patched.seqs }
  })
  for (const push of pushes.filter((entry) => !current.includes(entry))) {
    again(page, push, "moved", 1000)
  }
  for (const { work } of current) {
    // From here on the plan stands on our own announcement.
    work.link = { ...work.link, seq: seqs.get(work.link.id) ?? work.link.seq }
  }
  return current
}

/** What the announcement before this one proves is settled: the new one takes its place. */
const provenBases = (plans: PushPlan[]): { base_erp: Values; base_medusa: Values } => {
  const proven = plans.flatMap(({ field, evidence }) => (evidence ? [{ field, evidence }] : []))
  return {
    base_erp: Object.fromEntries(proven.map(({ field, evidence }) => [field, evidence.base_erp])),
    base_medusa: Object.fromEntries(
      proven.map(({ field, evidence }) => [field, evidence.base_medusa]),
    ),
  }
}

const intentOf = (plan: PushPlan, at: string, until: string): Intent => ({
  source: "medusa",
  source_value: plan.decision.base_medusa,
  target_value: plan.decision.to,
  replaced_value: plan.decision.from,
  target_version: null,
  at,
  until,
})

const entryOf = ({ work }: Push, plan: PushPlan, batch: Batch): JournalEntry => ({
  run_id: batch.run_id,
  entity: work.link.entity,
  erp_id: work.link.erp_id,
  medusa_id: work.link.medusa_id,
  field: plan.field,
  side: "erp",
  kind: plan.decision.loses ? "superseded" : "write",
  from: plan.decision.from,
  to: plan.decision.to,
  rule: plan.decision.rule,
})

/** Fields that the ERP refuses are left out, and the others of the record go on without them. */
const send = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  stream: Stream,
  announced: Push[],
  page: PageWork,
  maySend: () => boolean,
): Promise<void> => {
  let open = announced
  while (open.length > 0) {
    const outcomes = await sendChanges(
      connected,
      open.map((push) => changeOf(connected, push)),
      { lane: laneOf(stream), may_send: maySend },
    )
    const rest: Push[] = []
    open.forEach((push, index) => {
      const outcome = outcomes[index]
      const left = outcome ? settle(context, connected, push, outcome, page) : []
      if (left.length > 0) {
        rest.push({ ...push, plans: left })
      }
    })
    open = rest
  }
}

const laneOf = (stream: Stream): Lane =>
  stream === "stock" || stream === "prices" ? "interactive" : "background"

/** The link's fields as the connector names them: a price goes by the ERP's own list. */
const changeOf = (connected: Connected, { work, plans }: Push): Change => {
  const { link } = work
  const named = (value: (plan: PushPlan) => FieldValue): Values =>
    Object.fromEntries(plans.map((plan) => [erpField(connected, plan.field), value(plan)]))
  return {
    entity: work.entity,
    id: link.erp_id,
    product_id: link.parent_erp_id,
    expected_version: work.erp_version,
    expected: named((plan) => plan.decision.from),
    patch: named((plan) => plan.decision.to),
    weight_unit: connected.rules.weight_unit,
  }
}

const erpField = (connected: Connected, field: FieldName): FieldName => {
  const list = connected.rules.price_lists?.find((entry) => priceListField(entry) === field)
  if (list) {
    return `price_list:${list.erp}:${list.currency}`
  }
  if (!field.startsWith("price:")) {
    return field
  }
  const currency = field.slice("price:".length)
  const mapping = connected.rules.prices.find((entry) => entry.currency === currency)
  return `price:${mapping?.erp ?? "list"}:${currency}`
}

/** Notes an outcome; returns the plans that have to be sent again without the refused field. */
const settle = <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  push: Push,
  outcome: WriteOutcome,
  page: PageWork,
): PushPlan[] => {
  const note = noteOf(page, push.work.link)
  switch (outcome.outcome) {
    case "written":
      page.tally.pushed += 1
      for (const plan of push.plans) {
        const held = outcome.holds[erpField(connected, plan.field)]
        note.written.set(plan.field, {
          // An ERP that says nothing holds what it makes of the value, as its connector declares.
          erp: held === undefined ? plan.decision.to : held,
          medusa: plan.decision.base_medusa,
          replaced: plan.decision.from,
        })
      }
      return []
    case "refused":
      note.over.push(...push.plans.map((plan) => plan.field))
      again(page, push, outcome.reason, outcome.reason === "gone" ? 60_000 : 1000)
      return []
    case "unsupported":
    case "invalid":
      return refuse(connected, push, outcome, page)
    case "failed":
      fail(context, push, outcome.error, page)
      return []
  }
}

const refuse = (
  connected: Connected,
  push: Push,
  outcome: Extract<WriteOutcome, { outcome: "unsupported" | "invalid" }>,
  page: PageWork,
): PushPlan[] => {
  const note = noteOf(page, push.work.link)
  const named = push.plans.filter((plan) => erpField(connected, plan.field) === outcome.field)
  // A refusal that names none of the fields concerns them all.
  const refused = named.length > 0 ? named : push.plans
  note.over.push(...refused.map((plan) => plan.field))
  const refusal = refusalIn(outcome)
  const { reason, message } = refusal
  for (const plan of refused) {
    note.refused.set(plan.field, refusal)
    if (reason === "refused_by_erp") {
      const value = plan.decision.to === null ? null : String(plan.decision.to)
      const { key, link, erp_version: version } = push.work
      page.parked.push(refusedRecord(key, link, { field: plan.field, message, value }, version))
    }
  }
  return push.plans.filter((plan) => !refused.includes(plan))
}

const fail = <Tx>(
  context: EngineContext<Tx>,
  push: Push,
  error: SyncError,
  page: PageWork,
): void => {
  const { link } = push.work
  context.log("warn", `${link.entity} ${link.erp_id} was not written: ${error.message}`)
  if (!error.outcome_unknown) {
    noteOf(page, link).over.push(...push.plans.map((plan) => plan.field))
  }
  again(page, push, error.code, error.retry_after_ms ?? 15_000)
}

/** The record is looked at again: nothing that waits for the ERP is forgotten. */
const again = (page: PageWork, { work }: Push, reason: string, delayMs: number): void => {
  page.dirty.push({ ...work.key, reason, delay_ms: delayMs })
}

const noteOf = (page: PageWork, link: Link): Pushed => {
  const present = page.pushed.get(link.id)
  if (present) {
    return present
  }
  const note: Pushed = { written: new Map(), over: [], refused: new Map() }
  page.pushed.set(link.id, note)
  return note
}
