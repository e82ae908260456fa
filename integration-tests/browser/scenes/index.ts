import type { ConnectionView, ParkedView, RecordView, RunView } from "../../../src/runtime/views"
import { DONE, FAILED, WAITING, WORKING } from "./connections"
import { parkedOf } from "./parked"
import { ago, FAILED_RUN, FULL_RUN, HISTORY, WAITING_RUN } from "./runs"

/** What the API answers while a picture is taken; `productId` is a product of the store. */
export interface Scene {
  connections: ConnectionView[]
  runs: RunView[]
  parked: ParkedView[]
  records: RecordView[]
  /** How many products the store says it has; what it really has by default. */
  products?: number
}

const NONE: Scene = { connections: [], runs: [], parked: [], records: [] }

/** States that a healthy store does not show on demand. */
export const scenes = (productId: string, variantIds: string[]): { [name: string]: Scene } => ({
  empty: NONE,
  running: { ...NONE, connections: [WORKING], runs: [FULL_RUN] },
  done: { ...NONE, connections: [{ ...DONE, parked: 0 }], runs: HISTORY },
  menu: { ...NONE, connections: [{ ...DONE, parked: 0 }], runs: HISTORY },
  run: { ...NONE, connections: [FAILED], runs: [FAILED_RUN, ...HISTORY] },
  parked: {
    ...NONE,
    connections: [{ ...DONE, state: "needs_you" }],
    runs: HISTORY,
    parked: parkedOf(productId),
  },
  approval: { ...NONE, connections: [WAITING], runs: [WAITING_RUN], products: 1_240 },
  failed: { ...NONE, connections: [FAILED], runs: [FAILED_RUN, ...HISTORY] },
  product: {
    ...NONE,
    connections: [DONE],
    records: [
      {
        connection_id: "odoo-main",
        erp: "odoo",
        entity: "product",
        erp_id: "812",
        state: "linked",
        agreed_at: ago(4),
        url: "https://erp.example.com/odoo/products/812",
        parked: parkedOf(productId).filter(({ medusa_id }) => medusa_id === productId),
        variants: variantIds.map((medusa_id, index) => ({
          medusa_id,
          erp_id: String(1_640 + index),
          state: "linked",
          sku: `SHIRT-${index + 1}`,
          agreed_at: ago(4),
        })),
      },
    ],
  },
})
