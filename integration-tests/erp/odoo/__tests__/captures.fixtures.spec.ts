import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { startOdooSimulator, type OdooSimulator } from ".."
import { VERSIONS } from "./shop"

/**
 * Compares the simulator with captures of real servers: `ERP_FIXTURES` names a folder with `odoo/`
 * in it. Only what does not depend on the records at hand is compared: reads and refusals.
 */
const FOLDER = process.env["ERP_FIXTURES"]
const suite = FOLDER === undefined ? describe.skip : describe

function load(name: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER ?? "", "odoo", name), "utf8"))
}

type Shape = string | readonly Shape[] | { readonly [key: string]: Shape }

function shapeOf(value: unknown): Shape {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])]
  if (value === null) return "null"
  if (typeof value !== "object") return typeof value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shapeOf(item)]))
}

/** How two shapes differ. `false` stands for any empty value, an empty list for any list. */
function differences(real: Shape, ours: Shape, path = ""): string[] {
  if (path !== "" && (real === "boolean" || ours === "boolean")) return []
  if (typeof real === "string" || typeof ours === "string") {
    return real === ours ? [] : [`${path}: ${JSON.stringify(real)} / ${JSON.stringify(ours)}`]
  }
  if (Array.isArray(real) || Array.isArray(ours)) {
    const [first] = real as readonly Shape[]
    const [second] = ours as readonly Shape[]
    if (Array.isArray(real) !== Array.isArray(ours)) return [`${path}: a list or not`]
    return first === undefined || second === undefined
      ? []
      : differences(first, second, `${path}[]`)
  }
  const left = real as Readonly<Record<string, Shape>>
  const right = ours as Readonly<Record<string, Shape>>
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) => {
    const one = left[key]
    const two = right[key]
    if (one === undefined || two === undefined) return [`${path}.${key}: only on one side`]
    return differences(one, two, `${path}.${key}`)
  })
}

interface Capture {
  readonly request: {
    readonly method: string
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: string
  }
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }
}

/** Captures that write to the records of their own database. */
const WRITES = /create|unlink|json2_write$|dup|neg_price|apikeys|jsonrpc_missing/

suite("captures of Odoo 19", () => {
  let simulator: OdooSimulator

  beforeAll(async () => {
    simulator = await startOdooSimulator({ version: 19, database: "erp19" })
  })
  afterAll(() => simulator.close())

  const captures =
    FOLDER === undefined
      ? []
      : Object.entries(load("rpc_captures_19.json") as Readonly<Record<string, Capture>>).filter(
          ([name, { request }]) => !request.url.startsWith("/xmlrpc") && !WRITES.test(name),
        )

  function authorization(given: string | undefined): Record<string, string> {
    if (given === undefined || given.endsWith("deadbeef")) {
      return given === undefined ? {} : { Authorization: given }
    }
    const { bot, reader } = simulator.accounts
    const key = /^bearer 0+$/.test(given) ? bot.apiKey : reader.apiKey
    return { Authorization: `bearer ${key}` }
  }

  function translated(body: string | undefined): string | undefined {
    const { login, password, uid } = simulator
    return body
      ?.replace('"admin","admin"', `"${login}","${password}"`)
      .replace('"admin","nope"', `"${login}","nope"`)
      .replace('2,"admin"', `${uid},"${password}"`)
      .replace('2,"nope"', `${uid},"nope"`)
  }

  it.each(captures)("%s", async (_name, { request, response }) => {
    const { Authorization: given, ...headers } = request.headers
    const body = translated(request.body)
    const answer = await fetch(simulator.url + request.url, {
      method: request.method,
      headers: { ...headers, ...authorization(given) },
      ...(request.method === "GET" || body === undefined ? {} : { body }),
    })
    const text = await answer.text()
    expect(answer.status).toBe(response.status)
    expect(answer.headers.get("content-type")).toBe(response.headers["content-type"])
    if (!response.headers["content-type"]?.startsWith("application/json")) {
      expect(text).toBe(response.body)
      return
    }
    const real: unknown = JSON.parse(response.body)
    const ours: unknown = JSON.parse(text)
    expect(differences(shapeOf(real), shapeOf(ours))).toEqual([])
    if (typeof real === "object" && real !== null && "message" in real) {
      expect(ours).toMatchObject({ message: real.message })
    }
  })

  interface Flow {
    readonly path: string
    readonly request: unknown
    readonly status: number
    readonly response: unknown
  }

  const flows =
    FOLDER === undefined
      ? []
      : Object.entries(load("json2_workflows_19.json") as Readonly<Record<string, Flow>>).filter(
          ([, { path }]) => /\/(read|search_read|web_search_read|formatted_read_group)$/.test(path),
        )

  it.each(flows)("flow: %s", async (_name, flow) => {
    const answer = await fetch(simulator.url + flow.path, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `bearer ${simulator.apiKey}` },
      body: JSON.stringify(flow.request),
    })
    expect(answer.status).toBe(flow.status)
    const ours: unknown = await answer.json()
    expect(differences(shapeOf(flow.response), shapeOf(ours))).toEqual([])
  })
})

/** What `fields_get` must say the same, for fields that carry data in the simulator. */
const ATTRIBUTES = ["type", "relation", "translate", "company_dependent", "digits"] as const

suite.each(VERSIONS)("fields of Odoo %i", (version) => {
  let simulator: OdooSimulator

  beforeAll(async () => {
    simulator = await startOdooSimulator({ version, empty: true })
  })
  afterAll(() => simulator.close())

  const models =
    FOLDER === undefined
      ? []
      : readdirSync(join(FOLDER, "odoo", "fields_get"))
          .map((name) => /^((?:product|stock|uom)\.[a-z.]+)\.(\d\d)\.json$/.exec(name))
          .filter((match) => Number(match?.[2]) === version)
          .map((match) => match?.[1] ?? "")
          .filter((model) => !/website|combo|document|image|ribbon|supplier|exclusion/.test(model))

  it.each(models)("%s", (model) => {
    const real = load(`fields_get/${model}.${version}.json`) as Record<
      string,
      Record<string, unknown>
    >
    let ours: Record<string, Record<string, unknown>>
    try {
      ours = simulator.world.call(model, "fields_get") as never
    } catch {
      return
    }
    const invented = Object.keys(ours).filter((name) => !(name in real))
    expect(invented).toEqual([])
    const carried = ["name", "list_price", "barcode", "write_date", "quantity", "price_extra"]
    for (const name of carried) {
      const facts = ours[name]
      if (facts === undefined) continue
      for (const attribute of ATTRIBUTES) {
        expect([name, attribute, facts[attribute]]).toEqual([
          name,
          attribute,
          real[name]?.[attribute],
        ])
      }
    }
  })
})
