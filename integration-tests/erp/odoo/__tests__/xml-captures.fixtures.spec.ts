import { readFileSync } from "node:fs"
import { join } from "node:path"
import { startOdooSimulator, type OdooSimulator } from ".."
import { readXml, type Element } from "../protocols/xml-reader"

/**
 * Compares the simulator's XML with captures of a real server: `ERP_FIXTURES` names a folder with
 * `odoo/` in it. Every tag must be the same, values only where they do not depend on the records.
 */
const FOLDER = process.env["ERP_FIXTURES"]
const suite = FOLDER === undefined ? describe.skip : describe

interface Capture {
  readonly request: { readonly method: string; readonly url: string; readonly body?: string }
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }
}

/** What depends on the capture's own records, or on fields that the simulator has not. */
const OWN = /duplicate_barcode|access_error_quant_read|access_error_field/

const captures =
  FOLDER === undefined
    ? []
    : Object.entries(
        JSON.parse(readFileSync(join(FOLDER, "odoo", "rpc_captures_19.json"), "utf8")) as Readonly<
          Record<string, Capture>
        >,
      ).filter(([name, { request }]) => request.url.startsWith("/xmlrpc") && !OWN.test(name))

/** The tags of an answer: of a list its first item, `boolean` where a field is empty. */
function tagsOf({ name, children }: Element): unknown {
  const kept = name === "data" ? children.slice(0, 1) : children
  return kept.length === 0 ? name : [name, ...kept.map(tagsOf)]
}

/** The text of a fault without its frames, and of which user and server it speaks. */
function toldBy(body: string): string {
  const [, code = "", text = ""] =
    /faultCode<\/name>\n<value>(.*)<\/value>[^]*<string>([^]*)<\/string>/.exec(body) ?? []
  const told = text.slice(text.lastIndexOf("\n  ") + 1).replace(/^ .*\n/, "")
  return `${code} ${told.replace(/User: \d+|"(127.0.0.1|localhost)"( \(127.0.0.1\))?, port \d+/g, "*")}`
}

suite("XML-RPC captures of Odoo 19", () => {
  let simulator: OdooSimulator

  beforeAll(async () => {
    simulator = await startOdooSimulator({ version: 19, database: "erp19" })
    // First by name and new, in a category and without a code, as the captures' first product.
    simulator.world.create("product.template", { name: "1st", categ_id: 2 })
  })
  afterAll(() => simulator.close())

  const text = (value: string): string => `<string>${value}</string>`

  /** The same request by an account that the simulator has. */
  function translated(body: string | undefined): string | undefined {
    const { login, password, uid, accounts } = simulator
    const { bot, reader } = accounts
    return body
      ?.replace(text("0".repeat(40)), text(bot.apiKey))
      .replace(
        `${text("admin")}</value></param><param><value>${text("admin")}`,
        `${text(login)}</value></param><param><value>${text(password)}`,
      )
      .replace("<int>2</int>", `<int>${uid}</int>`)
      .replace(text("admin"), text(password))
      .replace("<int>8</int>", `<int>${reader.uid}</int>`)
      .replace(text("readonly-pw"), text(reader.password))
  }

  it.each(captures)("%s", async (_name, { request, response }) => {
    const body = translated(request.body)
    const answer = await fetch(simulator.url + request.url, {
      method: request.method,
      headers: { "Content-Type": "text/xml" },
      ...(request.method === "GET" || body === undefined ? {} : { body }),
    })
    const ours = await answer.text()
    expect(answer.status).toBe(response.status)
    for (const header of ["content-type", "x-content-type-options"]) {
      expect(answer.headers.get(header) ?? undefined).toBe(response.headers[header])
    }
    if (response.headers["content-type"]?.startsWith("text/html")) {
      expect(ours).toBe(response.body)
      return
    }
    expect(tagsOf(readXml(ours))).toEqual(tagsOf(readXml(response.body)))
    expect(toldBy(ours)).toBe(toldBy(response.body))
    expect(ours.split("\n").slice(0, 4)).toEqual(response.body.split("\n").slice(0, 4))
  })
})
