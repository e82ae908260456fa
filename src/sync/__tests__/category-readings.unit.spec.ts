import { categoryReadings } from "../category-readings"
import { erpId, medusaId } from "../ids"
import { Link } from "../values"
import { link, medusaProduct, NOW, product, replacedBy } from "./fixtures"

const categories = new Map(
  ["7", "8", "9"].map((id) => [erpId(id), medusaId(`pcat_${id}`)] as const),
)

const read = (erp: string[], medusa: string[], own: Partial<Link> = {}) =>
  categoryReadings(
    { categories },
    product({}, [], { category_ids: erp.map(erpId) }),
    link(own),
    medusaProduct({ category_ids: medusa.map(medusaId) }),
  )

const elements = (...given: Parameters<typeof read>): unknown[] =>
  read(...given).readings.map(({ field, erp, medusa }) => [field, erp, medusa])

describe("the elements of a product's set of categories", () => {
  it("are those that one of the sides holds", () => {
    expect(elements(["7"], ["pcat_7"])).toEqual([["category:7", true, true]])
    expect(elements(["7"], ["pcat_8"])).toEqual([
      ["category:7", true, null],
      ["category:8", null, true],
    ])
    expect(read(["7"], [])).toMatchObject({
      readings: [{ medusa_field: "category:pcat_7", owner_key: "category" }],
      waits_for: [],
    })
  })

  it("are also those that both sides agreed on once, and dropped since", () => {
    expect(elements([], [], { base_erp: { "category:7": true, title: true } })).toEqual([
      ["category:7", null, null],
    ])
  })

  it("are none that both sides agreed not to have", () => {
    expect(elements([], [], { base_erp: { "category:7": null, "category:8": false } })).toEqual([])
  })

  it("wait for a category that the ERP has and that is not linked yet", () => {
    expect(read(["7", "99"], ["pcat_own"])).toMatchObject({
      readings: [{ field: "category:7" }],
      waits_for: ["99"],
    })
    expect(read([], [], { base_erp: { "category:98": true } })).toEqual({
      readings: [],
      waits_for: [],
    })
  })
})

describe("a form that saves the set as a whole", () => {
  const edits = (held: string[], own: Partial<Link>): unknown[] => [
    ...new Set(read(["7"], held, own).readings.map((reading) => reading.is_edit === true)),
  ]
  const base = { "category:7": true, "category:8": null } as const
  const taken = { "category:8": replacedBy(true, null, NOW) }

  it("returns to what was there before where every element that moved does, whatever stands", () => {
    expect(edits(["pcat_7", "pcat_8"], { base_medusa: base, replaced: taken })).toEqual([false])
  })

  it("makes an edit of all of it where one element moved by itself", () => {
    expect(edits(["pcat_7", "pcat_8", "pcat_9"], { base_medusa: base, replaced: taken })).toEqual([
      true,
    ])
  })

  it("makes an edit of what never stood there before the last write", () => {
    const added = { "category:8": replacedBy(null, true, NOW) }
    expect(edits(["pcat_7", "pcat_8"], { base_medusa: base, replaced: added })).toEqual([true])
  })

  it("makes an edit of what the ERP's side lost by a write", () => {
    const pushed = { "category:8": { ...replacedBy(true, null, NOW), side: "erp" as const } }
    expect(edits(["pcat_7", "pcat_8"], { base_medusa: base, replaced: pushed })).toEqual([true])
  })
})
