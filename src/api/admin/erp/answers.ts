import {
  AuthenticatedMedusaRequest,
  MedusaNextFunction,
  MedusaResponse,
} from "@medusajs/framework/http"
import { MedusaError } from "@medusajs/framework/utils"
import { ErrorKind, SyncError } from "../../../sync/errors"

/** What an error of the sync means to the caller; a `bug` is left to Medusa, which logs it. */
const ANSWERS: { [kind in Exclude<ErrorKind, "bug">]: { status: number; type: string } } = {
  config: { status: 400, type: MedusaError.Types.NOT_ALLOWED },
  data: { status: 400, type: MedusaError.Types.INVALID_DATA },
  conflict: { status: 409, type: MedusaError.Types.CONFLICT },
  transient: { status: 503, type: MedusaError.Types.UNEXPECTED_STATE },
}

/** The error of a request for something that does not exist. */
export const notFound = (what: string, id: string): MedusaError =>
  new MedusaError(MedusaError.Types.NOT_FOUND, `There is no ${what} with the id ${id}.`)

/** The error of a request that comes too late or too early. */
export const conflict = (message: string): MedusaError =>
  new MedusaError(MedusaError.Types.CONFLICT, message)

/**
 * A handler whose refusals reach the caller in their own words. Medusa answers every conflict with
 * a sentence on idempotency keys, and an error class that it does not know with "unknown error".
 */
export const explained =
  <Body = unknown>(
    handler: (req: AuthenticatedMedusaRequest<Body>, res: MedusaResponse) => Promise<void>,
  ) =>
  async (
    req: AuthenticatedMedusaRequest<Body>,
    res: MedusaResponse,
    next: MedusaNextFunction,
  ): Promise<void> => {
    try {
      await handler(req, res)
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal) res.status(refusal.status).json(refusal.body)
      else next(error)
    }
  }

interface Refusal {
  status: number
  body: { type: string; code?: string; message: string }
}

function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof SyncError) {
    if (error.kind === "bug") return undefined
    const { status, type } = ANSWERS[error.kind]
    // Medusa's client keeps nothing of a refusal but its message.
    const message = [error.message, error.remedy].filter(Boolean).join(" ")
    return { status, body: { type, code: error.code, message } }
  }
  if (error instanceof MedusaError && error.type === MedusaError.Types.CONFLICT) {
    return { status: 409, body: { type: error.type, code: error.code, message: error.message } }
  }
  return undefined
}
