import { MedusaError } from "@medusajs/framework/utils"
import { SyncError } from "../sync/errors"
import { isLockFailure, sqlState } from "./database"

/** What a failure of Medusa says about one record of the ERP. */
export interface FailedRecord {
  /** The ERP's id, for the person who must act. */
  record: string
  /** What was tried: `create the product`. */
  task: string
  /** The field or step at fault, where the caller knows it. */
  field?: string
}

/** Medusa's verdicts on data; anything else it throws is a defect or an outage. */
const DATA_TYPES = new Set<string>([
  MedusaError.Types.INVALID_DATA,
  MedusaError.Types.INVALID_ARGUMENT,
  MedusaError.Types.NOT_FOUND,
  MedusaError.Types.NOT_ALLOWED,
  MedusaError.Types.DUPLICATE_ERROR,
  MedusaError.Types.CONFLICT,
])

/** "Product variant with sku: 42, already exists." */
const UNIQUE = /with (sku|barcode|ean|upc|handle|value): (.*), already exists/

/** A failure of a workflow as a SyncError: the store is out of order, the record is bad, or a defect. */
export const creationError = (cause: unknown, { record, task, field }: FailedRecord): SyncError => {
  if (cause instanceof SyncError) {
    return cause
  }
  const message = cause instanceof Error ? cause.message : String(cause)
  const details = {
    record,
    message: `Medusa could not ${task}: ${message}`,
    cause,
    ...(field === undefined ? {} : { field }),
  }
  if (isPassing(cause)) {
    return new SyncError({
      ...details,
      kind: "transient",
      code: "store_unavailable",
      remedy: "Nothing to do: it is tried again.",
    })
  }
  const [, column, value] = UNIQUE.exec(message) ?? []
  if (column !== undefined && value !== undefined) {
    return duplicateError(details, column, value)
  }
  return new SyncError({
    ...details,
    kind: isDataVerdict(cause) ? "data" : "bug",
    code: isDataVerdict(cause) ? "refused_by_medusa" : "unexpected",
    remedy: "Correct the record in the ERP or the settings that the message names.",
  })
}

/** A value that another live record of the store holds. */
export const duplicateError = (
  details: { record: string; message: string; cause?: unknown },
  field: string,
  value: string,
): SyncError =>
  new SyncError({
    ...details,
    kind: "data",
    code: `duplicate_${field.split(".").at(-1) ?? field}`,
    scope: "record",
    field,
    value,
    remedy: "Give every product its own value in the ERP, or change the other record in Medusa.",
  })

const isDataVerdict = (error: unknown): boolean =>
  typeof error === "object" &&
  error !== null &&
  "type" in error &&
  typeof error.type === "string" &&
  DATA_TYPES.has(error.type)

/** Connections (08), resources (53), shutdown (57), serialization (40), and what Node and knex call them. */
const isPassing = (error: unknown): boolean =>
  isLockFailure(error) ||
  /^(08|40|53|57)/.test(sqlState(error) ?? "") ||
  (error instanceof Error &&
    /^(connect |read |write )?(ECONN|EPIPE|ETIMEDOUT)|^Connection terminated|^Knex: Timeout acquiring/.test(
      error.message,
    ))
