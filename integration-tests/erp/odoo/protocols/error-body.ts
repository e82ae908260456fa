import { OdooError } from "../orm/errors"

interface ErrorBody {
  readonly name: string
  readonly message: string
  readonly arguments: OdooError["args"]
  readonly context: Readonly<Record<string, never>>
  readonly debug: string
}

/** An error that is not Odoo's is a mistake in the simulator: it shows as one, with its stack. */
export function asOdooError(error: unknown): OdooError {
  if (error instanceof OdooError) return error
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return new OdooError("simulator.InternalError", text, 500)
}

/** The name at the end of a traceback: built-in exceptions stand there without their module. */
function shortName(name: string): string {
  return name.replace(/^builtins\./, "")
}

/** What Odoo serializes of an exception. The last line of `debug` names it. */
export function errorBody(error: OdooError): ErrorBody {
  const bare = error.pythonName === "odoo.exceptions.AccessDenied"
  const head = bare
    ? ""
    : 'Traceback (most recent call last):\n  File "odoo/http.py", line 2273, in _serve_db\n    return service_model.retrying(serve_func, env=self.env)\n'
  const status = error.pythonName.startsWith("werkzeug.") ? `${error.status} ` : ""
  return {
    name: error.pythonName,
    message: error.message,
    arguments: error.args,
    context: {},
    debug: `${head}${shortName(error.pythonName)}: ${status}${error.message}\n`,
  }
}
