import { fromReadable, idIn, rowsIn, rowsOf } from "../rows"

const asked = { tried: "Odoo product.template.web_search_read", limit: 2, after: 5 }

it("takes a page of the records asked for", () => {
  const records = [{ id: 6 }, { id: 9 }]
  expect(rowsOf({ records, length: 7 }, asked)).toEqual({ rows: records, length: 7 })
  expect(rowsOf({ records: [], length: 0 }, asked).rows).toEqual([])
})

it.each([
  ["null", null, "malformed_page"],
  ["a list", [], "malformed_page"],
  ["records that are none", { records: [1], length: 1 }, "malformed_page"],
  ["a record without id", { records: [{ name: "x" }], length: 1 }, "malformed_page"],
  ["the wrong order", { records: [{ id: 9 }, { id: 6 }], length: 2 }, "malformed_page"],
  ["a record asked for before", { records: [{ id: 5 }], length: 1 }, "malformed_page"],
  [
    "more than asked for",
    { records: [{ id: 6 }, { id: 7 }, { id: 8 }], length: 3 },
    "malformed_page",
  ],
  ["fewer than announced", { records: [{ id: 6 }], length: 2 }, "short_page"],
  ["none of those announced", { records: [], length: 1 }, "short_page"],
])("refuses %s", (_name, value, code) => {
  expect(() => rowsOf(value, asked)).toThrow(
    expect.objectContaining({ kind: "transient", code }) as Error,
  )
})

it("reads a related id in each of Odoo's spellings", () => {
  expect(idIn(5, "f")).toBe(5)
  expect(idIn({ id: 5, name: "x" }, "f")).toBe(5)
  expect(idIn(false, "f")).toBeNull()
  expect(() => idIn("5", "f")).toThrow("expected a record's id")
  expect(() => rowsIn([5], "f")).toThrow("expected a list of records")
})

it("leaves out, before rows are mapped, the one that cannot be read, and hides no other failure", () => {
  const rows = [
    { id: 1, lines: [{ id: 10 }] },
    { id: 2, lines: "broken" },
    { id: 3, lines: [{ id: 30 }] },
  ]
  const lines = fromReadable(rows, (row) => rowsIn(row["lines"], "lines"))
  expect(lines.map(({ id }) => id)).toEqual([10, 30])
  const failing = () => {
    throw new Error("a defect")
  }
  expect(() => fromReadable(rows, failing)).toThrow("a defect")
})
