import { updateProductsWorkflow } from "@medusajs/medusa/core-flows"
import { AttributeMapping } from "../../src/sync/attributes"
import { rows } from "./catalog-fixtures"
import { editProduct } from "./sync-merchant"
import { expectQuiet, openOf, openPushing, template } from "./sync-push"
import { findLink, journalOf, productOf, variantOf } from "./sync-readings"
import { addLine, makeAttribute, makeProduct, onlyVariant } from "./sync-shop"
import { CONNECTION, eventually, OpenStage, runWell, settle, Stage } from "./sync-stage"

const CARE: AttributeMapping = {
  entity: "product",
  erp: "description_purchase",
  target: "metadata:care",
  type: "text",
}
const FABRIC: AttributeMapping = {
  entity: "product",
  erp: "attribute:Fabric",
  target: "material",
  type: "text",
}
const TAGS: AttributeMapping = {
  entity: "product",
  erp: "product_tag_ids",
  target: "metadata:tags",
  type: "text",
}
const SERVED: AttributeMapping = {
  entity: "product",
  erp: "purchase_ok",
  target: "metadata:made to order",
  type: "boolean",
}
const VOLUME: AttributeMapping = {
  entity: "variant",
  erp: "volume",
  target: "length",
  type: "number",
}
const UNIT: AttributeMapping = {
  entity: "product",
  erp: "uom_id",
  target: "metadata:unit",
  type: "text",
}
const UNIT_ID: AttributeMapping = { ...UNIT, erp: "uom_id.id", target: "metadata:unit_id" }
const ALL = [CARE, FABRIC, TAGS, SERVED, VOLUME]

const metadataOf = async (stage: Stage, id: number): Promise<Record<string, unknown> | null> => {
  const product = await productOf(stage, id)
  const [row] = await rows<{ metadata: Record<string, unknown> | null }>(
    stage,
    "select metadata from product where id = ?",
    [product.id],
  )
  return row?.metadata ?? null
}

const saveMetadata = async (stage: Stage, id: number, metadata: Record<string, unknown>) => {
  const product = await productOf(stage, id)
  await updateProductsWorkflow(stage.container).run({
    input: { selector: { id: product.id }, update: { metadata } },
  })
}

/** Characteristics and custom fields that the options map. */
export const attributeTests = (open: OpenStage): void => {
  it("bring the unit that goods are sold in, by name and by id, and never write it back", async () => {
    const stage = await openPushing(open, {
      attributes: [UNIT, UNIT_ID],
      owners: { "attribute:uom_id.id": "both" },
    })
    const [box = 0, piece = 0] = ["Box of 12", "Bottle"].map((name) =>
      stage.world.create("uom.uom", { name, factor: 1 }),
    )
    const id = makeProduct(stage, { uom_id: box })
    await runWell(stage, "full")
    expect(await metadataOf(stage, id)).toEqual({ unit: "Box of 12", unit_id: String(box) })
    stage.world.write("product.template", id, { uom_id: piece })
    await runWell(stage)
    await settle(stage)
    expect(await metadataOf(stage, id)).toEqual({ unit: "Bottle", unit_id: String(piece) })
    await saveMetadata(stage, id, { unit_id: "99" })
    await eventually(async () => {
      await settle(stage)
      expect(await openOf(stage)).toMatchObject([
        { field: "attribute:uom_id.id", kind: "pending", reason: "unsupported" },
      ])
    })
    expect(template(stage, id)["uom_id"]).toBe(piece)
  })

  it("brings them to their place, follows them, and leaves what else stands there", async () => {
    const stage = await open({ options: { attributes: ALL } })
    const tag = stage.world.create("product.tag", { name: "Winter & more" })
    const id = makeProduct(stage, {
      description_purchase: "Wash cold",
      product_tag_ids: [[6, 0, [tag]]],
      volume: 1.25,
    })
    const fabric = makeAttribute(stage, "Fabric", ["Wool"], { create_variant: "no_variant" })
    addLine(stage, id, fabric)
    await runWell(stage, "full")
    expect(await metadataOf(stage, id)).toEqual({
      care: "Wash cold",
      tags: "Winter & more",
      "made to order": true,
    })
    expect((await productOf(stage, id)).attributes).toMatchObject({ material: "Wool" })
    const variant = await variantOf(stage, onlyVariant(stage, id))
    expect(variant.attributes).toMatchObject({ length: "1.25" })

    await saveMetadata(stage, id, { mine: { kept: [1] } })
    stage.world.write("product.template", id, {
      description_purchase: false,
      purchase_ok: false,
      volume: 2,
    })
    await runWell(stage, "delta")
    await settle(stage)
    expect(await metadataOf(stage, id)).toEqual({
      tags: "Winter & more",
      "made to order": false,
      mine: { kept: [1] },
    })
    const again = await variantOf(stage, onlyVariant(stage, id))
    expect(again.attributes).toMatchObject({ length: "2" })
    const quiet = await runWell(stage, "full")
    expect(quiet.counters).toMatchObject({ writes: 0, events: 0 })
  })

  it("carries what both own into the ERP, and says what cannot go there", async () => {
    const stage = await openPushing(open, {
      attributes: [CARE, TAGS, FABRIC],
      owners: {
        "attribute:description_purchase": "both",
        "attribute:product_tag_ids": "medusa",
      },
    })
    const id = makeProduct(stage, { description_purchase: "Wash cold" })
    const fabric = makeAttribute(stage, "Fabric", ["Wool"], { create_variant: "no_variant" })
    addLine(stage, id, fabric)
    await runWell(stage, "full")
    await saveMetadata(stage, id, { care: "Do not wash", tags: "Summer" })
    await eventually(async () => {
      await settle(stage)
      expect(template(stage, id)).toMatchObject({ description_purchase: "Do not wash" })
    })
    const journal = await journalOf(stage, "product", id, "attribute:description_purchase")
    expect(journal).toMatchObject([
      { from: "Wash cold", to: "Do not wash", rule: "medusa_changed" },
    ])
    expect(await openOf(stage)).toEqual([
      { field: "attribute:product_tag_ids", kind: "pending", reason: "unsupported" },
    ])
    await expectQuiet(stage)
  })

  it("goes on with the record's other fields where a function of the mapping throws", async () => {
    const failing: AttributeMapping = {
      ...CARE,
      to_store: (value) => {
        if (value === "bad") {
          throw new Error("no such care")
        }
        return value
      },
    }
    const stage = await open({ options: { attributes: [failing] } })
    const id = makeProduct(stage, { description_purchase: "bad", name: "Lamp" })
    await runWell(stage, "full")
    expect((await productOf(stage, id)).title).toBe("Lamp")
    expect(await metadataOf(stage, id)).toBeNull()
    stage.world.write("product.template", id, { name: "Lamp two" })
    await runWell(stage, "full")
    expect((await productOf(stage, id)).title).toBe("Lamp two")
    expect(await openOf(stage)).toEqual([
      { field: "attribute:description_purchase", kind: "drift", reason: "transform_failed" },
    ])
    stage.world.write("product.template", id, { description_purchase: "good" })
    await runWell(stage, "delta")
    expect(await metadataOf(stage, id)).toEqual({ care: "good" })
    expect(await openOf(stage)).toEqual([])
    expect(await findLink(stage, "product", id)).toBeDefined()
  })

  it("says at once which field the ERP does not have, and syncs the rest", async () => {
    const unknown: AttributeMapping = { ...CARE, erp: "x_nowhere" }
    const stage = await open({ options: { attributes: [unknown] } })
    const id = makeProduct(stage)
    await stage.sync.check(CONNECTION)
    const connection = await stage.sync.connection(CONNECTION)
    const item = connection?.checks.find(({ code }) => code === "attributes")
    expect(item).toMatchObject({ ok: false, message: expect.stringContaining('"x_nowhere"') })
    await runWell(stage, "full")
    await editProduct(stage, id, { title: "Mine" })
    expect(await metadataOf(stage, id)).toBeNull()
  })
}
