import { DEFAULT_GUARDS, Guards } from "../../src/sync/guards"
import { connectionId, medusaId } from "../../src/sync/ids"
import { CountedOrders, PushRules, Rules, StockBasis } from "../../src/sync/rules"
import { Owner } from "../../src/sync/values"
import { Extras, guardsWith, withExtras } from "./extras"
import { Random } from "./random"
import { Dialect, DIALECTS } from "./world/dialects"
import { WAREHOUSE } from "./world/erp-canonical"

type Happening = "erp" | "medusa" | "shop" | "person" | "export" | "tick" | "crash" | "pause"

/** The setting of one seed: options, how much is edited, how often things fail. */
export interface Scenario {
  dialect: Dialect
  extras: Extras
  rules: Rules
  guards: Guards
  products: number
  workers: number
  edits: number
  faultRate: number
  /** How many of the decisions are something that happens, instead of work going on. */
  eventShare: number
  happenings: readonly (readonly [Happening, number])[]
  /** Longer than any overlap, delay or deadline. */
  settleUs: number
}

const MINUTE_MS = 60_000

export const scenarioOf = (random: Random, extras: Extras): Scenario => {
  const dialect = random.pick(DIALECTS)
  if (!dialect) {
    throw new Error("there is no dialect")
  }
  const setting = settingOf(random, dialect)
  return {
    ...setting,
    dialect,
    extras,
    rules: withExtras(setting.rules, extras, dialect),
    guards: guardsWith(setting.guards, extras),
  }
}

const settingOf = (random: Random, dialect: Dialect): Omit<Scenario, "dialect" | "extras"> => ({
  rules: rulesOf(random, dialect),
  guards: random.chance(0.3) ? DEFAULT_GUARDS : { gone_share: 1, price_share: 1, absent_share: 1 },
  products: random.between(4, 10),
  workers: random.between(1, 3),
  edits: random.between(60, 140),
  faultRate: random.pick([0, 0.01, 0.1, 0.3]) ?? 0,
  eventShare: random.pick([0.02, 0.05, 0.12]) ?? 0.05,
  happenings: [
    ["erp", 30],
    ["medusa", 25],
    ["shop", 12],
    ["person", 5],
    ["export", dialect.file_push ? 10 : 0],
    ["tick", 14],
    ["crash", random.chance(0.7) ? 2 : 0],
    ["pause", 8],
  ],
  settleUs: 40 * MINUTE_MS * 1000,
})

const rulesOf = (random: Random, dialect: Dialect): Rules => ({
  connection_id: connectionId("erp"),
  fingerprint: "rules-1",
  owners: ownersOf(random),
  foreign_edits: random.chance(0.75) ? "enforce" : "report",
  conflicts: random.pick(["erp", "medusa", "manual"] as const) ?? "erp",
  first_link: random.pick(["erp", "medusa", "manual"] as const) ?? "erp",
  push: pushOf(random, dialect),
  normalises: dialect.normalises,
  deleted: random.pick(["ignore", "ignore", "archive_erp", "recreate"] as const) ?? "ignore",
  match: "sku",
  gone: "draft",
  create: {
    status: "published",
    archived: random.chance(0.2),
    sales_channel_ids: [],
    shipping_profile_id: null,
  },
  weight_unit: "g",
  prices: [{ erp: "list", currency: "eur", rounding: "half-up", digits: 2 }],
  stock: [
    {
      erp: WAREHOUSE,
      location_id: medusaId("sloc_1"),
      basis: random.pick<StockBasis>(["available", "on_hand"]) ?? "available",
    },
  ],
  orders: {
    counted:
      random.pick<CountedOrders>(["acknowledged", "fulfilled", "placed", "never"]) ?? "fulfilled",
    settle_after_ms: 30 * MINUTE_MS,
    lag_ms: 10 * MINUTE_MS,
  },
})

/** Fields whose owner the options of a seed may set, with who else than the default one may be it. */
const OWNED: readonly (readonly [string, readonly Owner[]])[] = [
  ["title", ["both", "both", "both", "erp", "medusa"]],
  ["description", ["both", "both", "erp", "medusa"]],
  ["category", ["both", "both", "erp", "medusa"]],
  ["sku", ["erp", "erp", "both", "medusa"]],
  ["barcode", ["erp", "both", "medusa"]],
  ["weight", ["erp", "both", "medusa"]],
  ["price", ["erp", "erp", "both", "medusa"]],
  ["name", ["both", "both", "erp"]],
]

const ownersOf = (random: Random): Rules["owners"] =>
  Object.fromEntries(
    OWNED.map(([field, owners]) => [field, random.pick<Owner>(owners) ?? "both"] as const),
  )

const pushOf = (random: Random, dialect: Dialect): PushRules => ({
  held: random.chance(0.88) ? null : "push_off",
  fields: {
    category: new Set(dialect.writes.category ?? []),
    product: new Set(dialect.writes.product ?? []),
    variant: new Set(dialect.writes.variant ?? []),
  },
  create: false,
  stock: false,
  single_category: dialect.single_category,
})
