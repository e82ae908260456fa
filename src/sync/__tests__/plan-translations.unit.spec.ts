import { ErpProduct } from "../canonical"
import { fieldRule } from "../field-rules"
import { createdTranslations } from "../plan-translations"
import { Rules } from "../rules"
import { isTranslation, translationOf } from "../translations"
import { Values } from "../values"
import { pushing } from "./fixtures"
import { bases, standing, values } from "./product-fixtures"

const NONE = { title: null, description: null }
const RULES = pushing({ languages: [{ locale: "fr-FR", erp: "fr_FR" }] })
const BUREAU = { "title:fr-FR": "Bureau", "description:fr-FR": null }

/** The plans of texts in further languages, by field; both sides last agreed on `BUREAU`. */
const texts = (
  erp: ErpProduct["translations"],
  translations: Values,
  changes: Partial<Rules> = {},
) => {
  const context = standing({ rules: { ...RULES, ...changes } })
  const { product } = context.links
  const { fields } = values({
    ...context,
    erp: { ...context.erp, ...(erp && { translations: erp }) },
    medusa: context.medusa && { ...context.medusa, translations },
    links: {
      ...context.links,
      product: product && {
        ...product,
        ...bases({ title: "Desk", description: null, ...BUREAU }),
      },
    },
  })
  return Object.fromEntries(
    fields
      .filter(({ field }) => isTranslation(field))
      .map(({ field, decision }) => [field, decision]),
  )
}

describe("the names of texts in further languages", () => {
  it.each([
    ["title:fr-FR", { text: "title", locale: "fr-FR" }],
    ["description:zh-Hans-CN", { text: "description", locale: "zh-Hans-CN" }],
    ["title", null],
    ["category:42", null],
    ["attribute:title", null],
    ["price:eur", null],
  ])("says of %s what it is", (field, parts) => {
    expect(translationOf(field)).toEqual(parts)
  })
})

describe("texts in further languages", () => {
  it("are merged one by one, each with a base of its own", () => {
    const erp = { "fr-FR": { title: "Pupitre", description: null } }
    const medusa = { "title:fr-FR": "Bureau", "description:fr-FR": "Massif" }
    expect(texts(erp, medusa)).toMatchObject({
      "title:fr-FR": { outcome: "write", to: "Pupitre", rule: "erp_changed" },
      "description:fr-FR": { outcome: "push", to: "Massif", rule: "medusa_changed" },
    })
  })

  it("go away on the other side too, unlike the title itself", () => {
    expect(texts({ "fr-FR": NONE }, BUREAU)["title:fr-FR"]).toMatchObject({
      ...{ outcome: "write", to: null },
    })
    const told = { "fr-FR": { title: "Bureau", description: null } }
    expect(texts(told, {})["title:fr-FR"]).toMatchObject({ outcome: "push", to: null })
    expect(fieldRule(RULES, "product", "title").blank_clears).toBe(false)
  })

  it("are the title's owner's, unless one says otherwise", () => {
    const owner = (owners: Rules["owners"], field: string, own = {}) =>
      fieldRule({ ...RULES, owners }, "product", field, field, own).owner
    expect(owner({}, "title:fr-FR")).toBe("both")
    expect(owner({ title: "erp" }, "title:fr-FR")).toBe("erp")
    expect(owner({ title: "erp", "title:fr-FR": "medusa" }, "title:fr-FR")).toBe("medusa")
    expect(owner({ title: "erp" }, "title:fr-FR", { title: "medusa" })).toBe("medusa")
  })

  it("are left alone where the ERP says nothing of any language", () => {
    expect(texts(undefined, { "title:fr-FR": "Mine" })).toEqual({})
  })

  it("wait in the store, and never vanish from it, while the ERP does not use the language", () => {
    expect(texts({}, BUREAU)).toEqual({
      "title:fr-FR": { outcome: "unchanged" },
      "description:fr-FR": { outcome: "unchanged" },
    })
    expect(texts({}, { "title:fr-FR": "Mine" })["title:fr-FR"]).toMatchObject({
      ...{ outcome: "pending", reason: "unsupported", value: "Mine" },
      message: expect.stringContaining("fr_FR"),
    })
    const owned = texts({}, { "title:fr-FR": "Mine" }, { owners: { title: "erp" } })
    expect(owned["title:fr-FR"]).toEqual({ outcome: "drift", reason: "foreign_edit" })
  })

  it("of no mapped language are not looked at", () => {
    const german = { title: "Tisch", description: null }
    expect(texts({ "de-DE": german }, BUREAU)).not.toHaveProperty("title:de-DE")
    expect(texts({ "fr-FR": NONE }, BUREAU, { languages: [] })).toEqual({})
  })

  it("that are missing on both sides are agreed on when a product is made", () => {
    expect(
      createdTranslations(RULES, "product", { "fr-FR": { title: "B", description: null } }),
    ).toEqual({ bases: { "description:fr-FR": null }, due: true })
    expect(createdTranslations(RULES, "product", { "fr-FR": NONE })).toEqual({
      bases: { "title:fr-FR": null, "description:fr-FR": null },
      due: false,
    })
    expect(createdTranslations(RULES, "product", undefined)).toEqual({ bases: {}, due: false })
  })
})
