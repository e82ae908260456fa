import { AttributeMapping, attributeReadings, createdAttributes } from "../attributes"
import { planFields } from "../plan-fields"
import { FieldValue, Link, Owner, Values } from "../values"
import { link, NOW, pushing, rules } from "./fixtures"

const fabric: AttributeMapping = {
  entity: "product",
  erp: "x_fabric",
  target: "metadata:fabric",
  type: "text",
}
const length: AttributeMapping = {
  entity: "product",
  erp: "x_length",
  target: "length",
  type: "number",
}
const washable: AttributeMapping = {
  entity: "product",
  erp: "x_washable",
  target: "metadata:washable",
  type: "boolean",
}

interface Case {
  mapping?: AttributeMapping
  owner?: Owner
  erp: FieldValue
  medusa: FieldValue
  /** What both sides held when they last agreed; none by default. */
  base?: FieldValue
}

const decided = ({ mapping = fabric, owner = "erp", erp, medusa, base }: Case) => {
  const field = `attribute:${mapping.erp}`
  const based: Partial<Link> =
    base === undefined ? {} : { base_erp: { [field]: base }, base_medusa: { [field]: base } }
  const given = {
    ...rules({ ...pushing(), attributes: [mapping], owners: { [field]: owner } }),
  }
  const readings = attributeReadings(
    [mapping],
    "product",
    { [mapping.erp]: erp },
    { [mapping.target]: medusa },
  )
  const able = {
    ...given,
    push: { ...given.push, fields: { ...given.push.fields, product: new Set(["attribute"]) } },
  }
  const [plan] = planFields(able, link({ entity: "product", ...based }), readings, NOW)
  return plan?.decision
}

describe("a characteristic", () => {
  it("goes from the ERP to its place in the store, and back where both own it", () => {
    expect(decided({ erp: "Wool", medusa: null })).toMatchObject({ outcome: "write", to: "Wool" })
    expect(decided({ erp: "Wool", medusa: "Silk", base: "Wool", owner: "both" })).toMatchObject({
      outcome: "push",
      to: "Silk",
    })
  })

  it("is emptied on the other side when it is emptied on one", () => {
    expect(decided({ erp: null, medusa: "Wool", base: "Wool" })).toMatchObject({
      outcome: "write",
      to: null,
    })
    expect(decided({ erp: "Wool", medusa: null, base: "Wool", owner: "both" })).toMatchObject({
      outcome: "push",
      to: null,
    })
  })

  it("is the same number however it is written", () => {
    const given = { mapping: length, erp: "12.50", base: "12.5" }
    expect(decided({ ...given, medusa: "12.5" })).toEqual({ outcome: "unchanged" })
    expect(decided({ ...given, erp: "12.75", medusa: "12.5" })).toMatchObject({ to: "12.75" })
    expect(decided({ ...given, erp: "wide", medusa: "12.5" })).toMatchObject({ to: "wide" })
  })

  it("is yes or no, and nothing said is no", () => {
    expect(decided({ mapping: washable, erp: true, medusa: null })).toMatchObject({ to: true })
    expect(decided({ mapping: washable, erp: false, medusa: null })).toMatchObject({
      outcome: "agree",
    })
  })

  it("goes by the merchant's own functions, both ways", () => {
    const mapping: AttributeMapping = {
      ...fabric,
      to_store: (value) => String(value).toLowerCase(),
      to_erp: (value) => String(value).toUpperCase(),
    }
    expect(decided({ mapping, erp: "WOOL", medusa: null })).toMatchObject({ to: "wool" })
    expect(decided({ mapping, erp: "WOOL", medusa: "wool" })).toMatchObject({ outcome: "agree" })
    expect(
      decided({ mapping, erp: "WOOL", medusa: "silk", base: "WOOL", owner: "both" }),
    ).toMatchObject({ outcome: "push", to: "SILK" })
  })

  it("stays as it is where such a function throws, and says so", () => {
    const mapping: AttributeMapping = {
      ...fabric,
      to_store: () => {
        throw new Error("no such fabric")
      },
    }
    expect(decided({ mapping, erp: "Wool", medusa: null })).toEqual({
      outcome: "drift",
      reason: "transform_failed",
      message: "Its mapping failed: no such fabric",
    })
    expect(createdAttributes([mapping], "product", { x_fabric: "Wool" }).values).toEqual({})
  })
})

describe("the characteristics of a new record", () => {
  it("are those that its record names, with what each side holds", () => {
    const erp: Values = { x_fabric: "Wool", x_length: "1.50" }
    expect(createdAttributes([fabric, length, washable], "product", erp)).toEqual({
      values: { "metadata:fabric": "Wool", length: "1.5" },
      base_erp: { "attribute:x_fabric": "Wool", "attribute:x_length": "1.50" },
      base_medusa: { "attribute:x_fabric": "Wool", "attribute:x_length": "1.5" },
    })
    expect(createdAttributes([fabric], "variant", erp).values).toEqual({})
    expect(createdAttributes([fabric], "product", undefined).values).toEqual({})
  })
})
