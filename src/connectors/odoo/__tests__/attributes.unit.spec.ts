import { attributeItems, attributesIn, attributeSpecification, sentAttribute } from "../attributes"
import type { FieldFacts } from "../place"

const fields = new Map<string, FieldFacts>([
  ["uom_id", { type: "many2one", digits: null }],
  ["product_tag_ids", { type: "many2many", digits: null }],
  ["website_meta_title", { type: "char", digits: null }],
])
const row = { id: 9, uom_id: { id: 3, display_name: "Dozens" }, product_tag_ids: [] }

describe("a related record among the characteristics", () => {
  it("is asked for once, and comes by name and by id", () => {
    const names = ["uom_id", "uom_id.id"]
    expect(attributeSpecification(fields, names)).toEqual({
      uom_id: { fields: { display_name: {} } },
    })
    expect(attributesIn(row, [], fields, names)).toEqual({ uom_id: "Dozens", "uom_id.id": "3" })
    const bare = { ...row, uom_id: false }
    expect(attributesIn(bare, [], fields, names)).toEqual({ uom_id: null, "uom_id.id": null })
  })

  it("has one id only where there is one record", () => {
    const names = ["product_tag_ids.id", "nope.id"]
    expect(attributesIn(row, [], fields, names)).toEqual({})
    const [item] = attributeItems(
      { product: ["uom_id.id", ...names], variant: [] },
      { template: fields, variant: fields },
    )
    expect(item).toMatchObject({
      ok: false,
      message: expect.stringContaining('"product_tag_ids.id", "nope.id"'),
    })
  })

  it("is not written back", () => {
    expect(sentAttribute("attribute:uom_id.id", "4", fields)).toMatchObject({
      message: expect.stringContaining("chosen from records"),
    })
  })
})
