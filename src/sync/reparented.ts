import { ErpProduct, ErpVariant } from "./canonical"
import { ErpId } from "./ids"
import { Link } from "./values"

/** Under which name of `kept` a variant's link says which product the ERP has moved it to. */
export const MOVED_TO = "moved_to"

/** Under which name it says to which product a person lets it go. */
export const MOVE_APPROVED = "move_approved"

/** Whether a person approved the very move that the ERP shows: to this product, and no other. */
export const mayMoveTo = (link: Link, product: Pick<ErpProduct, "id">): boolean =>
  link.state === "linked" && link.kept[MOVE_APPROVED] === product.id

/**
 * Whether the ERP shows this variant under another product: it is not gone, and stays as it is until a
 * person has decided. A link never follows such a move by itself.
 */
export const isElsewhere = (link: Link, product: Pick<ErpProduct, "variants">): boolean =>
  typeof link.kept[MOVED_TO] === "string" &&
  !product.variants.some((variant) => variant.id === link.erp_id)

/** Variants of a product that are linked under another one. A tombstone there holds as well. */
export const strangersIn = (
  product: ErpProduct,
  linked: ReadonlyMap<ErpId, Link>,
): { erp: ErpVariant; link: Link }[] =>
  product.variants.flatMap((erp) => {
    const link = linked.get(erp.id)
    return link && link.parent_erp_id !== product.id ? [{ erp, link }] : []
  })

/** Linked variants that a complete read of their product does not show, archived ones included. */
export const vanishedFrom = (product: ErpProduct, links: Link[]): Link[] => {
  const present = new Set(product.variants.map((variant) => variant.id))
  return links.filter(
    (link) =>
      link.entity === "variant" &&
      link.parent_erp_id === product.id &&
      (link.state === "linked" || link.kept[MOVED_TO] !== undefined) &&
      !present.has(link.erp_id),
  )
}
