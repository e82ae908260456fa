import { ErpPrice } from "../canonical"
import { fieldRule } from "../field-rules"
import { tiersMoveMuch } from "../guards"
import { medusaId } from "../ids"
import { ownerOf } from "../owners"
import { listReadings } from "../price-readings"
import { PriceListMapping, Rules } from "../rules"
import { MedusaVariant } from "../snapshot"
import { Link } from "../values"
import { link, pushing } from "./fixtures"

const trade: PriceListMapping = {
  erp: "pricelist:Trade",
  currency: "eur",
  rounding: "half-up",
  digits: 2,
  price_list_id: medusaId("plist_1"),
}
const FIELD = "price_list:plist_1:eur"

const mapped = (changes: Partial<Rules> = {}): Rules =>
  pushing({ price_lists: [trade], ...changes })

const price = (amount: string, min_quantity: string | null = null, changes = {}): ErpPrice => ({
  list: "pricelist:Trade",
  currency: "eur",
  amount,
  tax_included: null,
  ...(min_quantity !== null && { min_quantity }),
  ...changes,
})

const held = (tiers: string, changes = {}) => ({
  list_prices: [{ price_list_id: medusaId("plist_1"), currency: "eur", tiers, ...changes }],
})

const readings = (
  prices: ErpPrice[],
  medusa: Pick<MedusaVariant, "list_prices"> = {},
  unknown?: string[],
  own: Partial<Link> = {},
  rules: Rules = mapped(),
) =>
  listReadings(rules, prices, unknown, medusa as MedusaVariant, link(own)).map(
    ({ field, erp, medusa: store }) => [field, erp, store],
  )

describe("the field of a price list", () => {
  const rule = (rules: Rules = mapped()) => fieldRule(rules, "variant", FIELD)

  it("is the tiers of its list and currency on both sides", () => {
    const others = [price("1", null, { list: "list" }), price("2", null, { currency: "usd" })]
    expect(readings([price("8", "10"), price("9.5"), ...others], held("9.5"))).toEqual([
      [FIELD, "9.5; 10: 8", "9.5"],
    ])
    expect(readings([price("9.5")], held("9", { currency: "usd" }))).toEqual([[FIELD, "9.5", null]])
    expect(readings([price("9.5")], held("9", { price_list_id: medusaId("plist_2") }))).toEqual([
      [FIELD, "9.5", null],
    ])
  })

  it("is not looked at where the ERP never had a price, and where it cannot tell one now", () => {
    const based = { base_erp: { [FIELD]: "9" }, base_medusa: { [FIELD]: "9" } }
    expect(readings([], held("9"))).toEqual([])
    expect(readings([], held("9"), undefined, based)).toEqual([[FIELD, null, "9"]])
    expect(readings([], held("9"), ["pricelist:Trade"], based)).toEqual([])
    expect(readings([price("9")], {}, ["pricelist:Other"])).toEqual([[FIELD, "9", null]])
    expect(readings([price("9")], {}, undefined, {}, pushing())).toEqual([])
  })

  it("comes into the store rounded, and is cleared where the ERP has none any more", () => {
    expect(rule().toMedusa("9.125; 2.5: 8")).toBe("9.13; 3: 8")
    expect(fieldRule(pushing(), "variant", FIELD).toMedusa("9.125")).toBe("9.125")
    expect([rule().isBlank(null), rule().isBlank("9"), rule().blank_clears]).toEqual([
      true,
      false,
      true,
    ])
    expect(rule().equalMedusa("9.0; 10: 8", "9; 10: 8.00")).toBe(true)
    expect(rule().equalErp("9", "9; 10: 8")).toBe(false)
  })

  it("goes to the ERP in the precision of its prices, or one of its own", () => {
    const digits = (normalises: Rules["normalises"]) =>
      rule(mapped({ normalises })).toErp("9.125; 10-20: 8")
    expect(digits({})).toBe("9.125; 10: 8")
    expect(digits({ "variant.price": { digits: 2 } })).toBe("9.13; 10: 8")
    expect(digits({ "variant.price": { digits: 2 }, "variant.price_list": { digits: 0 } })).toBe(
      "9; 10: 8",
    )
  })

  it("belongs to whom the prices belong to, unless the options say otherwise", () => {
    const owner = (owners: Rules["owners"]) => ownerOf({ owners }, FIELD)
    expect(owner({})).toBe("erp")
    expect(owner({ price: "both" })).toBe("both")
    expect(owner({ price: "both", price_list: "medusa" })).toBe("medusa")
    expect(owner({ price_list: "medusa", [FIELD]: "both" })).toBe("both")
    expect(ownerOf({ owners: { stock: "medusa" } }, "tracked")).toBe("medusa")
  })

  it("moves much where the price of one piece does", () => {
    expect(tiersMoveMuch("20; 10: 18", "9; 10: 8")).toBe(true)
    expect(tiersMoveMuch("20; 10: 18", "19; 10: 1")).toBe(false)
    expect(tiersMoveMuch("10: 18", "10: 1")).toBe(false)
    expect(tiersMoveMuch(null, "1")).toBe(false)
  })
})
