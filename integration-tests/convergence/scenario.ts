import { DEFAULT_GUARDS, Guards } from "../../src/sync/guards"
import { connectionId, medusaId } from "../../src/sync/ids"
import { CountedOrders, Rules, StockBasis } from "../../src/sync/rules"
import { Random } from "./random"
import { WAREHOUSE } from "./world/erp-canonical"

type Happening = "erp" | "medusa" | "shop" | "tick" | "crash" | "pause"

/** The setting of one seed: options, how much is edited, how often things fail. */
export interface Scenario {
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

export const scenarioOf = (random: Random): Scenario => ({
  rules: rulesOf(random),
  guards: random.chance(0.3) ? DEFAULT_GUARDS : { gone_share: 1 },
  products: random.between(4, 10),
  workers: random.between(1, 2),
  edits: random.between(60, 140),
  faultRate: random.pick([0, 0.01, 0.1, 0.3]) ?? 0,
  eventShare: random.pick([0.02, 0.05, 0.12]) ?? 0.05,
  happenings: [
    ["erp", 30],
    ["medusa", 25],
    ["shop", 12],
    ["tick", 14],
    ["crash", random.chance(0.7) ? 2 : 0],
    ["pause", 8],
  ],
  settleUs: 40 * MINUTE_MS * 1000,
})

const rulesOf = (random: Random): Rules => ({
  connection_id: connectionId("erp"),
  fingerprint: "rules-1",
  owners: {},
  foreign_edits: "enforce",
  conflicts: "erp",
  first_link: "erp",
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
