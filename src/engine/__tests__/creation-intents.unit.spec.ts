import { Creation } from "../../connectors/contract"
import { link } from "../../sync/__tests__/fixtures"
import { erpId, medusaId } from "../../sync/ids"
import { Intent } from "../../sync/values"
import { asAnnounced, openUntil, withoutIntents } from "../creation-intents"

const intent = (source_value: string | null, until: string | null = null): Intent => ({
  source: "medusa",
  source_value,
  target_value: source_value,
  replaced_value: null,
  target_version: null,
  at: "2026-03-02T08:00:00.000Z",
  until,
})

const creation: Creation = {
  key: "prod_1",
  title: "Edited since",
  description: "Edited since",
  category_ids: [erpId("9")],
  options: [],
  variants: [
    {
      key: "variant_1",
      options: {},
      sku: "EDITED",
      barcode: "EDITED",
      weight: "2",
      tracked: true,
      prices: [{ list: "list", currency: "eur", amount: "2" }],
    },
  ],
  weight_unit: "g",
}

describe("a creation of which nobody has heard", () => {
  it("is made of the values that were announced, whatever the store holds by now", () => {
    const product = link({
      intents: { title: intent("Sent"), description: intent(null), "category:4": intent("true") },
    })
    const child = link({
      entity: "variant",
      medusa_id: medusaId("variant_1"),
      intents: { sku: intent("SENT"), "price:eur": intent("1") },
    })

    const announced = asAnnounced(creation, product, [child])

    expect(announced).toMatchObject({ title: "Sent", description: null, category_ids: ["4"] })
    expect(announced.variants[0]).toMatchObject({
      sku: "SENT",
      barcode: null,
      prices: [{ amount: "1" }],
    })
  })

  it("may take effect until the last of its announcements ends", () => {
    const open = link({
      intents: {
        title: intent("Sent", "2026-03-02T08:01:00.000Z"),
        description: intent(null, "2026-03-02T08:02:00.000Z"),
      },
    })

    expect(openUntil(open)).toBe(Date.parse("2026-03-02T08:02:00.000Z"))
    expect(openUntil(link({}))).toBe(0)
    expect(withoutIntents(open)).toEqual({ title: null, description: null })
  })
})
