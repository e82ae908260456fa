import { SyncError } from "../../../sync/errors"
import { erpId } from "../../../sync/ids"
import type { RequestOptions } from "../../contract"
import { decimalOf, decimalSum } from "../../decimal"
import { shown } from "../../door"
import { idIn, Row } from "../rows"
import type { OdooSession } from "../session"
import { outcomeOfRefusal } from "./blame"
import type { Count } from "./counts"
import { failed, Outcomes, refused } from "./outcomes"
import { isOfRecord, unsent, writeError } from "./send"
import { equalValues } from "./values"

export interface Counting {
  session: OdooSession
  options: RequestOptions
  outcomes: Outcomes
  /** Why nothing more is sent. */
  stopped: SyncError | null
}

const QUANT = "stock.quant"

/** Without it a count makes a second row beside the stock, and is never applied. */
const COUNTING = { inventory_mode: true }

/** A count that is noted and not applied yet. */
interface Noted {
  count: Count
  quant: number
  /** What Odoo held when it noted the count: applying fails once it holds something else. */
  before: string
  counted: string
}

/**
 * Notes the counts, compares what they were noted against with what was expected, and applies those
 * that fit: together Odoo's only compare-and-set.
 */
export const countAt = async (state: Counting, counts: readonly Count[]): Promise<void> => {
  if (counts.length === 0) return
  if (state.stopped) return enterAll(state, counts, state.stopped)
  try {
    const noted = await note(state, counts)
    const lost = counts.filter((count) => !noted.some((entry) => entry.count === count))
    enterAll(state, lost, unreadable())
    const fitting = noted.filter(({ count, before }) =>
      equalValues(count.field, before, count.expected),
    )
    await drop(
      state,
      noted.filter((entry) => !fitting.includes(entry)),
    )
    await apply(state, fitting)
  } catch (thrown) {
    await divide(state, counts, thrown, (half) => countAt(state, half))
  }
}

const note = async (state: Counting, counts: readonly Count[]): Promise<Noted[]> => {
  const { session, options } = state
  const list = counts.map(({ variant, location, wanted }) => ({
    product_id: variant,
    location_id: location,
    inventory_quantity: Number(wanted),
  }))
  const created = await session.call(
    { model: QUANT, method: "create", args: { vals_list: list, context: COUNTING } },
    { ...options, write: true },
  )
  const ids = Array.isArray(created.value) ? created.value.map(Number) : []
  const fields = ["product_id", "inventory_quantity", "inventory_diff_quantity"]
  const { value } = await session.call(
    { model: QUANT, method: "read", ids, args: { fields, load: null, context: COUNTING } },
    options,
  )
  const rows = Array.isArray(value) ? (value as Row[]) : []
  return counts.flatMap((count) => {
    const row = rows.find(({ product_id: id }) => idIn(id, "product_id") === count.variant)
    if (row === undefined) return []
    const counted = Number(row["inventory_quantity"])
    const before = decimalSum([counted, -Number(row["inventory_diff_quantity"])])
    return [{ count, quant: row.id, before, counted: decimalOf(counted) }]
  })
}

const apply = async (state: Counting, noted: readonly Noted[]): Promise<void> => {
  if (noted.length === 0) return
  try {
    const { value } = await state.session.call(
      { model: QUANT, method: "action_apply_inventory", ids: noted.map(({ quant }) => quant) },
      { ...state.options, write: true },
    )
    if (value === null || value === true) return enterWritten(state, noted)
    const moved = conflictIn(value)
    if (moved === null) throw surprising(value)
    const stale = noted.filter(({ quant }) => moved.length === 0 || moved.includes(quant))
    await drop(state, stale)
    if (stale.length === 0) throw surprising(value)
    await apply(
      state,
      noted.filter((entry) => !stale.includes(entry)),
    )
  } catch (thrown) {
    const counts = noted.map(({ count }) => count)
    await divide(state, counts, thrown, (half) =>
      apply(
        state,
        noted.filter(({ count }) => half.includes(count)),
      ),
    )
  }
}

/**
 * Odoo's answer when goods moved since the count was noted: ids of those, and nothing was applied at
 * all. Null for any other answer.
 */
const conflictIn = (value: unknown): number[] | null => {
  const action = (value ?? {}) as Record<string, unknown>
  if (action["res_model"] !== "stock.inventory.conflict") return null
  const ids = (action["context"] as Record<string, unknown> | null)?.["default_quant_to_fix_ids"]
  return Array.isArray(ids) ? ids.map(Number) : []
}

/** Takes a count back that must not be applied, so that nobody applies it by mistake later. */
const drop = async (state: Counting, stale: readonly Noted[]): Promise<void> => {
  if (stale.length === 0) return
  for (const { count } of stale) state.outcomes.set(count.change, refused("newer_version"))
  const ids = stale.map(({ quant }) => quant)
  const args = { vals: { inventory_quantity_set: false }, context: COUNTING }
  try {
    await state.session.call(
      { model: QUANT, method: "write", ids, args },
      { ...state.options, write: true },
    )
  } catch (error) {
    if (state.options.signal?.aborted) throw error
    const { message } = writeError(error, state.options)
    state.session.log("warn", `A count that was not applied stands in Odoo: ${message}`)
  }
}

/** After an error: halves where a record is at fault, nothing more where it is not. */
const divide = async (
  state: Counting,
  counts: readonly Count[],
  thrown: unknown,
  again: (half: readonly Count[]) => Promise<void>,
): Promise<void> => {
  const error = writeError(thrown, state.options)
  const open = counts.filter(({ change }) => !state.outcomes.has(change))
  const [only] = open
  if (!isOfRecord(error)) {
    enterAll(state, open, error)
    if (error.kind === "transient" || error.scope === "connection") state.stopped = unsent(error)
  } else if (open.length === 1 && only) {
    const record = { model: "product.product", id: only.variant }
    state.outcomes.set(only.change, outcomeOfRefusal(only.change, record, error))
  } else {
    const half = Math.ceil(open.length / 2)
    await again(open.slice(0, half))
    await again(open.slice(half))
  }
}

const enterAll = (state: Counting, counts: readonly Count[], error: SyncError): void => {
  for (const { change } of counts) {
    if (!state.outcomes.has(change)) state.outcomes.set(change, failed(error))
  }
}

const enterWritten = (state: Counting, noted: readonly Noted[]): void => {
  for (const { count, counted } of noted) {
    const { change, field } = count
    const holds = { [field]: counted }
    state.outcomes.set(change, { outcome: "written", id: erpId(change.id), version: null, holds })
  }
}

const unreadable = (): SyncError =>
  new SyncError({
    kind: "transient",
    code: "malformed_page",
    message: `Odoo ${QUANT}.create: the answer does not show the count that was noted.`,
    remedy: "It is looked at again. If it lasts, a customisation alters how Odoo counts.",
  })

const surprising = (value: unknown): SyncError =>
  new SyncError({
    kind: "bug",
    code: "unexpected_answer",
    message: `Odoo ${QUANT}.action_apply_inventory answered ${shown(value)}.`,
    remedy: "A customisation of Odoo asks something when stock is counted; count it in Odoo.",
  })
