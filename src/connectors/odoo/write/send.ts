import { SyncError, toSyncError } from "../../../sync/errors"
import type { RequestOptions } from "../../contract"
import { Refusal } from "../../door"
import type { ProductFacts } from "../map-product"
import { triedOf } from "../protocol"
import { newestOwn, Row } from "../rows"
import type { OdooSession } from "../session"
import { outcomeOfRefusal } from "./blame"
import { failed, Outcomes } from "./outcomes"
import { requestsFor, Unit, WriteRequest } from "./requests"
import { heldIn } from "./values"
import { erpId } from "../../../sync/ids"

export interface Sending {
  session: OdooSession
  facts: ProductFacts
  major: number
  options: RequestOptions
  outcomes: Outcomes
}

/**
 * Sends each write once and enters what became of it. A call that Odoo refused as a whole is divided
 * until the record at fault stands alone. After a failure that is not the records' fault nothing
 * more is sent.
 */
export const sendUnits = async (sending: Sending, units: readonly Unit[]): Promise<void> => {
  await deliver({ ...sending, stopped: null }, units)
}

interface State extends Sending {
  stopped: SyncError | null
}

const deliver = async (state: State, units: readonly Unit[]): Promise<void> => {
  for (const request of requestsFor(units, state.facts, state.major)) {
    if (state.stopped) fail(state, request.units, state.stopped)
    else await send(state, request)
  }
}

const send = async (state: State, request: WriteRequest): Promise<void> => {
  const { session, options } = state
  const { units } = request
  try {
    const { value } = await session.call(request.call, { ...options, write: true })
    enter(state, request, value)
  } catch (thrown) {
    const error = writeError(thrown, options)
    const [unit] = units
    if (!isOfRecord(error)) {
      fail(state, units, error)
      if (error.kind === "transient" || error.scope === "connection") state.stopped = unsent(error)
    } else if (units.length === 1 && unit) {
      const { change, id } = unit.subject
      const { model } = unit
      state.outcomes.set(change, outcomeOfRefusal(change, { model, id }, error))
    } else {
      const half = Math.ceil(units.length / 2)
      await deliver(state, units.slice(0, half))
      await deliver(state, units.slice(half))
    }
  }
}

/** Raised inside the transaction because of what one record holds: nothing was committed. */
export const isOfRecord = ({ kind, code }: SyncError): boolean =>
  kind === "data" || code === "odoo_exception"

const enter = (state: State, { call, units, rowsIn }: WriteRequest, value: unknown): void => {
  const rows = rowsOrNone(() => rowsIn(value))
  for (const { subject } of units) {
    const { change, id } = subject
    const row = rows.find((candidate) => candidate.id === id)
    state.outcomes.set(
      change,
      row === undefined
        ? failed(unreadable(triedOf(call), id))
        : {
            outcome: "written",
            id: erpId(id),
            version: newestOwn([row]),
            holds: heldIn(change, row, state.facts),
          },
    )
  }
}

/** An answer that cannot be read says nothing of any record. */
export const rowsOrNone = (read: () => Row[]): Row[] => {
  try {
    return read()
  } catch (error) {
    if (error instanceof Refusal) return []
    throw error
  }
}

const fail = ({ outcomes }: State, units: readonly Unit[], error: SyncError): void => {
  for (const { subject } of units) outcomes.set(subject.change, failed(error))
}

/** What was thrown as an error of a write: an abort leaves open what becomes of the request. */
export const writeError = (thrown: unknown, { signal }: RequestOptions): SyncError =>
  thrown instanceof SyncError || signal?.aborted !== true
    ? toSyncError(thrown)
    : new SyncError({
        kind: "transient",
        code: "aborted",
        message: "A write to Odoo was given up before its answer came.",
        remedy: "It is looked at again by itself.",
        outcome_unknown: true,
      })

/** The same for what was not sent any more because of it. */
export const unsent = (error: SyncError): SyncError => saidOf(error, false)

/** The same for a change of which a part has arrived. */
export const halfSent = (error: SyncError): SyncError => saidOf(error, true)

const saidOf = (
  { kind, code, message, remedy, scope, retry_after_ms }: SyncError,
  outcome_unknown: boolean,
): SyncError =>
  new SyncError({ kind, code, message, remedy, scope, retry_after_ms, outcome_unknown })

export const unreadable = (tried: string, id: number): SyncError =>
  new SyncError({
    kind: "transient",
    code: "malformed_page",
    message: `${tried}: the answer does not show record ${id} that was written.`,
    remedy: "It is looked at again. If it lasts, a proxy or a customisation alters Odoo's answers.",
    outcome_unknown: true,
  })
