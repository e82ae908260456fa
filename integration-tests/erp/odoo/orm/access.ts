import { accessError } from "./errors"
import type { Env } from "./env"
import type { Model } from "./schema"
import { idList, type Row } from "./values"

export type Operation = "read" | "write" | "create" | "unlink"

const VERBS: Readonly<Record<Operation, string>> = {
  read: "access",
  write: "modify",
  create: "create",
  unlink: "delete",
}

/** Whether the user may do this with a model at all. */
export function mayAccess(env: Env, model: Model, operation: Operation): boolean {
  if (model.access === "none") return false
  return operation === "read" || (model.access === "full" && !env.user.readOnly)
}

/** @throws {OdooError} `AccessError`, 403 over JSON-2, with Odoo's list of groups. */
export function requireAccess(env: Env, model: Model, operation: Operation): void {
  if (mayAccess(env, model, operation)) return
  const group =
    model.group ?? (model.access === "full" ? "Products/Create" : "Role / Administrator")
  throw accessError(
    `You are not allowed to ${VERBS[operation]} '${model.title}' (${model.name}) records.\n\n` +
      `This operation is allowed for the following groups:\n\t- ${group}\n\n` +
      "Contact your administrator to request access if necessary.",
  )
}

/** Copies: a company outside the user's own in `allowed_company_ids` refuses the whole call. */
export function requireCompanies(env: Env): void {
  const companies = idList(env.context["allowed_company_ids"])
  if (companies.every((id) => env.row("res.company", id) !== undefined)) return
  throw accessError("Access to unauthorized or invalid companies.")
}

const SHARED_MODELS = new Set(["product.template", "product.product"])

/**
 * Copies: the multi-company rule of products. In `allowed_company_ids` only those of these companies are
 * seen, and those of none.
 */
export function visibleToCompanies(env: Env, model: Model): ((row: Row) => boolean) | undefined {
  const companies = idList(env.context["allowed_company_ids"])
  if (companies.length === 0 || !SHARED_MODELS.has(model.name)) return undefined
  return (row) => {
    const template =
      model.name === "product.template" ? row : env.row("product.template", row["product_tmpl_id"])
    const company = template?.["company_id"]
    return typeof company !== "number" || companies.includes(company)
  }
}
