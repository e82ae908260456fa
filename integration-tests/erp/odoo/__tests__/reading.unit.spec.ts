import type { Json, OdooSimulator, World } from ".."
import { emptyShop, goods, mainStock, productWith, variantsOf } from "./shop"

const TEMPLATE = "product.template"

describe("reading", () => {
  let simulator: OdooSimulator
  let world: World
  let mug: number
  let lamp: number
  let hidden: number
  let above: number
  let below: number
  let tag: number

  beforeAll(async () => {
    const shop = await emptyShop(19)
    ;({ simulator, world } = shop)
    above = world.create("product.category", { name: "House" })
    below = world.create("product.category", { name: "Kitchen", parent_id: above })
    tag = world.create("product.tag", { name: "New" })
    mug = productWith(world, 19, shop.color, shop.values.slice(0, 2))
    world.write(TEMPLATE, mug, { categ_id: below, product_tag_ids: [[6, 0, [tag]]], sequence: 3 })
    lamp = world.create(TEMPLATE, {
      name: "Lamp",
      categ_id: above,
      list_price: 40,
      sequence: 2,
      default_code: "L-1",
      ...goods(19),
    })
    hidden = world.create(TEMPLATE, { name: "Hidden", active: false, list_price: 0, sequence: 1 })
    world.setStock(variantsOf(world, lamp)[0] ?? 0, mainStock(world), 5)
  })
  afterAll(() => simulator.close())

  const find = (domain: Json, context = {}) => world.search(TEMPLATE, domain, context)

  it("answers pairs for links, bare ids on request, false for nothing", () => {
    const fields = ["categ_id", "default_code", "description_sale", "product_tag_ids", "active"]
    expect(world.read(TEMPLATE, [mug, hidden], fields)).toEqual([
      {
        id: mug,
        categ_id: [below, "House / Kitchen"],
        default_code: false,
        description_sale: false,
        product_tag_ids: [tag],
        active: true,
      },
      expect.objectContaining({ id: hidden, categ_id: false, product_tag_ids: [], active: false }),
    ])
    for (const load of ["", null]) {
      expect(world.call(TEMPLATE, "read", { ids: [mug], fields: ["categ_id"], load })).toEqual([
        { id: mug, categ_id: below },
      ])
    }
  })

  it("reads all fields when none is named", () => {
    const [row] = world.read(TEMPLATE, mug, [])
    expect(Object.keys(row ?? {}).length).toBeGreaterThan(100)
  })

  it("lists variants of an archived product only with active_test off, in the outer context", () => {
    const read = (specification: Json, context = {}) =>
      world.call(TEMPLATE, "web_read", { ids: [hidden], specification, context })
    const inside = { product_variant_ids: { context: { active_test: false }, fields: { id: {} } } }
    expect(read({ product_variant_ids: {} })).toEqual([{ id: hidden, product_variant_ids: [] }])
    expect(read(inside)).toEqual([{ id: hidden, product_variant_ids: [] }])
    const [variant = 0] = variantsOf(world, hidden)
    expect(read(inside, { active_test: false })).toEqual([
      { id: hidden, product_variant_ids: [{ id: variant }] },
    ])
  })

  it("forgets active_test for lists in a search_read, unlike in a read", () => {
    const context = { active_test: false }
    const fields = ["product_variant_ids"]
    const domain = [["id", "=", hidden]]
    expect(world.call(TEMPLATE, "search_read", { domain, fields, context })).toEqual([
      { id: hidden, product_variant_ids: [] },
    ])
    expect(world.read(TEMPLATE, hidden, fields, context)).toEqual([
      { id: hidden, product_variant_ids: variantsOf(world, hidden) },
    ])
  })

  it("nests as deep as it is asked", () => {
    expect(
      world.call(TEMPLATE, "web_search_read", {
        domain: [["id", "=", mug]],
        specification: {
          name: {},
          categ_id: { fields: { display_name: {}, parent_id: { fields: { name: {} } } } },
          uom_id: {},
          company_id: {},
          attribute_line_ids: { fields: { attribute_id: { fields: { name: {} } } } },
          product_variant_ids: { fields: { display_name: {} }, limit: 1 },
        },
      }),
    ).toEqual({
      length: 1,
      records: [
        {
          id: mug,
          name: "Mug",
          categ_id: {
            id: below,
            display_name: "House / Kitchen",
            parent_id: { id: above, name: "House" },
          },
          uom_id: 1,
          company_id: false,
          attribute_line_ids: [{ id: 1, attribute_id: { id: 1, name: "Color" } }],
          product_variant_ids: [{ id: 1, display_name: "Mug (White)" }, { id: 2 }],
        },
      ],
    })
  })

  it("counts beyond the page, up to count_limit", () => {
    const page = (options: Readonly<Record<string, Json>>) =>
      world.call(TEMPLATE, "web_search_read", { domain: [], specification: {}, ...options })
    expect(page({ limit: 1 })).toMatchObject({ length: 2, records: [{}] })
    expect(page({ limit: 1, count_limit: 1 })).toMatchObject({ length: 1 })
    expect(page({ offset: 1, limit: 5 })).toMatchObject({ length: 2, records: [{}] })
  })

  it("honours the attributes of fields_get", () => {
    expect(
      world.call(TEMPLATE, "fields_get", {
        allfields: ["categ_id"],
        attributes: ["type", "relation"],
      }),
    ).toEqual({ categ_id: { type: "many2one", relation: "product.category" } })
  })

  it("keeps attachments of fields hidden unless the domain names res_field", () => {
    const pixel =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    world.write(TEMPLATE, lamp, { image_1920: pixel })
    const base = [
      ["res_model", "=", TEMPLATE],
      ["res_id", "=", lamp],
    ]
    expect(world.search("ir.attachment", base)).toEqual([])
    const found = world.search("ir.attachment", [...base, ["res_field", "=", "image_1920"]])
    expect(world.read("ir.attachment", found, ["checksum", "mimetype", "file_size"])).toEqual([
      {
        id: found[0],
        checksum: expect.stringMatching(/^[0-9a-f]{40}$/),
        mimetype: "image/png",
        file_size: expect.any(Number),
      },
    ])
    const sizes = world.read(TEMPLATE, lamp, ["image_1920"], { bin_size: true })
    expect(sizes[0]?.["image_1920"]).toMatch(/^\d+\.\d\d bytes$/)
    const [variant = 0] = variantsOf(world, lamp)
    expect(world.read("product.product", variant, ["image_1920"])[0]?.["image_1920"]).toBe(pixel)
  })

  it("translates, falling back to the source text", () => {
    world.write(TEMPLATE, lamp, { name: "Leuchte" }, { lang: "de_DE" })
    const name = (context: Readonly<Record<string, Json>>) =>
      world.read(TEMPLATE, lamp, ["name"], context)[0]?.["name"]
    expect([name({}), name({ lang: "de_DE" }), name({ lang: "fr_FR" })]).toEqual([
      "Lamp",
      "Leuchte",
      "Lamp",
    ])
    expect(find([["name", "=", "Leuchte"]], { lang: "de_DE" })).toEqual([lamp])
  })

  it("upserts by external id with load, and reports bad cells with success", () => {
    const load = (price: string) =>
      world.call(TEMPLATE, "load", {
        fields: ["id", "name", "list_price"],
        data: [
          ["sync.tea", "Tea", "4.5"],
          ["sync.coffee", "Coffee", price],
        ],
      })
    const first = load("6") as { ids: number[] }
    expect(first).toEqual({
      ids: [expect.any(Number), expect.any(Number)],
      messages: [],
      nextrow: 0,
    })
    expect(load("7")).toEqual(first)
    expect(load("abc")).toMatchObject({
      ids: false,
      messages: [{ type: "error", record: 1, field: "list_price" }],
    })
    const [id = 0] = first.ids
    expect(world.call(TEMPLATE, "get_metadata", { ids: [id] })).toMatchObject([
      { id, xmlid: "sync.tea", write_uid: [7, "Sync Bot"] },
    ])
  })

  it("saves and reads back in one transaction, all or nothing", () => {
    const specification = { name: {}, write_date: {} }
    const [saved] = world.call(TEMPLATE, "web_save", {
      vals: { name: "Fresh" },
      specification,
    }) as unknown as [{ id: number }]
    expect(saved).toMatchObject({ name: "Fresh" })
    const ids = [saved.id, lamp]
    const vals_list = [{ name: "First" }, { list_price: "abc" }]
    expect(() =>
      world.call(TEMPLATE, "web_save_multi", { ids, vals_list, specification }),
    ).toThrow()
    expect(world.row(TEMPLATE, saved.id)?.["name"]).toBe("Fresh")
  })
})
