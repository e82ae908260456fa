import { Change, RequestOptions, WriteOutcome } from "../connectors/contract"
import { SyncError, toSyncError } from "../sync/errors"
import { Refusal } from "../sync/refusals"
import { Connected } from "./context"

/** Sends changes to the ERP, once; one outcome for each of them, in order, whatever the connector does. */
export const sendChanges = async (
  connected: Connected,
  changes: Change[],
  options: RequestOptions,
): Promise<WriteOutcome[]> => {
  const { connector } = connected
  const all = (error: SyncError): WriteOutcome[] =>
    changes.map(() => ({ outcome: "failed", error }))
  if (changes.length === 0) {
    return []
  }
  try {
    const outcomes = await connector.write?.(changes, options)
    return outcomes
      ? changes.map((_change, index) => outcomes[index] ?? unanswered())
      : all(readOnly(connected))
  } catch (error) {
    return all(toSyncError(error))
  }
}

/** What the ERP does not take, as it is kept with the link. */
export const refusalIn = (
  outcome: Extract<WriteOutcome, { outcome: "unsupported" | "invalid" }>,
): Refusal => ({
  reason: outcome.outcome === "invalid" ? "refused_by_erp" : "unsupported",
  message: `${outcome.message} ${outcome.remedy}`.trim(),
})

const readOnly = (connected: Connected): SyncError =>
  new SyncError({
    kind: "config",
    code: "read_only",
    scope: "record",
    message: `The connector of ${connected.id} cannot write.`,
    remedy: "Turn `push` off for this connection.",
  })

/** A connector that answers for fewer changes than it was given: nothing is known of the others. */
const unanswered = (): WriteOutcome => ({
  outcome: "failed",
  error: new SyncError({
    kind: "transient",
    code: "unanswered",
    message: "The connector did not say what became of a change.",
    remedy: "The record is looked at again.",
    outcome_unknown: true,
  }),
})
