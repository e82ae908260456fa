import { requireAccess } from "../orm/access"
import { applyInventory, dropEmptyQuants } from "../models/stock-counts"
import type { Json } from "../orm/values"
import type { Call, Method } from "./method"

/** Opening the inventory view. Copies: it deletes quants at zero, and answers a window. */
function openInventory({ env, model }: Call): Json {
  requireAccess(env, model, "read")
  dropEmptyQuants(env)
  return {
    name: "Physical Inventory",
    type: "ir.actions.act_window",
    res_model: "stock.quant",
    view_mode: "list",
  }
}

/** Methods that only one model has. */
export const SPECIAL: Readonly<Record<string, Readonly<Record<string, Method>>>> = {
  "stock.quant": {
    action_apply_inventory: {
      kind: "records",
      params: [],
      run: ({ env, model, ids }) => {
        requireAccess(env, model, "write")
        return applyInventory(env, ids)
      },
    },
    action_view_inventory: { kind: "model", params: [], run: openInventory },
    action_view_quants: { kind: "model", params: [], run: openInventory },
  },
  "res.users": {
    context_get: {
      kind: "model",
      params: [],
      run: ({ env }) => ({ lang: "en_US", tz: "Europe/Brussels", uid: env.user.uid }),
    },
  },
}
