import { inherit, settle, type FieldDraft } from "../orm/fields"
import { char, metaFields } from "../orm/fields"
import type { Model, OdooVersion, Schema } from "../orm/schema"
import { textOf } from "../orm/values"
import * as lineModels from "./attribute-line-models"
import * as lines from "./attribute-lines"
import * as attributes from "./attribute-models"
import * as base from "./base-models"
import * as currencies from "./currency-models"
import * as kits from "./kit-models"
import { moveLineFields } from "./move-line-fields"
import * as places from "./location-hooks"
import * as priceRules from "./pricelist-hooks"
import * as pricelists from "./pricelist-models"
import { productFields, productName } from "./product-fields"
import * as products from "./product-hooks"
import * as reference from "./reference-models"
import * as counts from "./stock-counts"
import * as stock from "./stock-models"
import { templateFields, templateName } from "./template-fields"
import * as templates from "./template-hooks"

type Parts = Partial<Model> & { readonly title: string; readonly order?: string }

function define(
  name: string,
  drafts: readonly FieldDraft[],
  version: OdooVersion,
  parts: Parts,
): Model {
  return {
    order: "id",
    displayName: reference.plainName,
    access: "full",
    ...parts,
    name,
    fields: settle(drafts, version),
  }
}

/** Manufacturing, as far as it makes kits. */
function kitModels(version: OdooVersion): Model[] {
  return [
    define("mrp.bom", kits.bomFields(), version, { title: "Bill of Material" }),
    define("mrp.bom.line", kits.bomLineFields(), version, { title: "Bill of Material Line" }),
  ]
}

function catalogModels(version: OdooVersion, addons: readonly Addon[]): Model[] {
  const favorite = version === 17 ? "priority desc" : "is_favorite desc"
  const template = define("product.template", templateFields(version), version, {
    title: "Product",
    order: `${favorite}, name`,
    displayName: templateName,
    create: templates.createTemplates,
    write: templates.writeTemplates,
    unlink: templates.unlinkTemplates,
    toggle: templates.toggleTemplates,
  })
  const made = addons.includes("mrp") ? [kits.isKitField()] : []
  const own = settle([...productFields(version), ...made], version)
  const product: Model = {
    name: "product.product",
    title: "Product Variant",
    order: version === 19 ? "default_code, name, id" : `${favorite}, default_code, name, id`,
    fields: inherit(own, template.fields),
    displayName: productName,
    inherits: { model: "product.template", field: "product_tmpl_id" },
    access: "full",
    create: products.createVariants,
    write: products.writeVariants,
    unlink: products.unlinkVariants,
    check: products.checkBarcodes,
    toggle: products.toggleVariants,
  }
  return [
    template,
    product,
    define("product.category", reference.categoryFields(version), version, {
      title: "Product Category",
      order: "complete_name",
      displayName: (_env, row) => textOf(row["complete_name"]),
      parent: "parent_id",
      create: reference.createCategories,
      write: reference.writeCategories,
      unlink: reference.unlinkCategories,
    }),
    define("product.tag", reference.tagFields(version), version, {
      title: "Product Tag",
      order: version >= 18 ? "sequence, id" : "id",
      check: reference.checkTags,
    }),
    define("uom.uom", reference.unitFields(version), version, {
      title: version >= 19 ? "Unit" : "Product Unit of Measure",
      order: version >= 19 ? "sequence, relative_uom_id, id" : "factor desc, id",
      ...(version >= 19 ? { parent: "relative_uom_id" } : {}),
    }),
  ]
}

function attributeModels(version: OdooVersion): Model[] {
  return [
    define("product.attribute", attributes.attributeFields(version), version, {
      title: "Product Attribute",
      order: "sequence, id",
      write: attributes.writeAttributes,
      unlink: attributes.unlinkAttributes,
    }),
    define("product.attribute.value", attributes.globalValueFields(version), version, {
      title: "Attribute Value",
      order: "attribute_id, sequence, id",
      displayName: attributes.globalValueName,
      check: attributes.checkGlobalValues,
      unlink: attributes.unlinkGlobalValues,
    }),
    define("product.template.attribute.line", lineModels.lineFields(version), version, {
      title: "Product Template Attribute Line",
      order: "sequence, attribute_id, id",
      displayName: lineModels.lineName,
      create: lines.createLines,
      write: lines.writeLines,
      unlink: lines.unlinkLines,
      check: lines.checkLines,
    }),
    define("product.template.attribute.value", lineModels.templateValueFields(version), version, {
      title: "Product Template Attribute Value",
      order: "attribute_line_id, product_attribute_value_id, id",
      displayName: lineModels.templateValueName,
      create: lines.createTemplateValues,
      check: lines.checkTemplateValues,
      unlink: lines.unlinkTemplateValues,
    }),
  ]
}

function stockModels(version: OdooVersion): Model[] {
  return [
    define("stock.quant", stock.quantFields(version), version, {
      title: "Quants",
      displayName: stock.quantName,
      create: counts.createQuants,
      write: counts.writeQuants,
      unlink: counts.unlinkQuants,
      check: counts.checkQuants,
    }),
    define("stock.move.line", moveLineFields(version), version, {
      title: "Product Moves (Stock Move Line)",
      displayName: (_env, row) => `stock.move.line,${row.id}`,
    }),
    define("stock.warehouse", stock.warehouseFields(version), version, {
      title: "Warehouse",
      order: "sequence, id",
      create: places.createWarehouses,
      write: places.writeWarehouses,
    }),
    define("stock.location", stock.locationFields(version), version, {
      title: "Inventory Locations",
      order: "complete_name, id",
      displayName: (_env, row) => textOf(row["complete_name"]),
      parent: "location_id",
      create: places.createLocations,
      write: places.writeLocations,
    }),
    define("product.pricelist", pricelists.pricelistFields(version), version, {
      title: "Pricelist",
      order: "sequence, id, name",
      displayName: pricelists.pricelistName,
      write: priceRules.writePricelists,
      unlink: priceRules.unlinkPricelists,
    }),
    define("product.pricelist.item", pricelists.pricelistItemFields(version), version, {
      title: "Pricelist Rule",
      order: "applied_on, min_quantity desc, categ_id desc, id desc",
      create: priceRules.createItems,
      write: priceRules.writeItems,
      check: priceRules.checkItems,
    }),
  ]
}

/** Models that exist in every database but are closed to a user without administration rights. */
function closedModel(name: string, title: string, version: OdooVersion): Model {
  const drafts = [...metaFields(), char("name", "Name")]
  return define(name, drafts, version, { title, access: "none" })
}

function baseModels(version: OdooVersion): Model[] {
  const read = "read" as const
  return [
    define("res.company", base.companyFields(), version, {
      title: "Companies",
      order: "sequence, name",
      access: read,
    }),
    define("res.currency", currencies.currencyFields(), version, {
      title: "Currency",
      order: "active desc, name",
      access: read,
    }),
    define("res.currency.rate", currencies.rateFields(), version, {
      title: "Currency Rate",
      order: "name desc, id",
      access: read,
      check: currencies.checkRates,
    }),
    define("res.users", base.userFields(version >= 19 ? "group_ids" : "groups_id"), version, {
      title: "User",
      order: "name, login",
      access: read,
      group: "Access Rights",
    }),
    define("res.lang", base.languageFields(), version, {
      title: "Languages",
      order: "active desc, name",
      access: read,
    }),
    define("ir.module.module", base.moduleFields(), version, {
      title: "Module",
      order: "name",
      access: read,
    }),
    define("account.tax", base.taxFields(), version, {
      title: "Tax",
      order: "sequence, id",
    }),
    define("ir.attachment", base.attachmentFields(), version, {
      title: "Attachment",
      order: "id desc",
    }),
    define("ir.model.data", base.externalIdFields(), version, {
      title: "Model Data",
      access: "none",
      group: "Access Rights",
    }),
    closedModel("ir.config_parameter", "System Parameter", version),
    closedModel("base.automation", "Automation Rule", version),
    closedModel("res.users.apikeys", "Users API Keys", version),
  ]
}

/** Apps that a database may have besides. */
export type Addon = "mrp"

/** All models of one version. */
export function buildSchema(version: OdooVersion, addons: readonly Addon[] = []): Schema {
  const models = [
    ...catalogModels(version, addons),
    ...(addons.includes("mrp") ? kitModels(version) : []),
    ...attributeModels(version),
    ...stockModels(version),
    ...baseModels(version),
  ]
  return new Map(models.map((model) => [model.name, model]))
}
