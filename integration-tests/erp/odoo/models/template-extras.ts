import { inert } from "../orm/fields"

/** Fields of `product.template` that the simulator knows and leaves empty. */
export const TEMPLATE_EXTRAS = inert(`
  account_tag_ids m2m>account.account.tag stored
  combo_ids m2m>product.combo stored 18+
  cost_method selection=standard,fifo,average ro
  description_picking text stored
  description_pickingin text stored
  description_pickingout text stored
  fiscal_country_codes char ro
  has_available_route_ids boolean ro
  location_id m2o>stock.location
  lot_sequence_id m2o>ir.sequence stored 19+
  lot_valuated boolean stored 18+
  nbr_moves_in integer ro
  nbr_moves_out integer ro
  nbr_reordering_rules integer ro
  next_serial char ro 19+
  optional_product_ids m2m>product.template stored
  packaging_ids o2m>product.packaging -18
  pricelist_item_count integer ro -18
  pricelist_rule_ids o2m>product.pricelist.item stored 19+
  product_document_count integer ro
  product_document_ids o2m>product.document stored
  product_properties properties stored
  product_tooltip char ro
  property_account_expense_id m2o>account.account stored
  property_account_income_id m2o>account.account stored
  property_price_difference_account_id m2o>account.account stored 19+
  property_stock_inventory m2o>stock.location stored
  property_stock_production m2o>stock.location stored
  reordering_max_qty float ro
  reordering_min_qty float ro
  responsible_id m2o>res.users stored
  route_from_categ_ids m2m>stock.route ro
  route_ids m2m>stock.route stored
  sale_line_warn selection=no-message,warning,block stored -18
  sale_line_warn_msg text stored
  seller_ids o2m>product.supplierinfo stored
  serial_prefix_format char 19+
  service_tracking selection=no stored 18+
  service_type selection=manual stored
  show_forecasted_qty_status_button boolean ro
  show_on_hand_qty_status_button boolean ro
  show_qty_update_button boolean ro 19+
  tax_string char ro
  uom_category_id m2o>uom.category ro 18+ -18
  uom_ids m2m>uom.uom stored 19+
  valuation selection=periodic,real_time ro
  variant_seller_ids o2m>product.supplierinfo stored
  visible_expense_policy boolean ro
  warehouse_id m2o>stock.warehouse
`)
