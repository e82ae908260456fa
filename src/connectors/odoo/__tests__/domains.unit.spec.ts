import { anyOf, changedSince, filterDomain, filterFields, inScope } from "../domains"
import type { OdooFilter } from "../settings"

it("joins conditions in prefix notation", () => {
  expect(anyOf([["a", "=", 1]])).toEqual([["a", "=", 1]])
  expect(changedSince(["a", "b.c", "d"], "2026-01-01 00:00:00")).toEqual([
    "|",
    "|",
    ["a", ">=", "2026-01-01 00:00:00"],
    ["b.c", ">=", "2026-01-01 00:00:00"],
    ["d", ">=", "2026-01-01 00:00:00"],
  ])
})

it("turns the filter into conditions, from another model through a path", () => {
  expect(filterDomain({ sale_ok: true, categ_id: [4, 5] }, "product_tmpl_id.")).toEqual([
    ["product_tmpl_id.sale_ok", "=", true],
    ["product_tmpl_id.categ_id", "in", [4, 5]],
  ])
})

it.each([
  [{ sale_ok: true }, { sale_ok: true }, true],
  [{ sale_ok: true }, { sale_ok: false }, false],
  [{ sale_ok: true }, {}, false],
  [{ categ_id: [4, 5] }, { categ_id: 5 }, true],
  [{ categ_id: [4, 5] }, { categ_id: false }, false],
  [{ tag_ids: 7 }, { tag_ids: [3, 7] }, true],
  [{ tag_ids: [1, 2] }, { tag_ids: [3, 7] }, false],
  [{}, {}, true],
])("filter %p and row %p: in scope %p", (filter, row, expected) => {
  expect(inScope(row, filter)).toBe(expected)
})

it("takes a domain as it is, with the path in front of each of its fields", () => {
  const domain: OdooFilter = ["|", ["sale_ok", "=", true], ["categ_id.name", "ilike", "web"]]
  expect(filterDomain(domain, "product_tmpl_id.")).toEqual([
    "|",
    ["product_tmpl_id.sale_ok", "=", true],
    ["product_tmpl_id.categ_id.name", "ilike", "web"],
  ])
  expect(filterFields(domain)).toEqual(["sale_ok", "categ_id"])
})
