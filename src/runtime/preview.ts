import { MedusaError } from "@medusajs/framework/utils"
import { Cursor, ReadResult } from "../connectors/contract"
import { Connected } from "../engine/context"
import { LinkOfConnection } from "../modules/erp/ledger"
import { erpId } from "../sync/ids"
import { FieldValue } from "../sync/values"
import { connectedTo } from "./links-by-hand"
import { readForPerson } from "./erp-readings"
import { planCategories, planProducts, RecordPlan } from "./plans"
import { Runtime } from "./runtime"
import { AppliedView, FieldView, PreviewView } from "./two-way-views"

export type PreviewedStream = "products" | "categories"

export interface PreviewInput {
  /** @defaultValue "products" */
  stream?: PreviewedStream | undefined
  /** Records of the ERP; without, a page of all of them. */
  ids?: string[] | undefined
  /** Where a former preview stopped. */
  cursor?: Cursor | undefined
  /** The most differences in the answer. */
  limit: number
}

/** A value as it was shown, to be applied only if it still is that one. */
export interface PreviewedField {
  link_id: string
  field: string
  erp: FieldValue
  medusa: FieldValue
}

const PULL_MS = 30_000

/**
 * What a look would do with some records of the ERP, without any write on either side.
 * @throws MedusaError when the connection is not at work; SyncError when the ERP cannot be read
 */
export const preview = async (
  runtime: Runtime,
  id: string,
  input: PreviewInput,
): Promise<PreviewView> => {
  const connected = await connectedTo(runtime, id)
  const stream = input.stream ?? "products"
  assertReadable(connected, input.ids?.length ?? 0)
  const { plans, missing, rejected, next } =
    stream === "products"
      ? await planned(connected, "products", input, (records) =>
          planProducts(runtime, connected, records),
        )
      : await planned(connected, "categories", input, (records) =>
          planCategories(runtime, connected, records),
        )
  const fields = plans.flatMap((plan) => plan.fields)
  const open = fields.filter(({ outcome }) => outcome !== "unchanged" && outcome !== "agree")
  return {
    connection_id: id,
    stream,
    at: await runtime.ledger.now(),
    records: counted(
      { create: 0, structure: 0, values: 0, skip: 0, deleted_in_medusa: 0 },
      plans.map((plan) => plan.record.kind),
    ),
    missing: missing.map(String),
    rejected: rejected.map((record) => ({
      erp_id: record.id,
      field: record.field,
      reason: record.reason,
    })),
    fields: counted(
      {
        unchanged: 0,
        agree: 0,
        write: 0,
        push: 0,
        wait: 0,
        drift: 0,
        pending: 0,
        conflict: 0,
      },
      fields.map((field) => field.outcome),
    ),
    differences: open.slice(0, input.limit),
    count: open.length,
    next,
  }
}

interface Planned extends Pick<ReadResult, "missing" | "rejected"> {
  plans: RecordPlan[]
  next: Cursor | null
}

const planned = async <S extends PreviewedStream>(
  connected: Connected,
  stream: S,
  input: PreviewInput,
  plan: (records: ReadResult<S>["records"]) => Promise<RecordPlan[]>,
): Promise<Planned> => {
  if (input.ids) {
    const read = await connected.connector.read(stream, input.ids.map(erpId), {
      lane: "interactive",
      signal: AbortSignal.timeout(PULL_MS),
    })
    return { ...read, plans: await plan(read.records), next: null }
  }
  const pages = connected.connector.pull(stream, input.cursor ?? null, {
    signal: AbortSignal.timeout(PULL_MS),
  })
  for await (const page of pages) {
    return {
      plans: await plan(page.records),
      missing: page.gone,
      rejected: page.rejected,
      next: page.complete ? null : page.cursor,
    }
  }
  return { plans: [], missing: [], rejected: [], next: null }
}

const counted = <K extends string>(none: Record<K, number>, keys: K[]): Record<K, number> => {
  const counts = { ...none }
  for (const key of keys) counts[key] += 1
  return counts
}

/**
 * Has those fields looked at whose both values are still as they were shown; the rest is told. The look
 * plans anew from present values, so that nothing is written that was not shown.
 */
export const applyPreviewed = async (
  runtime: Runtime,
  items: PreviewedField[],
): Promise<AppliedView> => {
  const links = await runtime.ledger.linksById([...new Set(items.map((item) => item.link_id))])
  const known = new Map(links.map((link) => [link.id, link]))
  const present = await presentFields(runtime, links)
  const same: PreviewedField[] = []
  const changed: AppliedView["changed"] = []
  for (const item of items) {
    const now = present.fields.get(`${item.link_id} ${item.field}`)
    const { link_id, field } = item
    if (now && now.erp === item.erp && now.medusa === item.medusa) {
      same.push(item)
    } else {
      const link = known.get(link_id)
      const unreadable = link !== undefined && present.unread.has(link.connection_id)
      changed.push({
        link_id,
        field,
        reason: now ? "changed" : unreadable ? "unreadable" : "unknown",
        erp: now?.erp ?? null,
        medusa: now?.medusa ?? null,
      })
    }
  }
  const marked = await runtime.ledger.markFields(same, "previewed")
  if (marked > 0) runtime.wake(null)
  return { marked, changed }
}

/** The fields of links as both sides hold them now, and connections whose ERP could not be read. */
const presentFields = async (
  runtime: Runtime,
  links: LinkOfConnection[],
): Promise<{ fields: Map<string, FieldView>; unread: Set<string> }> => {
  const fields = new Map<string, FieldView>()
  const unread = new Set<string>()
  for (const id of new Set(links.map((link) => link.connection_id))) {
    const connected = await runtime.connections.one(id)
    const own = links.filter((link) => link.connection_id === id)
    const plans = connected && (await plansOf(runtime, connected, own))
    if (!plans) unread.add(id)
    for (const view of (plans ?? []).flatMap((plan) => plan.fields)) {
      fields.set(`${view.link_id} ${view.field}`, view)
    }
  }
  return { fields, unread }
}

/** More records than the ERP is asked for at once. */
const assertReadable = (connected: Connected, ids: number): void => {
  const most = connected.connector.capabilities.max_read_batch
  if (ids > most) {
    throw new MedusaError(
      MedusaError.Types.INVALID_DATA,
      `At most ${most} records of this ERP are read at once.`,
    )
  }
}

/** What looks at the records of these links would do; null when the ERP cannot be read. */
export const plansOf = async (
  runtime: Runtime,
  connected: Connected,
  links: LinkOfConnection[],
): Promise<RecordPlan[] | null> => {
  const categories = links.filter((link) => link.entity === "category").map((link) => link.erp_id)
  const products = links
    .filter((link) => link.entity !== "category")
    .map((link) => link.parent_erp_id ?? link.erp_id)
  const plans: RecordPlan[] = []
  if (products.length > 0) {
    const { read } = await readForPerson(connected, "products", [...new Set(products)])
    if (!read) return null
    plans.push(...(await planProducts(runtime, connected, read.records)))
  }
  if (categories.length > 0) {
    const { read } = await readForPerson(connected, "categories", [...new Set(categories)])
    if (!read) return null
    plans.push(...(await planCategories(runtime, connected, read.records)))
  }
  return plans
}
