import { ErpProduct, ErpVariant } from "../canonical"
import { Decision, FieldRule, FieldState } from "../decide"
import { fieldRule } from "../field-rules"
import { connectionId, erpId, medusaId } from "../ids"
import { nextReplaced } from "../oscillation"
import { Rules } from "../rules"
import { MedusaOption, MedusaProduct, MedusaVariant } from "../snapshot"
import { FieldValue, Link, Replaced } from "../values"

export const NOW = "2026-03-02T08:00:00.000Z"

export const rules = (changes: Partial<Rules> = {}): Rules => ({
  connection_id: connectionId("erp"),
  fingerprint: "f1",
  owners: {},
  foreign_edits: "enforce",
  conflicts: "erp",
  first_link: "erp",
  match: "sku",
  push: {
    held: "push_off",
    fields: {
      category: new Set(["name", "parent"]),
      product: new Set(["title", "description", "category"]),
      variant: new Set(["sku", "barcode", "weight", "price"]),
    },
    create: false,
    stock: false,
    single_category: false,
  },
  normalises: {},
  deleted: "ignore",
  gone: "draft",
  create: {
    status: "published",
    archived: false,
    sales_channel_ids: [],
    shipping_profile_id: null,
  },
  weight_unit: "g",
  prices: [{ erp: "list", currency: "eur", rounding: "half-up", digits: 2 }],
  stock: [{ erp: "WH", location_id: medusaId("sloc_1"), basis: "available" }],
  orders: { counted: "acknowledged", settle_after_ms: 86_400_000, lag_ms: 3_600_000 },
  ...changes,
})

/** The same with write-back on. */
export const pushing = (changes: Partial<Rules> = {}): Rules => {
  const standing = rules(changes)
  return { ...standing, push: { ...standing.push, held: null } }
}

/** A value that our last write to Medusa replaced. */
export const replacedBy = (value: FieldValue, to: FieldValue, at: string): Replaced => ({
  value,
  to,
  side: "medusa",
  at,
  turns: 1,
  since: at,
})

/** The rule of a field of plain text, with an owner. */
export const textRule = (changes: Partial<FieldRule> = {}): FieldRule => ({
  ...fieldRule(rules(), "product", "title"),
  ...changes,
})

/** Both sides agree on "a" unless the case says otherwise. */
export const state = (changes: Partial<FieldState> = {}): FieldState => ({
  erp: "a",
  medusa: "a",
  base_erp: "a",
  base_medusa: "a",
  now: NOW,
  ...changes,
})

export const link = (changes: Partial<Link> = {}): Link => ({
  id: "elnk_1",
  entity: "product",
  erp_id: erpId(1),
  parent_erp_id: null,
  medusa_id: medusaId("prod_1"),
  state: "linked",
  base_erp: {},
  base_medusa: {},
  fingerprint: "f1",
  content_hash: {},
  version: {},
  intents: {},
  replaced: {},
  owners: {},
  resolutions: {},
  kept: {},
  match_key: null,
  seq: 1,
  stock_seq: 1,
  stock_read_at: null,
  ...changes,
})

export const variant = (id: string, values: string[], changes: Partial<ErpVariant> = {}) =>
  ({
    id: erpId(id),
    version: null,
    active: true,
    sku: `sku-${id}`,
    barcode: null,
    option_values: values.map((value) => ({
      option_id: erpId(value.split(":")[0] ?? ""),
      value_id: erpId(value.split(":")[1] ?? ""),
    })),
    weight: null,
    tracked: true,
    ...changes,
  }) satisfies ErpVariant

/** Options as `{ 1: ["10", "11"] }`; titles are made of the ids. */
export const product = (
  options: Record<string, string[]>,
  variants: ErpVariant[],
  changes: Partial<ErpProduct> = {},
): ErpProduct => ({
  id: erpId(1),
  version: null,
  active: true,
  title: "Desk",
  description: null,
  category_ids: [],
  options: Object.entries(options).map(([id, values]) => ({
    id: erpId(id),
    title: `Option ${id}`,
    values: values.map((value) => ({ id: erpId(value), title: `Value ${value}` })),
  })),
  variants,
  ...changes,
})

export const variantLink = (id: string, key: string, changes: Partial<Link> = {}): Link =>
  link({
    id: `elnk_v${id}`,
    entity: "variant",
    erp_id: erpId(id),
    parent_erp_id: erpId(1),
    medusa_id: medusaId(`variant_${id}`),
    match_key: key,
    ...changes,
  })

export const medusaVariant = (
  id: string,
  valueIds: string[],
  changes: Partial<MedusaVariant> = {},
): MedusaVariant => ({
  id: medusaId(`variant_${id}`),
  product_id: medusaId("prod_1"),
  deleted: false,
  title: "Default variant",
  sku: `sku-${id}`,
  barcode: null,
  weight: null,
  manage_inventory: true,
  allow_backorder: false,
  option_value_ids: valueIds.map(medusaId),
  inventory_items: [],
  price_set_id: null,
  prices: [],
  ...changes,
})

export const medusaOption = (id: string, values: string[]): MedusaOption => ({
  id: medusaId(`opt_${id}`),
  title: `Option ${id}`,
  is_exclusive: true,
  values: values.map((value) => ({ id: medusaId(`val_${value}`), value: `Value ${value}` })),
})

export const medusaProduct = (changes: Partial<MedusaProduct> = {}): MedusaProduct => ({
  id: medusaId("prod_1"),
  deleted: false,
  title: "Desk",
  description: null,
  status: "published",
  category_ids: [],
  options: [],
  variants: [],
  ...changes,
})

/** Links of the options and values of `medusaOption`. */
export const optionLinks = (
  options: Record<string, string[]>,
): { options: Link[]; values: Link[] } => {
  const agreed = (title: string) => ({ base_erp: { title }, base_medusa: { title } })
  return {
    options: Object.keys(options).map((id) =>
      link({
        id: `elnk_o${id}`,
        entity: "option",
        erp_id: erpId(`1:${id}`),
        parent_erp_id: erpId(1),
        medusa_id: medusaId(`opt_${id}`),
        ...agreed(`Option ${id}`),
      }),
    ),
    values: Object.entries(options).flatMap(([id, values]) =>
      values.map((value) =>
        link({
          id: `elnk_w${value}`,
          entity: "option_value",
          erp_id: erpId(`1:${id}:${value}`),
          parent_erp_id: erpId(1),
          medusa_id: medusaId(`val_${value}`),
          ...agreed(`Value ${value}`),
        }),
      ),
    ),
  }
}

/** The state of a field after its decision was carried out, as the engine does it. */
export const carriedOut = (given: FieldState, decision: Decision): FieldState => {
  switch (decision.outcome) {
    case "agree":
      return {
        ...given,
        base_erp: decision.base_erp,
        base_medusa: decision.base_medusa,
        intent: undefined,
        resolution: undefined,
      }
    case "write":
      return {
        ...given,
        medusa: decision.to,
        base_erp: decision.base_erp,
        base_medusa: decision.to,
        replaced: nextReplaced(given.replaced, { side: "medusa", ...decision, at: given.now }),
        intent: undefined,
        resolution: undefined,
      }
    case "push":
      return {
        ...given,
        erp: decision.to,
        base_erp: decision.to,
        base_medusa: decision.base_medusa,
        replaced: nextReplaced(given.replaced, { side: "erp", ...decision, at: given.now }),
        intent: undefined,
        resolution: undefined,
      }
    default:
      return given
  }
}

export const isText = (value: FieldValue): value is string => typeof value === "string"
