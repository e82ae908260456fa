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
  selection,
  type FieldDraft,
  HIDDEN,
} from "../orm/fields"
import { textOf } from "../orm/values"

const displayName = (from: string): FieldDraft =>
  char("display_name", "Display Name", { ...HIDDEN, compute: (_env, row) => textOf(row[from]) })

export function companyFields(): FieldDraft[] {
  return [
    ...metaFields(),
    displayName("name"),
    char("name", "Company Name", { required: true }),
    boolean("active", "Active", { default: true }),
    integer("sequence", "Sequence", { default: 10 }),
    many2one("currency_id", "Currency", "res.currency", { required: true, default: 1 }),
    ...inert(`
      partner_id m2o>res.partner stored
      parent_id m2o>res.company stored
      child_ids o2m>res.company stored
      country_id m2o>res.country
      country_code char ro
      street char
      zip char
      city char
      email char stored
      phone char stored
      website char
      vat char
      company_registry char
    `),
  ]
}

export function userFields(groups: string): FieldDraft[] {
  return [
    ...metaFields(),
    displayName("name"),
    char("name", "Name", { required: true }),
    char("login", "Login", { required: true }),
    boolean("active", "Active", { default: true }),
    char("lang", "Language", { default: "en_US" }),
    char("tz", "Timezone", { default: "Europe/Brussels" }),
    many2one("company_id", "Company", "res.company", { default: 1 }),
    many2many("company_ids", "Companies", "res.company", { default: [1] }),
    // `groups_id` was renamed to `group_ids` in 19.
    ...inert(`${groups} m2m>res.groups stored`),
  ]
}

export function languageFields(): FieldDraft[] {
  return [
    ...metaFields(),
    displayName("name"),
    char("name", "Name", { required: true }),
    char("code", "Locale Code", { required: true }),
    char("iso_code", "ISO code"),
    boolean("active", "Active"),
    char("date_format", "Date Format", { default: "%m/%d/%Y" }),
    char("decimal_point", "Decimal Separator", { default: "." }),
    char("thousands_sep", "Thousands Separator", { default: "," }),
  ]
}

export function moduleFields(): FieldDraft[] {
  return [
    ...metaFields(),
    displayName("name"),
    char("name", "Technical Name", { required: true }),
    char("shortdesc", "Module Name"),
    char("latest_version", "Installed Version"),
    selection("state", "Status", [
      ["uninstallable", "Uninstallable"],
      ["uninstalled", "Not Installed"],
      ["installed", "Installed"],
      ["to upgrade", "To be upgraded"],
      ["to remove", "To be removed"],
      ["to install", "To be installed"],
    ]),
  ]
}

export function taxFields(): FieldDraft[] {
  return [
    ...metaFields(),
    displayName("name"),
    char("name", "Tax Name", { required: true, translate: true }),
    boolean("active", "Active", { default: true }),
    integer("sequence", "Sequence", { default: 1 }),
    float("amount", "Amount", { digits: [16, 4], required: true }),
    selection(
      "amount_type",
      "Tax Computation",
      [
        ["group", "Group of Taxes"],
        ["fixed", "Fixed"],
        ["percent", "Percentage"],
        ["division", "Percentage Tax Included"],
      ],
      { required: true, default: "percent" },
    ),
    selection(
      "type_tax_use",
      "Tax Type",
      [
        ["sale", "Sales"],
        ["purchase", "Purchases"],
        ["none", "None"],
      ],
      { required: true, default: "sale" },
    ),
    // Whether `list_price` holds the tax already.
    boolean("price_include", "Included in Price"),
    many2one("company_id", "Company", "res.company", { required: true, default: 1 }),
  ]
}

export function attachmentFields(): FieldDraft[] {
  return [
    ...metaFields(),
    displayName("name"),
    char("name", "Name", { required: true }),
    char("res_model", "Resource Model"),
    integer("res_id", "Resource ID"),
    char("res_field", "Resource Field"),
    binary("datas", "File Content (base64)"),
    char("checksum", "Checksum/SHA1", { readonly: true }),
    integer("file_size", "File Size", { readonly: true }),
    char("mimetype", "Mime Type", { readonly: true }),
    selection(
      "type",
      "Type",
      [
        ["url", "URL"],
        ["binary", "File"],
      ],
      { default: "binary" },
    ),
    // Not in the real one: the key under which the simulator finds the image of a record.
    char("image_key", "Image key"),
  ]
}

/** External ids (`ir.model.data`): closed to the connection's user, used by `load` and `get_metadata`. */
export function externalIdFields(): FieldDraft[] {
  return [
    ...metaFields(),
    char("name", "External Identifier", { required: true }),
    char("module", "Module", { required: true }),
    char("model", "Model Name", { required: true }),
    integer("res_id", "Record ID"),
    char("key", "Key"),
    char("target", "Target"),
  ]
}
