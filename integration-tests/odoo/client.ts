import type { RunningOdoo } from "./server"

/** A condition of Odoo's search language, or one of its operators `"|"`, `"&"`, `"!"`. */
export type Domain = (string | readonly [field: string, operator: string, value: unknown])[]

/** A record as `search_read` returns it: field values of unknown type, and an id. */
export type Row = Record<string, unknown> & { id: number }

/** What Odoo answered instead of a result. `name` is the Python exception, never translated. */
export class OdooFault extends Error {
  constructor(
    readonly exception: string,
    message: string,
    /** Odoo's whole `error.data`: name, message, arguments, context, debug. */
    readonly detail: Record<string, unknown>,
  ) {
    super(message)
    this.name = "OdooFault"
  }
}

interface Credentials {
  url: string
  database: string
  login: string
  /** A password or an API key. */
  secret: string
}

/**
 * A JSON-RPC client of the tests' own. It shares no code with the connector, so that a mistake of
 * one cannot hide in the other: it is the oracle's eyes and the merchant's hands.
 */
export class Client {
  private constructor(
    private readonly credentials: Credentials,
    readonly uid: number,
  ) {}

  /** @throws Error when Odoo refuses the credentials (it answers `false`, not a fault). */
  static async login(credentials: Credentials): Promise<Client> {
    const { url, database, login, secret } = credentials
    const uid = await jsonRpc(url, "common", "authenticate", [database, login, secret, {}])
    if (typeof uid !== "number") {
      throw new Error(`Odoo refused the login ${login} on database ${database}.`)
    }
    return new Client(credentials, uid)
  }

  static asAdmin(odoo: RunningOdoo): Promise<Client> {
    return Client.login({ ...odoo, login: odoo.adminLogin, secret: odoo.adminPassword })
  }

  static asBot(odoo: RunningOdoo): Promise<Client> {
    return Client.login({ ...odoo, secret: odoo.password })
  }

  /**
   * Calls a public method; `null` when Python returned None.
   *
   * @throws OdooFault with the exception's name.
   */
  call(
    model: string,
    method: string,
    args: readonly unknown[] = [],
    kwargs: Readonly<Record<string, unknown>> = {},
  ): Promise<unknown> {
    const { url, database, secret } = this.credentials
    const params = [database, this.uid, secret, model, method, args, kwargs]
    return jsonRpc(url, "object", "execute_kw", params)
  }

  /** Rows of `fields`, ordered by id unless told otherwise. */
  async searchRead(
    model: string,
    domain: Domain,
    fields: string[],
    options: { order?: string; limit?: number; context?: Record<string, unknown> } = {},
  ): Promise<Row[]> {
    const rows = await this.call(model, "search_read", [domain, fields], {
      order: "id",
      ...options,
    })
    if (!Array.isArray(rows)) {
      throw new TypeError(`${model}.search_read returned no list.`)
    }
    return rows as Row[]
  }

  /** The ids that match, ordered by id unless told otherwise. */
  async search(
    model: string,
    domain: Domain,
    options: { order?: string; limit?: number; context?: Record<string, unknown> } = {},
  ): Promise<number[]> {
    return ids(await this.call(model, "search", [domain], { order: "id", ...options }))
  }

  /** Creates one record and returns its id. */
  async create(
    model: string,
    values: Record<string, unknown>,
    context: Record<string, unknown> = {},
  ): Promise<number> {
    const [id] = ids(await this.call(model, "create", [[values]], { context }))
    if (id === undefined) {
      throw new Error(`${model}.create returned no id.`)
    }
    return id
  }

  async write(
    model: string,
    id: number | number[],
    values: Record<string, unknown>,
    context: Record<string, unknown> = {},
  ): Promise<void> {
    await this.call(model, "write", [[id].flat(), values], { context })
  }
}

function ids(value: unknown): number[] {
  if (!Array.isArray(value) || !value.every((id) => typeof id === "number")) {
    throw new TypeError(`Odoo returned ${JSON.stringify(value)} instead of ids.`)
  }
  return value
}

async function jsonRpc(
  url: string,
  service: string,
  method: string,
  args: readonly unknown[],
): Promise<unknown> {
  const response = await fetch(`${url}/jsonrpc`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      jsonrpc: "2.0",
      method: "call",
      id: 1,
      params: { service, method, args },
    }),
    signal: AbortSignal.timeout(120_000),
  })
  const body = (await response.json()) as {
    result?: unknown
    error?: { message: string; data?: Record<string, unknown> }
  }
  if (body.error) {
    const data = body.error.data ?? {}
    const message = typeof data.message === "string" ? data.message : body.error.message
    throw new OdooFault(typeof data.name === "string" ? data.name : "unknown", message, data)
  }
  return body.result ?? null
}
