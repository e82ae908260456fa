import { startOdooSimulator, type OdooSimulator } from ".."
import { ExpatError, readXml, valueOf } from "../protocols/xml-reader"
import { get, xmlArguments, xmlRpc } from "./clients"
import { VERSIONS } from "./shop"

const TEMPLATE = "product.template"
const ids = (id: number): string =>
  `<value><array><data><value><int>${id}</int></value></data></array></value>`
const member = (name: string, value: string): string =>
  `<member><name>${name}</name><value>${value}</value></member>`
const vals = (...members: string[]): string => `<value><struct>${members.join("")}</struct></value>`

/** The fault in an answer, or what it holds. */
const parsed = (text: string): unknown => {
  const [inside] = readXml(text).children
  const value = inside?.name === "fault" ? inside.children[0] : inside?.children[0]?.children[0]
  return value === undefined ? undefined : valueOf(value)
}

describe.each(VERSIONS)("XML-RPC of Odoo %i", (version) => {
  let simulator: OdooSimulator

  beforeAll(async () => {
    simulator = await startOdooSimulator({ version, products: 10, odd: false })
  })
  afterAll(() => simulator.close())

  const call = async (model: string, method: string, values: string, path?: string) => {
    const answer = await xmlRpc(simulator, xmlArguments(model, method, values), path)
    return { ...answer, value: parsed(answer.text) }
  }
  const create = () => simulator.world.create(TEMPLATE, { name: "Desk", list_price: 14 })

  it("writes one tag a line, floats with a point, nothing as false", async () => {
    const fields = ["default_code", "list_price"]
      .map((name) => `<value><string>${name}</string></value>`)
      .join("")
    const id = create()
    const { text, type, headers } = await call(
      TEMPLATE,
      "read",
      `${ids(id)}<value><array><data>${fields}</data></array></value>`,
    )
    expect(type).toBe("text/xml; charset=utf-8")
    expect(headers.get("x-content-type-options")).toBe("nosniff")
    expect(text).toBe(
      `<?xml version="1.0"?>\n<methodResponse>\n<params>\n<param>\n<value><array><data>\n<value><struct>\n<member>\n<name>id</name>\n<value><int>${id}</int></value>\n</member>\n<member>\n<name>default_code</name>\n<value><boolean>0</boolean></value>\n</member>\n<member>\n<name>list_price</name>\n<value><double>14.0</double></value>\n</member>\n</struct></value>\n</data></array></value>\n</param>\n</params>\n\n</methodResponse>\n`,
    )
  })

  it("commits what returns None, and then answers a fault", async () => {
    const id = create()
    const { value } = await call(TEMPLATE, "action_archive", ids(id))
    expect(value).toMatchObject({ faultCode: 1 })
    expect((value as { faultString: string }).faultString).toMatch(
      /\nTypeError: cannot marshal None unless allow_none is enabled\n$/,
    )
    expect(simulator.world.row(TEMPLATE, id)).toMatchObject({ active: false })
  })

  it("takes nil for None in a request", async () => {
    const id = create()
    const condition = `<value><array><data><value><string>default_code</string></value><value><string>=</string></value><value><nil/></value></data></array></value>`
    const { value } = await call(
      TEMPLATE,
      "search",
      `<value><array><data>${condition}</data></array></value>`,
    )
    expect(value).toContain(id)
  })

  it.each([
    ["a record that is gone", "write", ids(999_999) + vals(member("name", "x")), 2, /999999,/],
    ["an unknown field", "write", ids(1) + vals(member("nope", "x")), 1, /\nValueError: /],
    ["an unknown method", "nope", "", 1, /\nAttributeError: /],
    ["a private method", "_write", ids(1), 4, /Private methods|cannot be called remotely/],
    ["an int that is none", "search", "<value><int>1e+21</int></value>", 1, /\nValueError: inv/],
  ] as const)("answers %s with a numbered fault", async (_name, method, values, code, text) => {
    const { status, value } = await call(TEMPLATE, method, values)
    expect(status).toBe(200)
    expect(value).toEqual({ faultCode: code, faultString: expect.stringMatching(text) })
  })

  it("has texts for codes under its first address", async () => {
    const values = ids(999_999) + vals(member("name", "x"))
    const { value } = await call(TEMPLATE, "write", values, "/xmlrpc/object")
    expect(value).toMatchObject({
      faultCode: expect.stringMatching(/^warning -- MissingError\n\n/),
      faultString: "",
    })
  })

  it("leaves control characters out of what it answers, and takes none", async () => {
    const id = simulator.world.create(TEMPLATE, { name: "A\u0001B" })
    const fields = "<value><array><data><value>name</value></data></array></value>"
    const { value } = await call(TEMPLATE, "read", ids(id) + fields)
    expect(value).toMatchObject([{ name: "AB" }])
    const refused = await call(TEMPLATE, "write", ids(id) + vals(member("name", "\u0001")))
    expect(refused.value).toMatchObject({
      faultCode: 1,
      faultString: expect.stringMatching(
        /\nxml\.parsers\.expat\.ExpatError: not well-formed \(invalid token\): line 2, column \d+\n$/,
      ),
    })
  })

  it("answers a GET with 405", async () => {
    expect((await get(simulator, "/xmlrpc/2/object")).status).toBe(405)
  })
})

describe("the reader of XML", () => {
  it.each([
    ["<a>", "no element found: line 1, column 3"],
    ["<a></b>", "mismatched tag: line 1, column 3"],
    ["<methodCall><bad", "unclosed token: line 1, column 12"],
    ["<a>&nbsp;</a>", "undefined entity: line 1, column 3"],
    ["<a>&#1;</a>", "reference to invalid character number: line 1, column 3"],
    ["<a>\n& b</a>", "not well-formed (invalid token): line 1, column 3"],
    ["", "no element found: line 1, column 0"],
    ["<a/><b/>", "junk after document element: line 1, column 8"],
  ])("refuses %j", (text, message) => {
    expect(() => readXml(text)).toThrow(ExpatError)
    expect(() => readXml(text)).toThrow(message)
  })

  it("sees line feeds alone, unless a carriage return is written as a number", () => {
    expect(readXml("<a>1\r\n2\r3&#13;<![CDATA[\r\n]]>&#x1F600;</a>").text).toBe("1\n2\n3\r\n😀")
  })
})
