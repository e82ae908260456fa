import { isSendable, sendable } from "../sendable"

const call = (args: Record<string, unknown>) => ({
  model: "product.template",
  method: "write",
  ids: [1],
  args,
})

describe("a text", () => {
  it.each([
    ["letters\tand\r\nlines", true, true],
    ["漢😀\u0085\u007f", true, true],
    ["a\u000bb", true, false],
    ["a\u001fb", true, false],
    ["a\uffffb", true, false],
    ["a\u0000b", false, false],
    ["half of \ud83d", false, false],
  ])("%j can be sent as JSON: %s, as XML: %s", (text, json, xml) => {
    expect([isSendable(text, "json"), isSendable(text, "xml")]).toEqual([json, xml])
  })
})

describe("a call", () => {
  it("loses what is undefined, as JSON does", () => {
    const { args } = sendable(
      call({ vals: { name: "A", weight: undefined }, list: [undefined, 1], limit: undefined }),
      "xml",
    )
    expect(args).toEqual({ vals: { name: "A" }, list: [null, 1] })
    expect(Object.keys(args?.["vals"] ?? {})).toEqual(["name"])
  })

  it.each([
    [{ vals: { weight: NaN } }, "weight"],
    [{ vals: { list_price: Infinity } }, "list_price"],
    [{ vals: { name: "a\u0000" } }, "name"],
    [{ domain: [["barcode", "in", ["a\u0000"]]] }, "domain"],
  ])("with %j is refused over any protocol, naming %s", (args, field) => {
    for (const charset of ["json", "xml"] as const) {
      expect(() => sendable(call(args), charset)).toThrow(
        expect.objectContaining({ kind: "data", code: "unsendable", field }),
      )
    }
  })

  it("with a vertical tab is refused over XML alone", () => {
    const args = { vals: { name: "a\u000bb" } }
    expect(sendable(call(args), "json").args).toEqual(args)
    expect(() => sendable(call(args), "xml")).toThrow(/"name" holds control characters/)
  })
})
