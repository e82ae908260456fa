import { requireAccess } from "../orm/access"
import { applyInventory, dropEmptyQuants } from "../models/stock-counts"
import type { Env } from "../orm/env"
import { valueError } from "../orm/errors"
import { createRecords, patchRow, rowsOf } from "../orm/records"
import { idOf, idsOf, numberOf, textOf, type Json } from "../orm/values"
import { objectArg, type Call, type Method } from "./method"

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

/** Fields a duplicate takes over; codes, barcodes and images of variants are not among them. */
const COPIED = [
  ...["list_price", "type", "detailed_type", "is_storable", "tracking", "categ_id", "uom_id"],
  ...["description", "description_sale", "sale_ok", "purchase_ok", "sequence"],
]

/** The extra prices of a duplicate's values are those of the original's. */
function copyExtras(env: Env, from: number, to: number): void {
  const table = env.table("product.template.attribute.value")
  const originals = table.find("product_tmpl_id", from).map((id) => table.get(id))
  for (const id of [...table.find("product_tmpl_id", to)]) {
    const value = table.get(id)?.["product_attribute_value_id"]
    const original = originals.find((row) => row?.["product_attribute_value_id"] === value)
    patchRow(env, table.name, id, { price_extra: numberOf(original?.["price_extra"]) })
  }
}

function copyTemplates({ env, model, ids, args }: Call): Json {
  requireAccess(env, model, "create")
  const lines = env.table("product.template.attribute.line")
  const copies = rowsOf(env, model.name, ids).flatMap((row) => {
    const fields = COPIED.filter((field) => model.fields.has(field))
    const values = Object.fromEntries(fields.map((field) => [field, row[field] as Json]))
    const drafts = lines.find("product_tmpl_id", row.id).map((id): Json => {
      const line = lines.get(id)
      const vals = {
        attribute_id: idOf(line?.["attribute_id"]),
        value_ids: [[6, 0, idsOf(line?.["value_ids"])]],
      }
      return [0, 0, vals]
    })
    const [copy = 0] = createRecords(env, model, [
      {
        ...values,
        name: `${textOf(row["name"]) || ""} (copy)`,
        attribute_line_ids: drafts,
        ...objectArg(args["default"]),
      },
    ])
    copyExtras(env, row.id, copy)
    return [copy]
  })
  // Copies: 17 duplicates one record and answers its id, 18 and 19 answer a list.
  return env.version === 17 ? (copies[0] ?? false) : copies
}

/**
 * `check_object_reference`. Copies: it needs no right to external ids; an archived record is hidden
 * unless the context shows it, and an unknown name is an error of the programming kind.
 */
function checkReference({ env, args }: Call): Json {
  const key = `${String(args["module"])}.${String(args["xml_id"])}`
  const [found] = env.table("ir.model.data").find("key", key)
  const row = found === undefined ? undefined : env.row("ir.model.data", found)
  const model = String(row?.["model"])
  const target = row === undefined ? undefined : env.row(model, Number(row["res_id"]))
  if (target === undefined) {
    throw valueError(`External ID not found in the system: ${key}`)
  }
  const isShown = target["active"] !== false || !env.activeTest
  return [model, isShown ? target.id : false]
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
  "ir.model.data": {
    check_object_reference: {
      kind: "model",
      params: ["module!", "xml_id!", "raise_on_access_error"],
      run: checkReference,
    },
  },
  "product.template": {
    copy: { kind: "records", params: ["default"], run: copyTemplates },
    // A message stamps nothing.
    message_post: {
      kind: "records",
      params: ["body", "subject", "message_type"],
      run: ({ env, model, ids }) => {
        requireAccess(env, model, "write")
        return ids.map((id) => 1000 + id)
      },
    },
  },
  "res.users": {
    context_get: {
      kind: "model",
      params: [],
      run: ({ env }) => ({ lang: "en_US", tz: "Europe/Brussels", uid: env.user.uid }),
    },
  },
}
