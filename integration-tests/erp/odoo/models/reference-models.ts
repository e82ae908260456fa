import { validationError } from "../orm/errors"
import type { Env } from "../orm/env"
import {
  binary,
  boolean,
  char,
  float,
  inert,
  integer,
  many2many,
  many2one,
  metaFields,
  one2many,
  selection,
  type FieldDraft,
  HIDDEN,
} from "../orm/fields"
import { patchRow, plainCreate, plainUnlink, plainWrite, rowsOf } from "../orm/records"
import type { Model, OdooVersion } from "../orm/schema"
import { descendants, parentPath } from "../orm/trees"
import { idOf, textOf, type JsonObject, type Row } from "../orm/values"
import { CATEGORY_MAIL_FIELDS } from "./mail-fields"
import { dropItems } from "./pricelist-hooks"

const CATEGORY = "product.category"

export function plainName(env: Env, row: Row): string | false {
  return textOf(row["name"], env.lang)
}

const nameField = (version: OdooVersion) =>
  char("display_name", "Display Name", {
    ...HIDDEN,
    searchable: version >= 18,
    compute: plainName,
  })

export function categoryFields(version: OdooVersion): FieldDraft[] {
  return [
    ...CATEGORY_MAIL_FIELDS,
    ...inert(`
      account_stock_variation_id m2o>account.account 19+
      anglo_saxon_accounting boolean ro 19+
      filter_for_stock_putaway_rule boolean
      packaging_reserve_method selection=full,partial stored
      parent_route_ids m2m>stock.route ro 18+
      product_properties_definition properties_definition stored
      property_account_downpayment_categ_id m2o>account.account stored 18+ -18
      property_account_expense_categ_id m2o>account.account stored
      property_account_income_categ_id m2o>account.account stored
      property_cost_method selection=standard,fifo,average stored
      property_price_difference_account_id m2o>account.account stored 19+
      property_stock_account_input_categ_id m2o>account.account stored -18
      property_stock_account_output_categ_id m2o>account.account stored -18
      property_stock_journal m2o>account.journal stored
      property_stock_valuation_account_id m2o>account.account stored
      property_valuation selection=periodic,real_time stored
      putaway_rule_ids o2m>stock.putaway.rule stored
      removal_strategy_id m2o>product.removal stored
      route_ids m2m>stock.route stored
      total_route_ids m2m>stock.route ro
    `),
    ...metaFields(),
    char("display_name", "Display Name", {
      ...HIDDEN,
      searchable: version >= 18,
      compute: (_env, row) => row["complete_name"] ?? false,
    }),
    char("name", "Name", { required: true }),
    char("complete_name", "Complete Name", { readonly: true }),
    many2one("parent_id", "Parent Category", CATEGORY),
    char("parent_path", "Parent Path", { readonly: true }),
    one2many("child_id", "Child Categories", CATEGORY, "parent_id"),
    integer("product_count", "# Products", { ...HIDDEN, compute: countProducts }),
  ]
}

function countProducts(env: Env, row: Row): number {
  const templates = env.table("product.template")
  let count = 0
  for (const id of descendants(env, env.model(CATEGORY), [row.id])) {
    count += templates
      .find("categ_id", id)
      .filter((template) => templates.get(template)?.["active"] === true).length
  }
  return count
}

/** The full name of a category is stored: renaming one stamps everything below it, but no product. */
function refreshTree(env: Env, model: Model, ids: readonly number[]): void {
  for (const id of descendants(env, model, ids)) {
    const row = env.row(CATEGORY, id)
    if (row === undefined) continue
    const above = env.row(CATEGORY, row["parent_id"])
    const name = textOf(row["name"]) || ""
    const full = above === undefined ? name : `${textOf(above["complete_name"]) || ""} / ${name}`
    const path = parentPath(env, model, row)
    if (row["complete_name"] === full && row["parent_path"] === path) continue
    patchRow(env, CATEGORY, id, { complete_name: full, parent_path: path })
  }
}

export function createCategories(env: Env, model: Model, list: readonly JsonObject[]): number[] {
  return list.flatMap((vals) => {
    const ids = plainCreate(env, model, [vals])
    refreshTree(env, model, ids)
    return ids
  })
}

export function writeCategories(
  env: Env,
  model: Model,
  ids: readonly number[],
  vals: JsonObject,
): void {
  plainWrite(env, model, ids, vals)
  for (const row of rowsOf(env, CATEGORY, ids)) {
    const above = idOf(row["parent_id"])
    if (above !== 0 && descendants(env, model, [row.id]).has(above)) {
      throw validationError("You cannot create recursive categories.")
    }
  }
  refreshTree(env, model, ids)
}

/** Deletes with everything below. Products lose the category on 19 and forbid the deletion before. */
export function unlinkCategories(env: Env, model: Model, ids: readonly number[]): void {
  const all = [...descendants(env, model, ids)]
  const templates = env.table("product.template")
  for (const id of all) {
    for (const template of [...templates.find("categ_id", id)]) {
      if (env.version < 19) {
        throw validationError(
          "The operation cannot be completed: another model requires the record being deleted. If possible, archive it instead.\n\nModel: Product (product.template)\nConstraint: product_template_categ_id_fkey",
        )
      }
      const row = templates.get(template)
      if (row !== undefined) env.tx.put(templates, { ...row, categ_id: false })
    }
  }
  for (const id of all) dropItems(env, "categ_id", id)
  plainUnlink(env, model, all)
}

export function tagFields(version: OdooVersion): FieldDraft[] {
  return [
    ...metaFields(),
    nameField(version),
    char("name", "Name", { required: true, translate: true }),
    integer("sequence", "Sequence", { since: 18, default: 10 }),
    char("color", "Color", { default: "#3C3C3C" }),
    boolean("visible_to_customers", "Visible to customers", { since: 19, default: true }),
    binary("image", "Image", { since: 19 }),
    many2many("product_template_ids", "Product Templates", "product.template", {
      mirrorOf: "product_tag_ids",
    }),
    many2many("product_product_ids", "Product Variants", "product.product", {
      mirrorOf: "additional_product_tag_ids",
    }),
    many2many("product_ids", "All Product Variants using this Tag", "product.product", {
      ...HIDDEN,
      compute: (env, row) => [
        ...env.table("product.product").find("additional_product_tag_ids", row.id),
      ],
    }),
  ]
}

/** Copies: tag names are unique. */
export function checkTags(env: Env, ids: readonly number[]): void {
  const table = env.table("product.tag")
  for (const row of rowsOf(env, "product.tag", ids)) {
    const name = textOf(row["name"])
    const twins = table.ids.filter((id) => textOf(table.get(id)?.["name"]) === name)
    if (twins.length > 1) throw validationError("Tag name already exists!")
  }
}

export function unitFields(version: OdooVersion): FieldDraft[] {
  const measure = { required: version < 19, default: 1 }
  return [
    ...metaFields(),
    nameField(version),
    char("name", "Unit Name", { required: true, translate: true }),
    boolean("active", "Active", { default: true }),
    integer("sequence", "Sequence", { since: 19, default: 10 }),
    float("factor", "Absolute Quantity", { ...measure, digits: 0 }),
    // Units form a chain since 19, before that they belonged to a category.
    float("relative_factor", "Contains", { since: 19, required: true, default: 1, digits: 0 }),
    many2one("relative_uom_id", "Reference Unit", "uom.uom", { since: 19 }),
    one2many("related_uom_ids", "Related UoMs", "uom.uom", "relative_uom_id", { since: 19 }),
    many2one("category_id", "Category", "uom.category", { until: 18 }),
    selection(
      "uom_type",
      "Type",
      [
        ["bigger", "Bigger than the reference Unit of Measure"],
        ["reference", "Reference Unit of Measure for this category"],
        ["smaller", "Smaller than the reference Unit of Measure"],
      ],
      { until: 18, required: true, default: "reference" },
    ),
    float("factor_inv", "Bigger Ratio", {
      ...HIDDEN,
      until: 18,
      compute: (_env, row) => 1 / Number(row["factor"] || 1),
    }),
    float("ratio", "Combined Ratio", { ...HIDDEN, until: 18, compute: () => 1 }),
    float("rounding", "Rounding Precision", {
      store: version < 19,
      searchable: version < 19,
      sortable: version < 19,
      compute: () => 0.01,
    }),
    ...inert(`
      color integer ro -18
      fiscal_country_codes char ro
      package_type_id m2o>stock.package.type stored 19+
      parent_path char stored 19+
      product_uom_ids o2m>product.uom stored 19+
      route_ids m2m>stock.route ro 19+
    `),
  ]
}
