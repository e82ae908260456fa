import { Change } from "../store/memory-database"
import { LinkRow } from "../store/rows"
import { Fields, medusaCategory, medusaProduct, medusaVariant } from "./sides"

/** Who writes besides the plugin's processes. */
export const OTHERS: readonly string[] = ["merchant", "shop", "person", "acknowledgement", "set up"]

/** Medusa's tables of the linked entities. */
export const TABLES: Record<string, string> = {
  product: "products",
  variant: "variants",
  category: "categories",
}

/** A field of the ERP in its history. */
export const erpKey = (link: LinkRow, field: string): string =>
  `${link.entity}/${link.erp_id}/${field}`

/** The name under which the options set a field's owner. */
export const ownerKey = (link: LinkRow, field: string): string =>
  link.entity === "variant" && field === "title" ? "variant_title" : field

/** The ERP makes a variant's title of its values: nobody writes it there. */
export const isDerived = ({ entity }: Pick<LinkRow, "entity">, field: string): boolean =>
  entity === "variant" && field === "title"

/** The entity of a changed row, null for other tables. */
export const entityOf = (change: Change): "product" | "variant" | "category" | null => {
  switch (change.table) {
    case "products":
      return "product"
    case "variants":
      return "variant"
    case "categories":
      return "category"
    default:
      return null
  }
}

/** The synced fields of a changed row. */
export const fieldsOf = ({ table }: Change, row: Change["after"]): Fields => {
  if (!row) {
    return new Map()
  }
  if (table === "products" && "category_ids" in row) {
    return medusaProduct(row)
  }
  if (table === "variants" && "option_value_ids" in row) {
    return medusaVariant(row)
  }
  if (table === "categories" && "parent_id" in row) {
    return medusaCategory(row)
  }
  return new Map()
}
