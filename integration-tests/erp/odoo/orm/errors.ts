import type { Json } from "./values"

/** An exception as Odoo raises it: its Python name is what a client must classify by. */
export class OdooError extends Error {
  constructor(
    /** Full Python name, such as `odoo.exceptions.MissingError`. */
    readonly pythonName: string,
    message: string,
    /** Status over JSON-2; over JSON-RPC every error is HTTP 200. */
    readonly status: number,
    readonly args: readonly Json[] = [message],
  ) {
    super(message)
    this.name = pythonName
  }
}

/** A record that another open transaction has changed; the server waits for it, then tries again. */
export class LockedError extends OdooError {
  constructor() {
    // psycopg2's message ends with a line feed, so does Odoo's answer.
    const message = "could not serialize access due to concurrent update\n"
    super("psycopg2.errors.SerializationFailure", message, 500)
  }
}

export const userError = (message: string): OdooError =>
  new OdooError("odoo.exceptions.UserError", message, 422)

export const validationError = (message: string): OdooError =>
  new OdooError("odoo.exceptions.ValidationError", message, 422)

export const accessError = (message: string): OdooError =>
  new OdooError("odoo.exceptions.AccessError", message, 403)

export const accessDenied = (): OdooError =>
  new OdooError("odoo.exceptions.AccessDenied", "Access Denied", 403)

/** Odoo names only the first missing record of a call. */
export const missingError = (model: string, id: number, uid: number): OdooError =>
  new OdooError(
    "odoo.exceptions.MissingError",
    `Record does not exist or has been deleted.\n(Record: ${model}(${id},), User: ${uid})`,
    404,
  )

// Programming errors of the caller look like a broken server: status 500, though a retry is useless.
export const valueError = (message: string): OdooError =>
  new OdooError("builtins.ValueError", message, 500)

export const typeError = (message: string): OdooError =>
  new OdooError("builtins.TypeError", message, 500)

export const indexError = (message: string): OdooError =>
  new OdooError("builtins.IndexError", message, 500)

export const attributeError = (message: string): OdooError =>
  new OdooError("builtins.AttributeError", message, 500)

const HTTP_NAMES: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  404: "NotFound",
  422: "UnprocessableEntity",
}

/** An error of the web layer (Werkzeug) rather than of the ORM; its `arguments` carry the status too. */
export const httpError = (status: number, message: string): OdooError =>
  new OdooError(`werkzeug.exceptions.${HTTP_NAMES[status] ?? "HTTPException"}`, message, status, [
    message,
    status,
  ])
