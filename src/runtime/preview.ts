import { MedusaError } from "@medusajs/framework/utils"
import { Cursor, ReadResult } from "../connectors/contract"
import { Connected } from "../engine/context"
import { erpId } from "../sync/ids"
import { connectedTo } from "./links-by-hand"
import { planCategories, planProducts, RecordPlan } from "./plans"
import { Runtime } from "./runtime"
import { PreviewView } from "./two-way-views"

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
      {
        create: 0,
        adopt: 0,
        ambiguous: 0,
        structure: 0,
        values: 0,
        skip: 0,
        deleted_in_medusa: 0,
      },
      plans.map((plan) => plan.record.kind),
    ),
    plans: plans
      .map(({ record }) => record)
      .filter(({ kind }) => kind !== "values" && kind !== "skip")
      .slice(0, input.limit),
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
