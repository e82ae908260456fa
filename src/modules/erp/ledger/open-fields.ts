/** How a field of a link is found in the dirty set; the link's table goes by the alias `l`. */

/** Whether a field is a price: a base price, or a variant's tiers in a price list. */
export const isPrice = (field: string): string =>
  `(${field} like 'price:%' or starts_with(${field}, 'price_list:'))`

/** The stream in which a field of a link is looked at. */
export const streamOfField = (field: string): string => `
  case when l.entity = 'category' then 'categories'
    when ${isPrice(field)} then 'prices'
    when ${field} like 'stock:%' then 'stock'
    else 'products' end`

/** The key of that look: children are looked at with their product, prices and stock by the variant. */
export const keyOfField = (field: string): string => `
  case when ${isPrice(field)} or ${field} like 'stock:%' then l.erp_id
    else coalesce(l.parent_erp_id, l.erp_id) end`
