import type { Env } from "../orm/env"
import { createRecords, unlinkRecords, writeRecords } from "../orm/records"
import { idOf, type Json, type JsonObject } from "../orm/values"
import { barcodeOf, bringStock } from "./bring"
import { BATCH, type CatalogOptions, type Workshop } from "./workshop"
import { colouredPng } from "./images"
import { ADJECTIVES, ATTRIBUTES, CATEGORY_TREE, DESCRIPTIONS, NOUNS, SERIES } from "./names"
import { SPECIAL_TITLES, TAGS } from "./names"
import { createOddProducts } from "./odd"
import { Choices } from "./random"
import { isStorable, stockVariant } from "./varied-stock"

interface Attribute {
  readonly id: number
  readonly values: readonly number[]
}

interface Shop {
  readonly workshop: Workshop
  readonly choices: Choices
  readonly categories: readonly [number, ...number[]]
  readonly tags: readonly number[]
  readonly attributes: ReadonlyMap<string, Attribute>
}

function make(env: Env, model: string, vals: JsonObject): number {
  return createRecords(env, env.model(model), [vals])[0] ?? 0
}

function makeCategories(env: Env): [number, ...number[]] {
  const leaves: number[] = []
  for (const [top, groups] of Object.entries(CATEGORY_TREE)) {
    const topId = make(env, "product.category", { name: top })
    for (const [group, names] of Object.entries(groups)) {
      const groupId = make(env, "product.category", { name: group, parent_id: topId })
      for (const name of names) {
        leaves.push(make(env, "product.category", { name, parent_id: groupId }))
      }
    }
  }
  return [leaves[0] ?? 1, ...leaves.slice(1)]
}

function makeAttributes(env: Env): Map<string, Attribute> {
  const attributes = new Map<string, Attribute>()
  ATTRIBUTES.forEach(({ name, mode, display, values }, at) => {
    const id = make(env, "product.attribute", {
      name,
      create_variant: mode,
      display_type: display,
      sequence: 10 * (at + 1),
    })
    const drafts = values.map((value, place) => ({
      name: value,
      attribute_id: id,
      sequence: place,
      is_custom: value === "Initials",
    }))
    attributes.set(name, {
      id,
      values: createRecords(env, env.model("product.attribute.value"), drafts),
    })
  })
  return attributes
}

/** Which attributes a product has, and how many values of each. */
function lineDrafts({ choices, attributes }: Shop): JsonObject[] {
  const line = (name: string, low: number, high: number): JsonObject => {
    const attribute = attributes.get(name)
    const values = choices.some(attribute?.values ?? [], choices.between(low, high))
    return { attribute_id: attribute?.id ?? 0, value_ids: [[6, 0, values]] }
  }
  const kind = choices.between(1, 100)
  if (kind <= 55) return []
  if (kind <= 70) return [line("Color", 2, 6)]
  if (kind <= 80) return [line("Size", 3, 6)]
  if (kind <= 93) return [line("Color", 2, 3), line("Size", 2, 4)]
  if (kind <= 96) return [line("Material", 1, 1)]
  if (kind <= 98) return [line("Engraving", 2, 2)]
  return [line("Length", 3, 3)]
}

function typeOf(env: Env, choices: Choices): JsonObject {
  const kind = choices.between(1, 100)
  if (env.version === 17) {
    return { detailed_type: kind <= 5 ? "service" : kind <= 10 ? "consu" : "product" }
  }
  return { type: kind <= 5 ? "service" : "consu", is_storable: kind > 10 }
}

function titleOf(choices: Choices, number: number): string {
  const special = number % 3 === 0 ? SPECIAL_TITLES[number / 3 - 1] : undefined
  if (special !== undefined) return special
  return `${choices.pick(ADJECTIVES)} ${choices.pick(NOUNS)} ${choices.pick(SERIES)} ${100 + number}`
}

function templateVals(
  env: Env,
  shop: Shop,
  number: number,
  lines: readonly JsonObject[],
): JsonObject {
  const { choices, categories, tags } = shop
  const noCategory = choices.chance(0.03)
  const shade = () => choices.between(0, 255)
  const vals: { [key: string]: Json } = {
    ...typeOf(env, choices),
    name: titleOf(choices, number),
    list_price: choices.chance(0.02) ? 0 : choices.price(1, 900),
  }
  // Without a category 17 and 18 fall back to their first one, 19 leaves it empty.
  if (!noCategory) vals["categ_id"] = choices.pick(categories)
  if (choices.chance(0.5))
    vals["description_sale"] = DESCRIPTIONS[number % DESCRIPTIONS.length] ?? ""
  if (choices.chance(0.3)) {
    vals["description"] = `<p>${DESCRIPTIONS[(number + 2) % DESCRIPTIONS.length] ?? ""}</p>`
  }
  if (choices.chance(0.3)) vals["product_tag_ids"] = [[6, 0, choices.some(tags, 2)]]
  if (choices.chance(0.1)) vals["image_1920"] = colouredPng(shade(), shade(), shade())
  if (lines.length > 0) vals["attribute_line_ids"] = lines.map((line) => [0, 0, line])
  return vals
}

function addDynamicVariants(env: Env, template: number): void {
  const values = env.table("product.template.attribute.value").find("product_tmpl_id", template)
  for (const value of values.slice(0, 2)) {
    make(env, "product.product", {
      product_tmpl_id: template,
      product_template_attribute_value_ids: [[6, 0, [value]]],
    })
  }
}

function finishVariants(env: Env, { choices }: Shop, template: number, number: number): void {
  const variants = [...env.table("product.product").find("product_tmpl_id", template)]
  const code = `SKU-${String(number).padStart(5, "0")}`
  const coded = !choices.chance(0.05)
  variants.forEach((id, at) => {
    const vals: { [key: string]: Json } = { weight: choices.between(1, 400) / 10 }
    if (coded) vals["default_code"] = variants.length === 1 ? code : `${code}-${at + 1}`
    if (choices.chance(0.7)) vals["barcode"] = barcodeOf(id)
    if (choices.chance(0.5)) vals["standard_price"] = choices.price(1, 200)
    writeRecords(env, env.model("product.product"), [id], vals)
  })
  if (variants.length > 1) {
    const values = env.table("product.template.attribute.value").find("product_tmpl_id", template)
    for (const value of values) {
      if (!choices.chance(0.25)) continue
      const extra = choices.pick([0.1, 0.2, 1.5, 5, 12.95])
      writeRecords(env, env.model("product.template.attribute.value"), [value], {
        price_extra: extra,
      })
    }
    if (choices.chance(0.08)) {
      writeRecords(env, env.model("product.product"), [variants[0] ?? 0], { active: false })
    }
  }
}

function makeProduct(env: Env, shop: Shop, number: number): void {
  const { choices } = shop
  const lines = lineDrafts(shop)
  const template = make(env, "product.template", templateVals(env, shop, number, lines))
  const length = shop.attributes.get("Length")?.id
  if (lines.some((line) => line["attribute_id"] === length)) addDynamicVariants(env, template)
  finishVariants(env, shop, template, number)
  if (isStorable(env, template)) {
    for (const variant of [...env.table("product.product").find("product_tmpl_id", template)]) {
      stockVariant(env, choices, shop.workshop.base, variant)
    }
  }
  if (choices.chance(0.1)) {
    const german = env.withContext({ lang: "de_DE" })
    writeRecords(german, env.model("product.template"), [template], { name: `Deutsch ${number}` })
  }
  if (choices.chance(0.03)) {
    writeRecords(env, env.model("product.template"), [template], { active: false })
  }
}

/** Leaves gaps in the ids, by records that came and went and by inserts that failed. */
function leaveGap(env: Env, choices: Choices): void {
  if (choices.chance(0.5)) {
    const id = make(env, "product.template", { name: "Mistake" })
    unlinkRecords(env, env.model("product.template"), [id])
  } else {
    env.table("product.template").skipIds(choices.between(1, 4))
    env.table("product.product").skipIds(choices.between(1, 9))
  }
}

/** A catalog as varied as real ones. */
export function createVariedProducts(workshop: Workshop, options: CatalogOptions): void {
  const choices = new Choices(options.seed)
  const first = workshop.nextBatch()
  const shop: Shop = {
    workshop,
    choices,
    categories: makeCategories(first),
    tags: TAGS.map((name) => make(first, "product.tag", { name })),
    attributes: makeAttributes(first),
  }
  const odd = options.odd && options.products > 3 ? 3 : 0
  let env = first
  for (let number = 1; number <= options.products - odd; number += 1) {
    if (number % BATCH === 1) env = workshop.nextBatch()
    makeProduct(env, shop, number)
    if (choices.chance(0.04)) leaveGap(env, choices)
  }
  if (odd > 0) {
    const ids = createOddProducts(workshop.nextBatch(), idOf(shop.categories[0]))
    for (const id of ids)
      for (const variant of [...env.table("product.product").find("product_tmpl_id", id)])
        bringStock(env, variant, workshop.base.warehouses[0]?.stock ?? 0, 5)
  }
}
