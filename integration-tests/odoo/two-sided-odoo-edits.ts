import { Random } from "../convergence/random"
import { line, mainStock, newAttribute, setQuantity } from "./edits/subjects"
import { flag, integers, number, reference, text, textOrNull } from "./rows"
import { Change, History } from "./two-sided-history"
import { Pool, Subject } from "./two-sided-pool"
import { TwoSided } from "./two-sided-stage"

/** What an edit works with. */
export interface Hands {
  stage: TwoSided
  pool: Pool
  random: Random
  history: History
  /** What the edit under way is about to change: should nobody answer, it may have. */
  planned: Change[]
}

/** One thing that a user does; resolves to what it changed. `subject` is where it is done. */
export type Act = (hands: Hands, subject: Subject) => Promise<Change[]>

const product = (subject: Subject, field: string, value: string | null): Change => ({
  entity: "product",
  id: String(subject.odoo),
  field,
  value,
})

const onTemplate =
  (field: string, write: (n: number, random: Random) => [Record<string, unknown>, string | null]) =>
  async ({ stage, random, history }: Hands, subject: Subject): Promise<Change[]> => {
    const [values, value] = write(history.number(), random)
    await stage.odoo.write("product.template", subject.odoo, values)
    return [product(subject, field, value)]
  }

const onVariant =
  (field: string, write: (n: number) => [Record<string, unknown>, string]): Act =>
  async ({ stage, random, history }, subject) => {
    const [values, value] = write(history.number())
    const variant = random.pick(subject.variants) ?? { odoo: 0 }
    await stage.odoo.write("product.product", variant.odoo, values)
    return [{ entity: "variant", id: String(variant.odoo), field, value }]
  }

const archive: Act = async ({ stage }, subject) => {
  const found = await stage.odoo.searchRead(
    "product.template",
    [["id", "=", subject.odoo]],
    ["active"],
    { context: { active_test: false } },
  )
  const active = found.some((row) => flag(row, "active"))
  const method = active ? "action_archive" : "action_unarchive"
  await stage.odoo.call("product.template", method, [[subject.odoo]])
  return []
}

const count: Act = async ({ stage, history, random }, subject) => {
  const variant = random.pick(subject.variants) ?? { odoo: 0 }
  const place = await mainStock(stage.odoo)
  await setQuantity(stage.odoo, variant.odoo, place, history.number() % 97)
  return []
}

const recategorise: Act = async ({ stage, pool, random }, subject) => {
  const category = random.pick(await pool.categories()) ?? { odoo: 0 }
  await stage.odoo.write("product.template", subject.odoo, { categ_id: category.odoo })
  return [product(subject, "category", String(category.odoo))]
}

const renameCategory: Act = async ({ stage, pool, random, history }) => {
  const { odoo } = random.pick(await pool.categories()) ?? { odoo: 0 }
  const name = `Category of Odoo ${history.number()}`
  await stage.odoo.write("product.category", odoo, { name })
  return [{ entity: "category", id: String(odoo), field: "name", value: name }]
}

const moveCategory: Act = async ({ stage, pool }) => {
  const move = await pool.move()
  if (!move) {
    return []
  }
  const { child, parent } = move
  await stage.odoo.write("product.category", child.odoo, { parent_id: parent.odoo })
  return [
    { entity: "category", id: String(child.odoo), field: "parent", value: String(parent.odoo) },
  ]
}

const create: Act = async ({ stage, random, history, pool }) => {
  const n = history.number()
  const { odoo: categ_id } = random.pick(await pool.categories()) ?? { odoo: 0 }
  const attribute = random.chance(0.4) ? await newAttribute(stage.odoo, "Finish", 2) : null
  const template = await stage.odoo.create("product.template", {
    name: `Made in Odoo ${n}`,
    type: "consu",
    is_storable: true,
    list_price: 1000 + n,
    categ_id,
    ...(attribute
      ? { attribute_line_ids: [line(attribute.id, attribute.values)] }
      : { default_code: `NEW-O-${n}` }),
  })
  history.made.odoo.add(String(template))
  return []
}

/** A value more or less on an attribute line; a new line where there is none. */
const restructure: Act = async ({ stage, history, random }, subject) => {
  const [row] = await stage.odoo.searchRead(
    "product.template.attribute.line",
    [
      ["product_tmpl_id", "=", subject.odoo],
      ["attribute_id.create_variant", "=", "always"],
    ],
    ["attribute_id", "value_ids"],
  )
  const command = row
    ? await otherValues(row, integers(row, "value_ids"), stage, random, history)
    : await newLine(stage)
  await stage.odoo.write("product.template", subject.odoo, { attribute_line_ids: [command] })
  return []
}

const newLine = async (stage: TwoSided): Promise<unknown[]> => {
  const { id, values } = await newAttribute(stage.odoo, "Trim", 2)
  return line(id, values)
}

const otherValues = async (
  row: { id: number },
  values: number[],
  { odoo }: TwoSided,
  random: Random,
  history: History,
): Promise<unknown[]> => {
  const last = values.at(-1)
  if (last !== undefined && values.length > 2 && random.chance(0.5)) {
    return [1, row.id, { value_ids: [[3, last]] }]
  }
  const value = await odoo.create("product.attribute.value", {
    attribute_id: reference(row, "attribute_id"),
    name: `Extra ${history.number()}`,
  })
  return [1, row.id, { value_ids: [[4, value]] }]
}

/** Only what users made: what moved or was ordered, Odoo does not delete. */
const remove: Act = async ({ stage, history, random }) => {
  const id = random.pick([...history.made.odoo].slice(0, -2))
  if (id !== undefined) {
    await stage.odoo.call("product.template", "unlink", [[Number(id)]])
  }
  return []
}

/** Saves a form without a change: Odoo's stamp moves all the same. */
export const touch: Act = async ({ stage }, subject) => {
  const [row] = await stage.odoo.searchRead(
    "product.template",
    [["id", "=", subject.odoo]],
    ["name", "description_sale"],
    { context: { active_test: false } },
  )
  if (!row) {
    return []
  }
  const [name, description_sale] = [text(row, "name"), textOrNull(row, "description_sale")]
  await stage.odoo.write("product.template", subject.odoo, {
    name,
    description_sale: description_sale ?? false,
  })
  // What was read is a moment old: should it have changed, this is an edit like another.
  return [product(subject, "title", name), product(subject, "description", description_sale)]
}

/** The same for a variant, with its code, barcode and weight. */
export const touchVariant: Act = async ({ stage }, { variants }) => {
  const [variant] = variants
  const [row] = await stage.odoo.searchRead(
    "product.product",
    [["id", "=", variant?.odoo ?? 0]],
    ["default_code", "barcode", "weight"],
    { context: { active_test: false } },
  )
  if (row) {
    await stage.odoo.write("product.product", row.id, {
      default_code: textOrNull(row, "default_code") ?? false,
      barcode: textOrNull(row, "barcode") ?? false,
      weight: number(row, "weight"),
    })
  }
  return []
}

/** Odoo keeps one price, to which the values of a variant add: all variants change theirs. */
const price: Act = async ({ stage, history }, subject) => {
  const list_price = 100.25 + history.number()
  await stage.odoo.write("product.template", subject.odoo, { list_price })
  const variants = await stage.odoo.searchRead(
    "product.product",
    [["product_tmpl_id", "=", subject.odoo]],
    ["lst_price"],
    { context: { active_test: false } },
  )
  return variants.map((row) => ({
    entity: "variant",
    id: String(row.id),
    field: "price",
    value: String(Math.round(number(row, "lst_price") * 100) / 100),
  }))
}

/** By kind, with the share of the edits. The field that a kind changes is its name. */
export const odooActs: readonly (readonly [name: string, act: Act, weight: number])[] = [
  ["title", onTemplate("title", (n) => [{ name: `Odoo’s ${n}` }, `Odoo’s ${n}`]), 14],
  [
    "description",
    onTemplate("description", (n, random) =>
      random.chance(0.2)
        ? [{ description_sale: false }, null]
        : [{ description_sale: `Said in Odoo\n${n}` }, `Said in Odoo\n${n}`],
    ),
    10,
  ],
  ["price", price, 10],
  ["sku", onVariant("sku", (n) => [{ default_code: `O-${n}` }, `O-${n}`]), 8],
  ["barcode", onVariant("barcode", (n) => [{ barcode: `71${n + 1e6}` }, `71${n + 1e6}`]), 6],
  ["weight", onVariant("weight", (n) => [{ weight: 1 + n / 100 }, String(1000 + n * 10)]), 8],
  ["category", recategorise, 8],
  ["archived or unarchived", archive, 10],
  ["stock", count, 8],
  ["category renamed", renameCategory, 5],
  ["category moved", moveCategory, 4],
  ["created", create, 5],
  ["restructured", restructure, 4],
  ["deleted", remove, 2],
  ["saved without a change", touch, 6],
]
