import {
  createAndLinkProductOptionsToProductWorkflow,
  createProductVariantsWorkflow,
  deleteProductVariantsWorkflow,
  updateProductOptionsWorkflow,
  updateProductOptionValuesWorkflow,
} from "@medusajs/medusa/core-flows"
import { ConnectionOptions } from "../../src/modules/erp/options"
import { given, rows } from "./catalog-fixtures"
import { journalOf, parkedOf, productOf } from "./sync-readings"
import { addLine, Attribute, changeLine, makeAttribute, makeProduct, variantsOf } from "./sync-shop"
import { eventually, OpenStage, runWell, settle, Stage } from "./sync-stage"
import { expectQuiet, openOf, openPushing, product } from "./sync-push"

interface Scene {
  stage: Stage
  id: number
  colour: Attribute
}

/** A linked product of two colours, in a store that creates what the ERP lacks. */
const coloured = async (
  open: OpenStage,
  options: Partial<ConnectionOptions> = { push: { create: true, stock: false } },
  attribute: { create_variant: string } = { create_variant: "always" },
): Promise<Scene> => {
  const stage = await openPushing(open, options)
  const colour = makeAttribute(stage, "Colour", ["White", "Black"], attribute)
  const id = makeProduct(stage, { default_code: false })
  addLine(stage, id, colour)
  await runWell(stage, "full")
  return { stage, id, colour }
}

const addOptions = async (
  { container }: Stage,
  product_id: string,
  change: {
    add?: { title: string; values: string[]; is_exclusive: boolean }[]
    update?: { product_option_id: string; add: { value: string }[] }[]
  },
): Promise<void> => {
  await createAndLinkProductOptionsToProductWorkflow(container).run({
    input: { product_id, ...change },
  })
}

/** What the admin's dialogue for a new variant saves: the option's new value first. */
const addVariant = async (
  { stage, id }: Pick<Scene, "stage" | "id">,
  value: string,
  vals: { sku?: string; barcode?: string; title?: string; prices?: number } = {},
): Promise<string> => {
  const { id: productId, options } = await productOf(stage, id)
  const option = given(options[0])
  await addOptions(stage, productId, {
    update: [{ product_option_id: option.id, add: [{ value }] }],
  })
  const { result } = await createProductVariantsWorkflow(stage.container).run({
    input: {
      product_variants: [
        {
          product_id: productId,
          title: vals.title ?? value,
          options: { [option.title]: value },
          ...(vals.sku !== undefined && { sku: vals.sku }),
          ...(vals.barcode !== undefined && { barcode: vals.barcode }),
          prices: [{ currency_code: "usd", amount: vals.prices ?? 10 }],
        },
      ],
    },
  })
  return given(result[0]).id
}

/** Variants of the template that Odoo sells, by the names of their values. */
const soldIn = ({ world }: Stage, id: number): string[] =>
  world
    .read("product.product", world.search("product.product", [["product_tmpl_id", "=", id]]), [
      "display_name",
    ])
    .map((row) => /\((.*)\)/.exec(String(row["display_name"]))?.[1] ?? "")
    .sort()

const liveVariants = async (stage: Stage, id: number) =>
  (await productOf(stage, id)).variants.filter(({ deleted }) => !deleted)

const linkedIn = async (stage: Stage, variant: string): Promise<number> => {
  const [link] = await rows<{ erp_id: string }>(
    stage,
    "select erp_id from erp_link where entity = 'variant' and state = 'linked' and medusa_id = ?",
    [variant],
  )
  return Number(given(link).erp_id)
}

/** What was announced cannot arrive any more, as some minutes later. */
const requestsEnd = (stage: Stage) =>
  rows(
    stage,
    `update erp_link set kept = (
       select jsonb_object_agg(key, case when key like 'announced:%'
         then to_jsonb(regexp_replace(value #>> '{}', '^."[^"]*"', '["2000-01-01T00:00:00Z"'))
         else value end) from jsonb_each(kept))
     where kept::text like '%announced:%' returning id`,
  )

export const pushVariantTests = (open: OpenStage): void => {
  it("creates a new variant of a linked product in the ERP, once, and no other", async () => {
    const scene = await coloured(open)
    const { stage, id } = scene
    const [white = 0] = variantsOf(stage, id)
    // What Odoo's user took out of sale stays there.
    stage.world.archive("product.product", white)
    await runWell(stage)
    await settle(stage)
    const variant = await addVariant(scene, "Red", { sku: "LAMP-RED", title: "The red one" })
    await eventually(async () => {
      await settle(stage)
      expect(await linkedIn(stage, variant)).toBeGreaterThan(0)
    })
    const made = await linkedIn(stage, variant)
    expect(product(stage, made)).toMatchObject({ default_code: "LAMP-RED", active: true })
    expect(soldIn(stage, id)).toEqual(["Black", "Red"])
    expect(product(stage, white)["active"]).toBe(false)
    const live = await liveVariants(stage, id)
    expect(live).toHaveLength(3)
    expect(live.find((entry) => entry.id === variant)).toMatchObject({ title: "The red one" })
    expect(await journalOf(stage, "variant", made, "*")).toMatchObject([
      { kind: "create", to: "The red one", rule: "created_in_medusa" },
    ])
    expect(await openOf(stage)).toEqual([])
    expect(await parkedOf(stage)).toEqual([])
    await expectQuiet(stage)
    expect(await liveVariants(stage, id)).toHaveLength(3)
  })

  it.each([1, 2, 3])(
    "doubles nothing when the reply of a new variant's call %i is lost, whoever meets it first",
    async (lost) => {
      const scene = await coloured(open)
      const { stage, id } = scene
      stage.erp.faults.add({
        kind: "reset",
        match: /attribute\.value\.create|template\.web_save|product\.product\.load/,
        after: lost - 1,
        when: "after",
      })
      const variant = await addVariant(scene, "Red", { sku: "LAMP-RED" })
      await eventually(async () => {
        await requestsEnd(stage)
        await settle(stage)
        expect(stage.erp.faults.hits["reset"]).toBe(1)
      })
      await runWell(stage, "full")
      await settle(stage)
      expect(await linkedIn(stage, variant)).toBeGreaterThan(0)
      expect(soldIn(stage, id)).toEqual(["Black", "Red", "White"])
      expect(await liveVariants(stage, id)).toHaveLength(3)
      expect(await openOf(stage)).toEqual([])
      await expectQuiet(stage)
    },
  )

  it("makes variants on demand where Odoo does, with values that are there and values that are not", async () => {
    const push = { create: true, stock: false }
    const scene = await coloured(open, { push }, { create_variant: "dynamic" })
    const { stage, id } = scene
    const [value = 0] = stage.world.search("product.template.attribute.value", [
      ["product_tmpl_id", "=", id],
    ])
    stage.world.create("product.product", {
      product_tmpl_id: id,
      product_template_attribute_value_ids: [[6, 0, [value]]],
    })
    await runWell(stage)
    await settle(stage)
    const variant = await addVariant(scene, "Red")
    await eventually(async () => {
      await settle(stage)
      expect(await linkedIn(stage, variant)).toBeGreaterThan(0)
    })
    expect(soldIn(stage, id)).toEqual(["Red", "White"])
    await expectQuiet(stage)
  })

  it("links a variant that both sides added, instead of making it twice", async () => {
    const scene = await coloured(open, { push: { create: false, stock: false } })
    const { stage, id, colour } = scene
    const variant = await addVariant(scene, "Red", { title: "The red one" })
    await eventually(async () => {
      await settle(stage)
      expect(await openOf(stage)).toMatchObject([
        { field: `variant:${variant}`, kind: "pending", reason: "create_off" },
      ])
    })
    const red = stage.world.create("product.attribute.value", {
      name: "Red",
      attribute_id: colour.id,
    })
    changeLine(stage, id, colour, [...colour.values, red])
    await runWell(stage)
    await settle(stage)
    expect(await linkedIn(stage, variant)).toBe(Math.max(...variantsOf(stage, id)))
    const live = await liveVariants(stage, id)
    expect(live).toHaveLength(3)
    expect(live.find((entry) => entry.id === variant)?.title).toBe("The red one")
    expect(await openOf(stage)).toEqual([])
    expect(await parkedOf(stage)).toEqual([])
    await expectQuiet(stage)
  })

  it("keeps a variant pending that the ERP cannot take, and says why, until it can", async () => {
    const stage = await openPushing(open, {
      push: { create: true, stock: false },
      owners: { price: "both" },
    })
    const colour = makeAttribute(stage, "Colour", ["White", "Black"])
    const id = makeProduct(stage, { default_code: false })
    addLine(stage, id, colour)
    await runWell(stage, "full")
    const variant = await addVariant({ stage, id }, "Gold", { prices: 99 })
    await eventually(async () => {
      await settle(stage)
      const [open, ...others] = await rows<{ field: string; reason: string; message: string }>(
        stage,
        "select field, reason, message from erp_difference",
      )
      expect(others).toEqual([])
      expect(open).toMatchObject({ field: `variant:${variant}`, reason: "unsupported" })
      expect(given(open).message).toContain("one price for the whole product")
    })
    expect(soldIn(stage, id)).toEqual(["Black", "White"])
    await expectQuiet(stage)
    await deleteProductVariantsWorkflow(stage.container).run({ input: { ids: [variant] } })
    await runWell(stage, "full")
    await settle(stage)
    expect((await openOf(stage)).map(({ field }) => field.split(":")[0])).toEqual(["value"])
  })

  it("lists options, values and names that cannot go to the ERP", async () => {
    const { stage, id } = await coloured(open)
    const { id: productId, options } = await productOf(stage, id)
    const option = given(options[0])
    const white = given(option.values.find(({ value }) => value === "White"))
    await updateProductOptionsWorkflow(stage.container).run({
      input: { selector: { id: option.id }, update: { title: "Shade" } },
    })
    await updateProductOptionValuesWorkflow(stage.container).run({
      input: { id: white.id, update: { value: "Ivory" } },
    })
    await addOptions(stage, productId, {
      add: [{ title: "Size", values: ["S", "L"], is_exclusive: true }],
      update: [{ product_option_id: option.id, add: [{ value: "Green" }] }],
    })
    await eventually(async () => {
      await settle(stage)
      const open = await openOf(stage)
      expect(open.map(({ field }) => field.split(":")[0])).toEqual([
        ...["option", "title", "title", "value"],
      ])
      expect(new Set(open.map(({ kind, reason }) => `${kind} ${reason}`))).toEqual(
        new Set(["pending unsupported"]),
      )
    })
    expect(soldIn(stage, id)).toEqual(["Black", "White"])
    await expectQuiet(stage)
    await updateProductOptionsWorkflow(stage.container).run({
      input: { selector: { id: option.id }, update: { title: "Colour" } },
    })
    await eventually(async () => {
      await settle(stage)
      expect((await openOf(stage)).filter(({ field }) => field === "title")).toHaveLength(1)
    })
  })

  it("gives options and values back their names where the ERP owns them", async () => {
    const { stage, id } = await coloured(open, { owners: { option_title: "erp" } })
    const option = given((await productOf(stage, id)).options[0])
    await updateProductOptionsWorkflow(stage.container).run({
      input: { selector: { id: option.id }, update: { title: "Shade" } },
    })
    await eventually(async () => {
      await settle(stage)
      expect((await productOf(stage, id)).options.map(({ title }) => title)).toEqual(["Colour"])
    })
    expect(await openOf(stage)).toEqual([])
    await expectQuiet(stage)
  })
}
