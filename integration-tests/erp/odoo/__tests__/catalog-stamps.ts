import type { Json } from ".."
import type { Effect, Stage, StampRow } from "./stamps"

/** A PNG of one pixel. */
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

const WHOLE_PRODUCT: Effect = {
  "product.template": { touched: 1 },
  "product.product": { touched: 2 },
}
const ONE_VARIANT: Effect = { "product.product": { touched: 1 } }
const VARIANT_AND_PRODUCT: Effect = {
  "product.template": { touched: 1 },
  "product.product": { touched: 1 },
}

const template =
  (vals: Readonly<Record<string, Json>>, context = {}) =>
  ({ world, template: id }: Stage) =>
    world.write("product.template", id, vals, context)

const variant =
  (vals: Readonly<Record<string, Json>>) =>
  ({ world, first }: Stage) =>
    world.write("product.product", first, vals)

/** Row by row, in this order: later rows build on what earlier ones left. */
export const CATALOG_ROWS: readonly StampRow[] = [
  ["a new title", template({ name: "Cup" }), WHOLE_PRODUCT],
  ["the same title again", template({ name: "Cup" }), WHOLE_PRODUCT],
  ["a new price", template({ list_price: 11 }), WHOLE_PRODUCT],
  ["the same price again", template({ list_price: 11 }), WHOLE_PRODUCT],
  ["nothing at all", template({}), WHOLE_PRODUCT],
  ["a title in the source language", template({ name: "Cup" }, { lang: "en_US" }), WHOLE_PRODUCT],
  ["a translated title", template({ name: "Tasse" }, { lang: "de_DE" }), WHOLE_PRODUCT],
  ["a sales description", template({ description_sale: "Big" }), WHOLE_PRODUCT],
  [
    "another category",
    ({ world, template: id, categories }) =>
      world.write("product.template", id, { categ_id: categories[1] }),
    WHOLE_PRODUCT,
  ],
  ["a code, with several variants", template({ default_code: "ZZ" }), WHOLE_PRODUCT],
  ["a weight, with several variants", template({ weight: 3 }), WHOLE_PRODUCT],
  ["a variant's new code", variant({ default_code: "A" }), VARIANT_AND_PRODUCT],
  ["a variant's same code", variant({ default_code: "A" }), ONE_VARIANT],
  ["a variant's barcode", variant({ barcode: "111" }), ONE_VARIANT],
  ["a variant's new weight", variant({ weight: 2 }), VARIANT_AND_PRODUCT],
  ["a variant's cost", variant({ standard_price: 4 }), ONE_VARIANT],
  ["a variant's price", variant({ lst_price: 12 }), WHOLE_PRODUCT],
  ["a variant's title", variant({ name: "Beaker" }), WHOLE_PRODUCT],
  ["archiving a variant by a write", variant({ active: false }), ONE_VARIANT],
  ["unarchiving it by a write", variant({ active: true }), ONE_VARIANT],
  ["archiving the product", template({ active: false }), WHOLE_PRODUCT],
  ["unarchiving the product", template({ active: true }), WHOLE_PRODUCT],
  [
    "an extra price: neither variant nor product, though the price changed",
    ({ world, ptav }) =>
      world.write("product.template.attribute.value", ptav, { price_extra: 2.5 }),
    { "product.template.attribute.value": { touched: 1 } },
  ],
  [
    "renaming a value",
    ({ world, values }) => world.write("product.attribute.value", values[0], { name: "Ivory" }),
    { "product.attribute.value": { touched: 1 } },
  ],
  [
    "moving a value",
    ({ world, values }) => world.write("product.attribute.value", values[0], { sequence: 9 }),
    { "product.attribute.value": { touched: 1 } },
  ],
  [
    "renaming an attribute",
    ({ world, color }) => world.write("product.attribute", color, { name: "Shade" }),
    { "product.attribute": { touched: 1 } },
  ],
  [
    "one value more on the line",
    ({ world, line, values }) =>
      world.write("product.template.attribute.line", line, { value_ids: [[4, values[2]]] }),
    {
      "product.template": { touched: 1 },
      "product.product": { touched: 2, created: 1 },
      "product.template.attribute.line": { touched: 1 },
      "product.template.attribute.value": { created: 1 },
    },
  ],
  [
    "one value less, through the product",
    ({ world, template: id, line, values }) =>
      world.write("product.template", id, {
        attribute_line_ids: [[1, line, { value_ids: [[3, values[2]]] }]],
      }),
    {
      "product.template": { touched: 1 },
      "product.product": { touched: 2, gone: 1 },
      "product.template.attribute.line": { touched: 1 },
      "product.template.attribute.value": { gone: 1 },
    },
  ],
  [
    "renaming a category below",
    ({ world, categories }) => world.write("product.category", categories[1], { name: "Low" }),
    { "product.category": { touched: 1 } },
  ],
  [
    "renaming a category above: the one below follows, no product does",
    ({ world, categories }) => world.write("product.category", categories[0], { name: "High" }),
    { "product.category": { touched: 2 } },
  ],
  [
    "a new pricelist",
    ({ world }) => void world.create("product.pricelist", { name: "Web" }),
    { "product.pricelist": { created: 1 } },
  ],
  [
    "a new rule",
    ({ world, template: id }) =>
      void world.create("product.pricelist.item", {
        pricelist_id: world.ids("product.pricelist")[0] ?? 0,
        applied_on: "1_product",
        product_tmpl_id: id,
        fixed_price: 9,
      }),
    { "product.pricelist.item": { created: 1 } },
  ],
  [
    "a rule's price",
    ({ world }) =>
      world.write("product.pricelist.item", world.ids("product.pricelist.item"), {
        fixed_price: 8,
      }),
    { "product.pricelist.item": { touched: 1 } },
  ],
  [
    "a rule through its pricelist",
    ({ world, first }) =>
      world.write("product.pricelist", world.ids("product.pricelist"), {
        item_ids: [[0, 0, { applied_on: "0_product_variant", product_id: first, fixed_price: 7 }]],
      }),
    { "product.pricelist": { touched: 1 }, "product.pricelist.item": { created: 1 } },
  ],
  [
    "deleting a rule: nothing tells of it",
    ({ world }) =>
      world.unlink("product.pricelist.item", world.ids("product.pricelist.item")[0] ?? 0),
    { "product.pricelist.item": { gone: 1 } },
  ],
  [
    "renaming a pricelist",
    ({ world }) =>
      world.write("product.pricelist", world.ids("product.pricelist"), { name: "Shop" }),
    { "product.pricelist": { touched: 1 } },
  ],
  [
    "a tag on the product",
    ({ world, template: id, tag }) =>
      world.write("product.template", id, { product_tag_ids: [[4, tag]] }),
    WHOLE_PRODUCT,
  ],
  [
    "the same tag again",
    ({ world, template: id, tag }) =>
      world.write("product.template", id, { product_tag_ids: [[4, tag]] }),
    WHOLE_PRODUCT,
  ],
  [
    "a tag on a variant",
    ({ world, first, tag }) =>
      world.write("product.product", first, { additional_product_tag_ids: [[4, tag]] }),
    ONE_VARIANT,
  ],
  [
    "renaming a tag",
    ({ world, tag }) => world.write("product.tag", tag, { name: "Hot" }),
    { "product.tag": { touched: 1 } },
  ],
  [
    "taking the tag off from the tag's side: the product is not stamped",
    ({ world, template: id, tag }) =>
      world.write("product.tag", tag, { product_template_ids: [[3, id]] }),
    { "product.tag": { touched: 1 } },
  ],
  ["taxes", template({ taxes_id: [[6, 0, [1]]] }), WHOLE_PRODUCT],
  [
    "an image",
    template({ image_1920: PIXEL }),
    { ...WHOLE_PRODUCT, "ir.attachment": { created: 5 } },
  ],
  [
    "the same image again",
    template({ image_1920: PIXEL }),
    { ...WHOLE_PRODUCT, "ir.attachment": { touched: 5 } },
  ],
  [
    "a message",
    ({ world, template: id }) =>
      void world.call("product.template", "message_post", { ids: [id], body: "Hello" }),
    {},
  ],
  [
    "renaming a unit",
    ({ world }) => world.write("uom.uom", 2, { name: "Half dozen" }),
    { "uom.uom": { touched: 1 } },
  ],
]
