import { defineLink } from "@medusajs/framework/utils"
import ProductModule from "@medusajs/medusa/product"
import ErpModule from "../modules/erp"

/** `erp_link.product_variant`: read-only, no table. */
export default defineLink(
  { linkable: ErpModule.linkable.erpLink, field: "medusa_id" },
  ProductModule.linkable.productVariant,
  { readOnly: true },
)
