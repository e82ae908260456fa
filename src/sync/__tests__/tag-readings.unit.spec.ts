import { tagReadings } from "../tag-readings"
import { Link, Owner } from "../values"
import { link, medusaProduct, product } from "./fixtures"

const read = (
  erp: string[] | undefined,
  held: string[],
  own: Partial<Link> = {},
  owner: Owner = "erp",
) =>
  tagReadings(
    { owners: { tag: owner } },
    product({}, [], erp ? { tags: erp } : {}),
    link(own),
    medusaProduct({ tags: held }),
  )

const elements = (...given: Parameters<typeof read>): unknown[] =>
  read(...given).map(({ field, erp, medusa }) => [field, erp, medusa])

describe("the tags of a product", () => {
  it("are no fields where the record does not speak of them", () => {
    expect(read(undefined, ["mine"], { base_erp: { "tag:old": true } })).toEqual([])
  })

  it("take part where the ERP has them, or had them when both agreed", () => {
    const base_erp = { "tag:old": true, "tag:dropped": null, title: true }
    expect(elements(["new: hot"], ["old"], { base_erp })).toEqual([
      ["tag:new: hot", true, null],
      ["tag:old", null, true],
    ])
  })

  it("leave out what the merchant added by hand, unless the store has a say", () => {
    expect(elements(["a"], ["a", "mine"])).toEqual([["tag:a", true, true]])
    const both = [
      ["tag:a", true, true],
      ["tag:mine", null, true],
    ]
    expect(elements(["a"], ["a", "mine"], {}, "both")).toEqual(both)
    expect(elements(["a"], ["a", "mine"], {}, "medusa")).toEqual(both)
  })

  it("go by the owner that a person set for this record", () => {
    expect(elements([], ["mine"], { owners: { tag: "both" } })).toEqual([["tag:mine", null, true]])
  })

  it("return to what was there before only as a whole set", () => {
    const own: Partial<Link> = {
      base_erp: { "tag:a": true, "tag:b": null },
      base_medusa: { "tag:a": true, "tag:b": null },
    }
    expect(read([], ["b"], own, "both").every(({ is_edit }) => is_edit === true)).toBe(true)
  })
})
