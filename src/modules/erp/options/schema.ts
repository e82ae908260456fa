import { z } from "@medusajs/framework/zod"
import type { ConnectorFactory } from "../../../connectors/contract"
import { attributeSchema, TARGET_KEYS, targetOf } from "./attributes"
import { isTextKey, languages, TEXT_KEYS } from "./languages"
import { noSuchKey, problemsOf } from "./problems"
import { bag, duration, flag, listOf, oneOf, section, text, wholeNumber } from "./section"
import type { CustomConnector } from "./types"
import type { Owner } from "../../../sync/values"

const OWNER = oneOf("erp", "medusa", "both")
const owner = () => OWNER.optional()
const winner = () => oneOf("erp", "medusa", "manual").default("erp")

const isCustom = (value: unknown): value is CustomConnector =>
  typeof value === "object" &&
  value !== null &&
  "erp" in value &&
  typeof value.erp === "string" &&
  "create" in value &&
  typeof value.create === "function"

const connector = z.custom<"odoo" | ConnectorFactory | CustomConnector>(
  (value) => value === "odoo" || typeof value === "function" || isCustom(value),
  { error: '"odoo", a connector factory, or an object { erp, create }' },
)

const OWNERS = {
  title: owner(),
  description: owner(),
  categories: owner(),
  tags: owner(),
  variant_title: owner(),
  option_title: oneOf("erp", "both").optional(),
  sku: owner(),
  barcode: owner(),
  weight: owner(),
  price: owner(),
  price_list: owner(),
  stock: oneOf("erp", "medusa").optional(),
  images: owner(),
}

const FIELD_KEYS = [...Object.keys(OWNERS), ...TEXT_KEYS, ...TARGET_KEYS]

/** Owners by field or text of a language, and characteristics by the place where they stand in the store. */
const fields = () =>
  z
    .object(OWNERS, { error: "an object" })
    .catchall(z.unknown())
    .transform((value, context) => {
      const owners = z.object(OWNERS).parse(value)
      const texts: Record<string, Owner> = {}
      const attributes: Record<string, z.output<typeof attributeSchema>> = {}
      for (const [key, entry] of Object.entries(value).filter(([name]) => !(name in OWNERS))) {
        const text = isTextKey(key) ? OWNER.safeParse(entry) : null
        if (text?.success) {
          texts[key] = text.data
          continue
        }
        const parsed = targetOf(key) === null ? null : attributeSchema.safeParse(entry)
        if (parsed?.success) {
          attributes[key] = parsed.data
          continue
        }
        const refused = text ?? parsed
        const problems = refused
          ? problemsOf(refused.error.issues, [key])
          : [{ path: [key], expected: noSuchKey(key, FIELD_KEYS) }]
        for (const { path, expected } of problems) {
          context.issues.push({ code: "custom", message: expected, input: entry, path: [...path] })
        }
      }
      return { owners: { ...owners, ...texts }, attributes }
    })
    .prefault({})

const percent = () =>
  z
    .number({ error: "a number from 0 to 100" })
    .min(0, { error: "a number from 0 to 100" })
    .max(100, { error: "a number from 0 to 100" })

/** `true` is an object of which nothing is said. */
const push = () =>
  z
    .custom<unknown>((value) => typeof value === "boolean" || isObject(value), {
      error: "true, false, or an object { create, stock }",
    })
    .transform((value) => (typeof value === "boolean" ? (value ? {} : null) : value))
    .pipe(section({ create: flag().default(false), stock: flag().default(false) }).nullable())
    .transform((value) => value ?? (false as const))

/** The same, `true` by default. */
const images = () =>
  z
    .custom<unknown>((value) => typeof value === "boolean" || isObject(value), {
      error: "true, false, or an object { max_bytes }",
    })
    .transform((value) => (typeof value === "boolean" ? (value ? {} : null) : value))
    .pipe(section({ max_bytes: wholeNumber().default(10_000_000) }).nullable())
    .transform((value) => value ?? (false as const))

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value)

export const connectionSchema = section({
  id: z
    .string({ error: "lower-case letters, digits and hyphens" })
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: "lower-case letters, digits and hyphens" })
    .max(60, { error: "at most 60 characters" }),
  erp: connector,
  credentials: bag().default({}),
  filter: z
    .custom<unknown>((value) => typeof value === "object" && value !== null, {
      error: "an object or a list",
    })
    .optional(),
  settings: bag().default({}),
  fields: fields(),
  languages: languages().default({}),
  push: push().default(false),
  images: images().prefault(true),
  create: section({
    status: oneOf("draft", "proposed", "published").default("draft"),
    sales_channels: listOf(text("a name or an id"), "names or ids").optional(),
    shipping_profile: text("a name or an id").optional(),
    archived: flag().default(false),
  }).prefault({}),
  match: oneOf("sku", "barcode", "none").default("sku"),
  first_link: winner(),
  conflicts: winner(),
  foreign_edits: oneOf("enforce", "report").default("enforce"),
  gone: oneOf("draft", "unlink", "ignore").default("draft"),
  deleted: oneOf("ignore", "recreate", "archive_erp").default("ignore"),
  prices: listOf(
    section({
      erp: text('the name of a price list, or "list"').default("list"),
      currency: z
        .string({ error: 'a currency code such as "eur"' })
        .regex(/^[a-z]{3}$/i, { error: 'a currency code such as "eur"' })
        .toLowerCase(),
      rounding: oneOf("half-up", "half-even", "down", "up").default("half-up"),
      // Instead of base prices: a price list of the store.
      price_list: section({
        id: text("the id of a price list").optional(),
        title: text("the title of a price list").optional(),
        type: oneOf("override", "sale").default("override"),
        customer_groups: listOf(text("a name or an id"), "names or ids").default([]),
      }).optional(),
    }),
    "price lists",
  ).optional(),
  stock: listOf(
    section({
      erp: text("the code or name of a warehouse"),
      location: text("the name or id of a stock location"),
      basis: oneOf("available", "on_hand").default("available"),
    }),
    "warehouses",
  ).optional(),
  orders: section({
    counted: oneOf("acknowledged", "fulfilled", "placed", "never").default("fulfilled"),
    settle_after: duration().prefault("24h"),
    lag: duration().prefault("1h"),
  }).prefault({}),
  schedule: section({
    categories: duration("1m").prefault("1h"),
    products: duration("1m").prefault("1h"),
    prices: duration("1m").prefault("15m"),
    stock: duration("1m").prefault("5m"),
    images: duration("1m").prefault("1h"),
    sweep: duration("1h").prefault("24h"),
  }).prefault({}),
  weight_unit: oneOf("g", "kg", "lb", "oz").default("g"),
  http: section({
    timeout_ms: wholeNumber().optional(),
    in_flight: wholeNumber().optional(),
    per_second: z
      .number({ error: "a number above 0" })
      .positive({ error: "a number above 0" })
      .optional(),
    proxy: text("the address of a proxy").optional(),
    ca: text("PEM text").optional(),
    cert: text("PEM text").optional(),
    key: text("PEM text").optional(),
    max_attempts: wholeNumber().optional(),
  }).prefault({}),
  guards: section({
    gone_percent: percent().default(5),
    price_percent: percent().default(30),
    absent_percent: percent().default(20),
  }).prefault({}),
  writer: oneOf("sql", "native").default("sql"),
})

/** Not strict: Medusa adds keys of its own beside the plugin's. */
export const optionsSchema = z.object(
  {
    connections: listOf(connectionSchema, "connections").default([]),
    retention: section({
      journal: duration("1d").prefault("90d"),
      runs: duration("1d").prefault("30d"),
    }).prefault({}),
  },
  { error: "an object" },
)

export type ParsedConnection = z.output<typeof connectionSchema>
