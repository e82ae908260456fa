/** ERP key of an option's link: options are linked per product, since Medusa's belong to a product. */
export const optionKey = (productId: string, optionId: string): string => `${productId}:${optionId}`
export const valueKey = (productId: string, optionId: string, valueId: string): string =>
  `${productId}:${optionId}:${valueId}`
