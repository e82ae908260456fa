import { parseLenient, readJson } from "../json"

const answer = (text: string, content_type = "application/json") => ({
  status: 200,
  headers: {},
  content_type,
  text,
  retry_after_ms: undefined,
})

describe("parseLenient", () => {
  it("reads the bare NaN and Infinity that Python writes as text", () => {
    expect(parseLenient('[{"a": NaN, "b": -Infinity, "c": "NaN is \\"NaN\\"", "d": 1}]')).toEqual([
      { a: "NaN", b: "-Infinity", c: 'NaN is "NaN"', d: 1 },
    ])
  })

  it("does not repair anything else", () => {
    expect(() => parseLenient('{"a": NaN')).toThrow()
    expect(() => parseLenient('{"a"')).toThrow()
  })
})

describe("readJson", () => {
  it.each([
    ["<html>Log in</html>", "text/html; charset=utf-8", "html_answer"],
    ["", "application/json", "empty_answer"],
    ["  ", "text/html", "empty_answer"],
    ['{"result": [{"id": 1', "application/json", "truncated_answer"],
    ['{"a":1}', "", "html_answer"],
  ])("refuses %p of type %p", (text, type, code) => {
    expect(() => readJson(answer(text, type), "Odoo")).toThrow(
      expect.objectContaining({ kind: "transient", code }) as Error,
    )
  })

  it("reads JSON", () => {
    expect(readJson(answer("null"), "Odoo")).toBeNull()
  })
})
