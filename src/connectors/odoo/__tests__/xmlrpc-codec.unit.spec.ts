import { decodeResponse, encodeCall } from "../xmlrpc/codec"

const answer = (value: string): string =>
  `<?xml version="1.0"?>\n<methodResponse>\n<params>\n<param>\n<value>${value}</value>\n</param>\n</params>\n</methodResponse>\n`

describe("values of an answer", () => {
  it.each([
    ["an empty field", "<boolean>0</boolean>", false],
    ["an int", "<int>-7</int>", -7],
    ["a price", "<double>14.0</double>", 14],
    ["a sum with noise", "<double>0.30000000000000004</double>", 0.1 + 0.2],
    ["a tiny number", "<double>1e-07</double>", 1e-7],
    ["not a number", "<double>nan</double>", "NaN"],
    ["minus infinity", "<double>-inf</double>", "-Infinity"],
    ["a long integer", "<i8>2147483648</i8>", 2_147_483_648],
    ["an integer beyond doubles", "<i8>9007199254740993</i8>", "9007199254740993"],
    ["a moment", "<dateTime.iso8601>20261123T02:50:53</dateTime.iso8601>", "2026-11-23 02:50:53"],
    ["bytes", "<base64>aGVs\nbG8=</base64>", "aGVsbG8="],
    ["nothing", "<nil/>", null],
    ["an empty text", "<string></string>", ""],
    ["a text without a type", "plain", "plain"],
    ["outer white space", "<string> \n a\t</string>", " \n a\t"],
    ["marks and signs", "<string>&lt;b&gt; &amp;amp; 漢😀</string>", "<b> &amp; 漢😀"],
    ["an empty list", "<array><data>\n</data></array>", []],
    [
      "a record",
      "<struct>\n<member>\n<name>id</name>\n<value><int>1</int></value>\n</member>\n<member>\n<name>categ_id</name>\n<value><array><data>\n<value><int>2</int></value>\n<value><string>Expenses</string></value>\n</data></array></value>\n</member>\n</struct>",
      { id: 1, categ_id: [2, "Expenses"] },
    ],
  ])("reads %s", async (_name, xml, value) => {
    expect(await decodeResponse(answer(xml))).toEqual({ value })
  })

  it("reads a text that is longer than a piece, character by character the same", async () => {
    const text = "a😀&".repeat(60_000)
    const xml = answer(`<string>${text.replaceAll("&", "&amp;")}</string>`)
    expect(await decodeResponse(xml)).toEqual({ value: text })
  })

  it("lets others have their turn while it reads a large page", async () => {
    let turns = 0
    const timer = setInterval(() => (turns += 1), 1)
    const rows = "<value><int>1</int></value>".repeat(40_000)
    await decodeResponse(answer(`<array><data>${rows}</data></array>`))
    clearInterval(timer)
    expect(turns).toBeGreaterThan(5)
  })

  it("hands out a fault with its code and its text", async () => {
    const xml =
      "<methodResponse>\n<fault>\n<value><struct>\n<member>\n<name>faultCode</name>\n<value><int>3</int></value>\n</member>\n<member>\n<name>faultString</name>\n<value><string>Access Denied</string></value>\n</member>\n</struct></value>\n</fault>\n</methodResponse>"
    expect(await decodeResponse(xml)).toEqual({ fault: { code: 3, text: "Access Denied" } })
  })

  it.each([
    ["half a page", answer("<array><data><value><int>1</int></value>").slice(0, 90)],
    ["all but the end", answer("<int>1</int>").replace("</methodResponse>", "")],
    ["a page of HTML", "<html><head><title>502</title></head></html>"],
    ["a call", '<?xml version="1.0"?><methodCall><methodName>x</methodName></methodCall>'],
    ["a fault without a text", "<methodResponse><fault></fault></methodResponse>"],
    ["an answer without a value", "<methodResponse><params></params></methodResponse>"],
    ["a number that is none", answer("<int>x</int>")],
    ["no XML at all", "Bad Gateway"],
  ])("refuses %s", async (_name, xml) => {
    await expect(decodeResponse(xml)).rejects.toThrow("not an XML-RPC answer")
  })
})

describe("values of a call", () => {
  const written = (value: unknown): string =>
    /<param><value>(.*)<\/value><\/param>/s.exec(encodeCall("execute_kw", [value]))?.[1] ?? ""

  it.each([
    ["a text", "a", "<string>a</string>"],
    ["an empty text", "", "<string/>"],
    ["marks", "<b>&amp;", "<string>&lt;b&gt;&amp;amp;</string>"],
    ["the end of a CDATA", "a]]>b", "<string>a]]&gt;b</string>"],
    ["a carriage return", "a\r\nb", "<string>a&#xD;\nb</string>"],
    ["a carriage return beside marks", "<\r\n", "<string>&lt;&#xD;\n</string>"],
    ["an integer", 4, "<int>4</int>"],
    ["a long integer", 2 ** 31, "<int>2147483648</int>"],
    ["a number of many digits", 1e21, "<double>1e+21</double>"],
    ["decimals", 0.1, "<double>0.1</double>"],
    ["no", false, "<boolean>0</boolean>"],
    ["nothing", null, "<nil/>"],
    [
      "a list in a record",
      { ids: [1] },
      "<struct><member><name>ids</name><value><array><data><value><int>1</int></value></data></array></value></member></struct>",
    ],
  ])("writes %s", (_name, value, xml) => {
    expect(written(value)).toBe(xml)
  })
})
