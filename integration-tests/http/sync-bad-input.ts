import { Json } from "../erp/odoo"
import { given } from "./catalog-fixtures"
import { findLink, parkedOf, productOf } from "./sync-readings"
import { makeProduct, onlyVariant } from "./sync-shop"
import { OpenStage, runWell, settle, Stage } from "./sync-stage"

/** What the ERP sends for one field of a record, and what has to be said about it. */
interface Lie {
  what: string
  /** A field of the template, or one of its variant. */
  of?: "variant"
  field: string
  value: Json
  /** Where the record parks; `*id*` is the variant's. */
  at: string
  shown: string
}

const LONG = "x".repeat(10_000_000)

const LIES: Lie[] = [
  { what: "no name", field: "name", value: null, at: "title", shown: "null" },
  { what: "an object for a name", field: "name", value: { en: "Desk" }, at: "title", shown: "en" },
  { what: "a name of ten megabytes", field: "name", value: LONG, at: "title", shown: "xxx" },
  { what: "a bell in a name", field: "name", value: "Ding\u0007", at: "title", shown: "Ding" },
  { what: "a NUL in a name", field: "name", value: "Null\u0000", at: "title", shown: "Null" },
  { what: "half a character", field: "name", value: "Half \ud83d", at: "title", shown: "Half" },
  { what: "a text for a flag", field: "active", value: "yes", at: "active", shown: "yes" },
  {
    what: "a description of ten megabytes",
    field: "description_sale",
    value: LONG,
    at: "description",
    shown: "xxx",
  },
  {
    what: "a name for a category",
    field: "categ_id",
    value: "Desks",
    at: "category_ids",
    shown: "",
  },
  {
    what: "no list of variants",
    field: "product_variant_ids",
    value: "none",
    at: "variants",
    shown: "none",
  },
  {
    what: "no list of options",
    field: "attribute_line_ids",
    value: null,
    at: "options",
    shown: "null",
  },
  {
    what: "a number for a SKU",
    of: "variant",
    field: "default_code",
    value: 17,
    at: "variants.*id*.sku",
    shown: "17",
  },
  {
    what: "a list for a barcode",
    of: "variant",
    field: "barcode",
    value: ["1"],
    at: "variants.*id*.barcode",
    shown: "1",
  },
  {
    what: "a word for a weight",
    of: "variant",
    field: "weight",
    value: "heavy",
    at: "variants.*id*.weight.value",
    shown: "heavy",
  },
]

const PRICES: Pick<Lie, "what" | "value" | "shown">[] = [
  { what: "a negative price", value: -5, shown: "-5" },
  { what: "a price that is no number", value: "NaN", shown: "NaN" },
  { what: "a word for a price", value: "ten", shown: "ten" },
  { what: "no price", value: null, shown: "null" },
  { what: "a list for a price", value: [1, 2], shown: "1" },
]

/** Records that an ERP sends broken: each is named with its field, and nothing else suffers. */
export const badRecordTests = (open: OpenStage): void => {
  it.each(LIES)("parks $what of a known and of a new product, and heals", async (lie) => {
    const stage = await open()
    const known = makeProduct(stage, { name: "Known" })
    const other = makeProduct(stage, { name: "Other" })
    await runWell(stage, "full")
    const fresh = makeProduct(stage, { name: "Fresh" })
    stage.world.write("product.template", known, { name: "Known, renamed" })
    stage.world.write("product.template", other, { name: "Other, renamed" })
    const undo = tell(stage, [known, fresh], lie)

    await runWell(stage)
    await runWell(stage, "full")
    await settle(stage)
    expect(await productOf(stage, other)).toMatchObject({ title: "Other, renamed" })
    expect(await productOf(stage, known)).toMatchObject({ title: "Known", status: "published" })
    expect(await findLink(stage, "product", fresh)).toBeNull()
    expect(await parkedOf(stage)).toEqual(
      expect.arrayContaining([parkedAs(stage, known, lie), parkedAs(stage, fresh, lie)]),
    )
    // A product whose variants cannot be listed has no images that can be read, either.
    const parked = (await parkedOf(stage)).map(({ stream }) => stream)
    const images = lie.at === "variants" ? ["images", "images"] : []
    expect(parked.sort()).toEqual([...images, "products", "products"])

    undo()
    await runWell(stage)
    await settle(stage)
    expect(await productOf(stage, known)).toMatchObject({ title: "Known, renamed" })
    expect(await productOf(stage, fresh)).toMatchObject({ title: "Fresh" })
    expect(await parkedOf(stage)).toEqual([])
  })

  it.each(PRICES)("parks $what alone: the rest of the product goes on", async (lie) => {
    const stage = await open()
    const known = makeProduct(stage, { name: "Known", list_price: 20 })
    await runWell(stage, "full")
    const fresh = makeProduct(stage, { name: "Fresh", list_price: 30 })
    stage.world.write("product.template", known, { name: "Known, renamed", list_price: 25 })
    const undo = tell(stage, [known, fresh], { ...lie, of: "variant", field: "lst_price" })

    await runWell(stage)
    await settle(stage)
    expect(await productOf(stage, known)).toMatchObject({
      title: "Known, renamed",
      status: "published",
      variants: [{ prices: [{ currency: "usd", amount: "20" }] }],
    })
    expect(await productOf(stage, fresh)).toMatchObject({ variants: [{ prices: [] }] })
    const parked = await parkedOf(stage)
    for (const id of [known, fresh]) {
      expect(parked).toContainEqual(
        expect.objectContaining({
          erp_id: String(id),
          field: `variants.${onlyVariant(stage, id)}.prices.list.amount`,
          value: expect.stringContaining(lie.shown),
          remedy: expect.stringContaining(`(id ${id}) in Odoo`),
        }),
      )
    }

    undo()
    await runWell(stage)
    await settle(stage)
    expect(await productOf(stage, known)).toMatchObject({
      variants: [{ prices: [{ currency: "usd", amount: "25" }] }],
    })
    expect(await productOf(stage, fresh)).toMatchObject({
      variants: [{ prices: [{ currency: "usd", amount: "30" }] }],
    })
    expect(await parkedOf(stage)).toEqual([])
  })
}

const parkedAs = (stage: Stage, id: number, { at, shown }: Lie): unknown =>
  expect.objectContaining({
    stream: "products",
    erp_id: String(id),
    reason: "invalid",
    field: at.replace("*id*", String(onlyVariant(stage, id))),
    value: expect.stringContaining(shown),
    remedy: expect.stringContaining(`(id ${id}) in Odoo`),
  })

/** From now on the ERP sends this value for these products, in every answer. Answers the end of it. */
const tell = (
  stage: Stage,
  templates: number[],
  { of, field, value }: Pick<Lie, "of" | "field" | "value">,
): (() => void) => {
  const ids = of === "variant" ? templates.map((id) => onlyVariant(stage, id)) : templates
  const mark = of === "variant" ? "lst_price" : "product_variant_ids"
  return stage.erp.faults.add({
    kind: "mutate",
    match: /^product\.(template|product)\.web_search_read$/,
    times: 100_000,
    change: (result) =>
      given(
        JSON.parse(JSON.stringify(result), (_key, part: unknown) =>
          isRow(part) && ids.includes(part.id) && mark in part ? { ...part, [field]: value } : part,
        ),
      ),
  })
}

const isRow = (value: unknown): value is { id: number } =>
  typeof value === "object" && value !== null && "id" in value && typeof value.id === "number"
