import { defineLink } from "@medusajs/framework/utils"
import ProductModule from "@medusajs/medusa/product"
import ErpModule from "../modules/erp"

/** `product.erp_links`: a list, one link for each connection. */
export default defineLink(
  { linkable: ProductModule.linkable.product, field: "id" },
  { ...ErpModule.linkable.erpLink.id, primaryKey: "medusa_id" },
  { readOnly: true, isList: true },
)
