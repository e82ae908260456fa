import type { OdooSimulator, World } from ".."
import { emptyShop, mainStock, productWith, variantsOf, VERSIONS } from "./shop"

const LINE = "product.template.attribute.line"

describe.each(VERSIONS)("variants and attribute lines, Odoo %i", (version) => {
  let simulator: OdooSimulator
  let world: World
  let color: number
  let size: number
  let colors: [number, number, number]
  let sizes: [number, number]

  beforeAll(async () => {
    const shop = await emptyShop(version)
    ;({ simulator, world, color } = shop)
    colors = shop.values
    size = world.create("product.attribute", { name: "Size", sequence: 5 })
    const value = (name: string) =>
      world.create("product.attribute.value", { name, attribute_id: size })
    sizes = [value("Small"), value("Large")]
  })
  afterAll(() => simulator.close())

  const lineOf = (template: number, attribute = color): number =>
    world.search(LINE, [
      ["product_tmpl_id", "=", template],
      ["attribute_id", "=", attribute],
    ])[0] ?? 0

  const addLine = (template: number, attribute: number, values: readonly number[]) =>
    world.write("product.template", template, {
      attribute_line_ids: [[0, 0, { attribute_id: attribute, value_ids: [[6, 0, values]] }]],
    })

  const active = (template: number) =>
    world.search("product.product", [["product_tmpl_id", "=", template]])

  it("makes one variant per combination and names it in brackets", () => {
    const id = productWith(world, version, color, colors.slice(0, 2))
    addLine(id, size, sizes)
    const rows = world.read("product.product", active(id), ["display_name"])
    expect(rows.map((row) => row["display_name"]).sort()).toEqual([
      "Mug (Black, Large)",
      "Mug (Black, Small)",
      "Mug (White, Large)",
      "Mug (White, Small)",
    ])
  })

  it("keeps the ids of combinations that stay, with a value more or less", () => {
    const id = productWith(world, version, color, colors.slice(0, 2))
    const before = variantsOf(world, id)
    world.write(LINE, lineOf(id), { value_ids: [[4, colors[2]]] })
    expect(variantsOf(world, id).slice(0, 2)).toEqual(before)
    world.write(LINE, lineOf(id), { value_ids: [[3, colors[2]]] })
    expect(variantsOf(world, id)).toEqual(before)
  })

  it("gives all variants new ids when a second line offers a choice", () => {
    const id = productWith(world, version, color, colors.slice(0, 2))
    const before = variantsOf(world, id)
    addLine(id, size, sizes)
    const after = variantsOf(world, id)
    expect(after).toHaveLength(4)
    expect(after.filter((variant) => before.includes(variant))).toEqual([])
  })

  it("keeps the ids when the new line has a single value", () => {
    const id = productWith(world, version, color, colors.slice(0, 2))
    const before = variantsOf(world, id)
    addLine(id, size, sizes.slice(0, 1))
    expect(variantsOf(world, id)).toEqual(before)
    const [row] = world.read("product.product", before, ["product_template_attribute_value_ids"])
    expect(row?.["product_template_attribute_value_ids"]).toHaveLength(2)
    // A value without an alternative is not part of the name.
    const names = world.read("product.product", before, ["display_name"])
    expect(names.map((name) => name["display_name"])).toEqual(["Mug (White)", "Mug (Black)"])
  })

  it("archives instead of deleting what stock moves refer to, with its value", () => {
    const id = productWith(world, version, color, colors.slice(0, 2))
    const [used = 0, unused = 0] = variantsOf(world, id)
    world.setStock(used, mainStock(world), 3)
    addLine(id, size, sizes)
    expect(world.row("product.product", used)?.["active"]).toBe(false)
    expect(world.row("product.product", unused)).toBeUndefined()
    expect(active(id)).toHaveLength(4)
  })

  it("archives the removed value when an archived variant holds it, and takes both up again", () => {
    const id = productWith(world, version, color, colors)
    const [first = 0] = variantsOf(world, id)
    world.setStock(first, mainStock(world), 3)
    const [ptav = 0] = world.search("product.template.attribute.value", [
      ["product_tmpl_id", "=", id],
    ])
    world.write(LINE, lineOf(id), { value_ids: [[3, colors[0]]] })
    expect(world.row("product.product", first)?.["active"]).toBe(false)
    expect(world.row("product.template.attribute.value", ptav)?.["ptav_active"]).toBe(false)
    world.write(LINE, lineOf(id), { value_ids: [[4, colors[0]]] })
    expect(world.row("product.product", first)?.["active"]).toBe(true)
    expect(world.row("product.template.attribute.value", ptav)?.["ptav_active"]).toBe(true)
  })

  it("brings back a deleted combination, with a new id, at the next touch of the lines", () => {
    const id = productWith(world, version, color, colors.slice(0, 2))
    const [first = 0] = variantsOf(world, id)
    world.unlink("product.product", first)
    expect(variantsOf(world, id)).toHaveLength(1)
    world.write(LINE, lineOf(id), { value_ids: [[4, colors[2]]] })
    expect(variantsOf(world, id)).toHaveLength(3)
    expect(variantsOf(world, id)).not.toContain(first)
  })

  it("activates archived variants again at any touch of the lines", () => {
    const id = productWith(world, version, color, colors.slice(0, 2))
    const [first = 0] = variantsOf(world, id)
    world.write("product.product", first, { active: false })
    world.write(LINE, lineOf(id), { value_ids: [[4, colors[2]]] })
    expect(world.row("product.product", first)?.["active"]).toBe(true)
  })

  it("activates archived variants again when the product is archived and restored", () => {
    const id = productWith(world, version, color, colors.slice(0, 2))
    const [first = 0] = variantsOf(world, id)
    world.archive("product.product", first)
    world.archive("product.template", id)
    expect(active(id)).toEqual([])
    world.unarchive("product.template", id)
    expect(active(id)).toHaveLength(2)
  })

  it("archives the product with its last variant by the action, not by a write", () => {
    const byAction = productWith(world, version, color, colors.slice(0, 1))
    world.archive("product.product", variantsOf(world, byAction))
    expect(world.row("product.template", byAction)?.["active"]).toBe(false)
    const byWrite = productWith(world, version, color, colors.slice(0, 1))
    world.write("product.product", variantsOf(world, byWrite), { active: false })
    expect(world.row("product.template", byWrite)?.["active"]).toBe(true)
  })

  it("deletes the product with its last variant", () => {
    const id = world.create("product.template", { name: "Single" })
    world.unlink("product.product", variantsOf(world, id))
    expect(world.row("product.template", id)).toBeUndefined()
  })

  it("makes no variants for a dynamic attribute until one is asked for", () => {
    const length = world.create("product.attribute", { name: "Length", create_variant: "dynamic" })
    const value = world.create("product.attribute.value", { name: "1 m", attribute_id: length })
    const id = productWith(world, version, length, [value])
    const [row] = world.read("product.template", id, [
      "product_variant_id",
      "product_variant_count",
    ])
    expect(row).toMatchObject({ product_variant_id: false, product_variant_count: 0 })
    const [ptav = 0] = world.search("product.template.attribute.value", [
      ["product_tmpl_id", "=", id],
    ])
    const vals = { product_tmpl_id: id, product_template_attribute_value_ids: [[6, 0, [ptav]]] }
    const variant = world.create("product.product", vals)
    expect(variantsOf(world, id)).toEqual([variant])
    expect(() => world.create("product.product", vals)).toThrow("already exists")
  })

  it("keeps attributes of mode no_variant out of the variants", () => {
    const engraving = world.create("product.attribute", {
      name: "Engraving",
      create_variant: "no_variant",
    })
    const values = ["None", "Initials"].map((name) =>
      world.create("product.attribute.value", { name, attribute_id: engraving }),
    )
    const id = productWith(world, version, engraving, values)
    const variants = world.read("product.product", variantsOf(world, id), [
      "product_template_attribute_value_ids",
      "combination_indices",
    ])
    expect(variants).toEqual([
      expect.objectContaining({
        product_template_attribute_value_ids: [],
        combination_indices: "",
      }),
    ])
  })

  it("refuses a thousand variants and more, and rolls everything back", () => {
    const wide = world.create("product.attribute", { name: "Wide" })
    const values = Array.from({ length: 40 }, (_, at) =>
      world.create("product.attribute.value", { name: `W${at}`, attribute_id: wide }),
    )
    const deep = world.create("product.attribute", { name: "Deep" })
    const others = Array.from({ length: 30 }, (_, at) =>
      world.create("product.attribute.value", { name: `D${at}`, attribute_id: deep }),
    )
    const id = productWith(world, version, wide, values)
    expect(() => addLine(id, deep, others)).toThrow("above allowed limit")
    expect(variantsOf(world, id)).toHaveLength(40)
  })

  it("does not change how an attribute in use makes variants", () => {
    productWith(world, version, color, colors)
    expect(() => world.write("product.attribute", color, { create_variant: "dynamic" })).toThrow(
      "because it is used on the following products",
    )
    expect(() => world.unlink("product.attribute", color)).toThrow("used on the following products")
    expect(() => world.unlink("product.attribute.value", colors[0])).toThrow("used on products")
  })
})
