import type { Json, JsonObject, OdooSimulator } from ".."

export interface Answer {
  readonly status: number
  readonly type: string
  readonly headers: Headers
  readonly text: string
  /** The body as JSON, or null when it is none. */
  readonly body: unknown
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  let body: unknown = null
  try {
    body = JSON.parse(text)
  } catch {
    // Not JSON: the text tells.
  }
  const type = response.headers.get("content-type") ?? ""
  return { status: response.status, type, headers: response.headers, text, body }
}

/** A JSON-2 call. */
export async function json2(
  simulator: OdooSimulator,
  call: string,
  body: JsonObject = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  const dot = call.lastIndexOf(".")
  const response = await fetch(
    `${simulator.url}/json/2/${call.slice(0, dot)}/${call.slice(dot + 1)}`,
    {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Authorization: `bearer ${simulator.apiKey}`,
        ...headers,
      },
      body: JSON.stringify(body),
    },
  )
  return answerOf(response)
}

/** Any JSON-RPC service call. */
export async function jsonRpc(
  simulator: OdooSimulator,
  service: string,
  method: string,
  args: readonly Json[],
): Promise<Answer> {
  const response = await fetch(`${simulator.url}/jsonrpc`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      jsonrpc: "2.0",
      method: "call",
      id: 1,
      params: { service, method, args },
    }),
  })
  return answerOf(response)
}

/** `execute_kw` with the simulator's own account. */
export function executeKw(
  simulator: OdooSimulator,
  model: string,
  method: string,
  args: readonly Json[],
  kwargs: JsonObject = {},
): Promise<Answer> {
  const { database, uid, password } = simulator
  return jsonRpc(simulator, "object", "execute_kw", [
    database,
    uid,
    password,
    model,
    method,
    args,
    kwargs,
  ])
}

export async function get(simulator: OdooSimulator, path: string): Promise<Answer> {
  return answerOf(await fetch(simulator.url + path))
}

export async function post(simulator: OdooSimulator, path: string, body: Json): Promise<Answer> {
  const response = await fetch(simulator.url + path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  })
  return answerOf(response)
}

/** `execute_kw` over XML-RPC, written by hand: `args` are the XML of the parameters after the secret. */
export async function xmlRpc(
  simulator: OdooSimulator,
  args: string,
  path = "/xmlrpc/2/object",
): Promise<Answer> {
  const { database, uid, password } = simulator
  const login = `<param><value><string>${database}</string></value></param><param><value><int>${uid}</int></value></param><param><value><string>${password}</string></value></param>`
  return answerOf(
    await fetch(simulator.url + path, {
      method: "POST",
      headers: { "Content-Type": "text/xml" },
      body: `<?xml version="1.0"?>\n<methodCall><methodName>execute_kw</methodName><params>${login}${args}</params></methodCall>`,
    }),
  )
}

/** The parameters of a call as XML; `values` stand for what is passed by position. */
export const xmlArguments = (model: string, method: string, values: string): string =>
  `<param><value>${model}</value></param><param><value>${method}</value></param><param><value><array><data>${values}</data></array></value></param>`
