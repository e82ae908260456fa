import { odooCredentialsSchema } from "../../../connectors/odoo"
import type { ConnectionRow } from "../../../engine/ports"
import { MISSING_CREDENTIALS } from "../ledger/connections"

/** An environment variable that is not set, or set to nothing, says nothing. */
export const given = (credentials: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(credentials).filter(([, value]) => value !== undefined && value !== ""),
  )

/** Why a connection cannot log in as configured, null when it can try. Custom ERPs judge themselves. */
export const credentialsProblem = (
  erp: string,
  credentials: Record<string, unknown>,
): ConnectionRow["reason"] => {
  if (erp !== "odoo") return null
  const parsed = odooCredentialsSchema.safeParse(credentials)
  if (parsed.success) return null
  const names = parsed.error.issues.map(({ path }) => path.map(String).join("."))
  const missing = names.filter((name) => name !== "" && !(name in credentials))
  const wrong = names.filter((name) => name in credentials)
  if (credentials.api_key === undefined && credentials.password === undefined) {
    missing.push("api_key or password")
  }
  return {
    code: MISSING_CREDENTIALS,
    message: [
      ...(missing.length > 0 ? [`Missing credentials: ${missing.join(", ")}.`] : []),
      ...(wrong.length > 0 ? [`Not valid: ${wrong.join(", ")}.`] : []),
    ].join(" "),
    remedy: "Set the environment variables that the plugin's options read, and restart.",
  }
}
