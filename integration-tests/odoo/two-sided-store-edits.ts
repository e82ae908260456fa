import { Random } from "../convergence/random"
import { Act, Hands } from "./two-sided-odoo-edits"
import { Change } from "./two-sided-history"

const CURRENCY = "usd"

/** Saves some fields of a product's or variant's form in the admin. */
const save =
  (
    entity: "product" | "variant",
    field: string,
    form: (n: number, random: Random) => [object, string | null],
  ): Act =>
  async (hands, subject) => {
    const [body, value] = form(hands.history.number(), hands.random)
    const variant = hands.random.pick(subject.variants)?.store ?? ""
    const path = `/admin/products/${subject.store}`
    return entity === "product"
      ? change(hands, path, body, { entity, id: subject.store, field, value })
      : change(hands, `${path}/variants/${variant}`, body, { entity, id: variant, field, value })
  }

/** Sends a form that changes one field. */
const change = async (
  hands: Hands,
  path: string,
  body: object,
  planned: Change,
): Promise<Change[]> => {
  hands.planned = [planned]
  await hands.stage.store.ask("POST", path, body)
  return hands.planned
}

const recategorise: Act = async (hands, { store: id }) => {
  const { odoo, store } = hands.random.pick(await hands.pool.categories()) ?? NO_CATEGORY
  const body = { categories: [{ id: store }] }
  const planned: Change = { entity: "product", id, field: "category", value: String(odoo) }
  return change(hands, `/admin/products/${id}`, body, planned)
}

const NO_CATEGORY = { odoo: 0, store: "" }

const renameCategory: Act = async (hands) => {
  const { store: id } = hands.random.pick(await hands.pool.categories()) ?? NO_CATEGORY
  const name = `Category of the store ${hands.history.number()}`
  const planned: Change = { entity: "category", id, field: "name", value: name }
  return change(hands, `/admin/product-categories/${id}`, { name }, planned)
}

const moveCategory: Act = async (hands) => {
  const move = await hands.pool.move()
  if (!move) {
    return []
  }
  const { child, parent } = move
  const planned: Change = {
    entity: "category",
    id: child.store,
    field: "parent",
    value: String(parent.odoo),
  }
  const body = { parent_category_id: parent.store }
  return change(hands, `/admin/product-categories/${child.store}`, body, planned)
}

const create: Act = async ({ stage, random, history, pool }) => {
  const n = history.number()
  const category = random.pick(await pool.categories())
  const values = random.chance(0.4) ? ["Matt", "Gloss"] : ["One"]
  const { product } = await stage.store.ask("POST", "/admin/products", {
    title: `Made in the store ${n}`,
    description: `First said in the store ${n}`,
    status: "published",
    ...(category && { categories: [{ id: category.store }] }),
    options: [{ title: "Coat", values }],
    variants: values.map((value, index) => ({
      title: value,
      sku: `NEW-S-${n}-${index}`,
      weight: 500,
      options: { Coat: value },
      prices: [{ currency_code: CURRENCY, amount: 2000 + n }],
    })),
  })
  history.made.store.add((product as { id: string }).id)
  return []
}

/** Only what users made: of Odoo's own, too many edits would find nothing left. */
const remove: Act = async ({ stage, history, random }) => {
  const id = random.pick([...history.made.store].slice(0, -2))
  if (id !== undefined) {
    await stage.store.ask("DELETE", `/admin/products/${id}`)
  }
  return []
}

const publish: Act = async ({ stage, random }, subject) => {
  const status = random.pick(["draft", "published"])
  await stage.store.ask("POST", `/admin/products/${subject.store}`, { status })
  return []
}

/** Saves the form as it was opened. */
const touch: Act = async (hands, { store: id }) => {
  const path = `/admin/products/${id}`
  const { product } = await hands.stage.store.ask("GET", `${path}?fields=title`)
  const { title } = product as { title: string }
  return change(hands, path, { title }, { entity: "product", id, field: "title", value: title })
}

/** By kind, with the share of the edits. The field that a kind changes is its name. */
export const storeActs: readonly (readonly [name: string, act: Act, weight: number])[] = [
  ["title", save("product", "title", (n) => [{ title: `Store’s ${n}` }, `Store’s ${n}`]), 14],
  [
    "description",
    save("product", "description", (n, random) =>
      random.chance(0.2)
        ? [{ description: "" }, null]
        : [{ description: `Said in the store\n${n}` }, `Said in the store\n${n}`],
    ),
    10,
  ],
  [
    "price",
    save("variant", "price", (n) => [
      { prices: [{ currency_code: CURRENCY, amount: 100 + n + 0.75 }] },
      String(100 + n + 0.75),
    ]),
    10,
  ],
  ["sku", save("variant", "sku", (n) => [{ sku: `S-${n}` }, `S-${n}`]), 8],
  ["barcode", save("variant", "barcode", (n) => [{ barcode: `72${n + 1e6}` }, `72${n + 1e6}`]), 6],
  ["weight", save("variant", "weight", (n) => [{ weight: 5000 + n * 10 }, `${5000 + n * 10}`]), 8],
  ["category", recategorise, 8],
  ["published or drafted", publish, 7],
  ["category renamed", renameCategory, 5],
  ["category moved", moveCategory, 4],
  ["created", create, 6],
  ["deleted", remove, 2],
  ["saved without a change", touch, 5],
]
