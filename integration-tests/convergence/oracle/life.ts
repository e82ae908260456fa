import { ErpProduct } from "../../../src/sync/canonical"
import { isNewKey } from "../../../src/sync/ids"
import { Change, MemoryDatabase } from "../store/memory-database"
import { LinkRow, ProductRow, VariantRow } from "../store/rows"
import { canonicalOf } from "../world/erp-canonical"
import { ErpWorld } from "../world/erp-world"

/**
 * The link that should have been re-pointed where a new one is made: of the same variant under a former
 * id, alive in the store, and the only one of its values on either side.
 */
export const overlookedLink = (
  change: Change<"links">,
  db: MemoryDatabase,
  world: ErpWorld,
): LinkRow | undefined => {
  const made = change.after
  if (change.before || made?.entity !== "variant" || hasTwin(made, world)) {
    return undefined
  }
  const former = new Set(world.formerIds(Number(made.erp_id)).map(String))
  return db.read((view) => {
    const siblings = view
      .all("links")
      .filter((row) => row.parent_erp_id === made.parent_erp_id && row.entity === "variant")
    return siblings.find((row) => {
      const twins = siblings.filter((other) => other !== row && other.match_key === row.match_key)
      const held = view.get("variants", row.medusa_id)
      return (
        former.has(row.erp_id) &&
        row.state === "linked" &&
        row.match_key === made.match_key &&
        held?.deleted === false &&
        twins.every((other) => other.id === made.id)
      )
    })
  })
}

/** Whether the ERP sells another variant of the same values: which of them is the former one is unknown. */
const hasTwin = (made: LinkRow, world: ErpWorld): boolean => {
  const product = canonicalOf(world, "products", Number(made.parent_erp_id))?.record
  const { variants } = (product as ErpProduct | null | undefined) ?? { variants: [] }
  const values = (id: string): string =>
    JSON.stringify(variants.find((entry) => entry.id === id)?.option_values)
  return variants.some(
    ({ id, active }) => active && id !== made.erp_id && values(id) === values(made.erp_id),
  )
}

const goesNow = ({ table, before, after }: Change): boolean =>
  table === "links" &&
  (before as LinkRow | undefined)?.state === "linked" &&
  (after as LinkRow | undefined)?.state === "gone"

/** Whether a product is taken out of sale that the ERP has sold all along, and sells now. */
export const isRetiredInError = (
  change: Change<"links">,
  db: MemoryDatabase,
  world: ErpWorld,
  everStopped: (key: string) => boolean,
  changes: readonly Change[],
): boolean => {
  const { before, after } = change
  if (after?.entity !== "product" || before?.state !== "linked" || after.state !== "gone") {
    return false
  }
  const id = Number(after.erp_id)
  // Its variants may go with it, in the same commit.
  const leaving = new Set(changes.filter(goesNow).map((entry) => entry.id))
  const linked = db.read((view) =>
    view
      .all("links")
      .filter((row) => row.state === "linked" || leaving.has(row.id))
      .filter((row) => row.entity === "variant")
      .map((row) => Number(row.erp_id)),
  )
  return (
    world.store.products.get(id)?.active === true &&
    !everStopped(`product/${id}/active`) &&
    world
      .variantsOf(id)
      .some(
        ({ id: own, active }) =>
          active && linked.includes(own) && !everStopped(`variant/${own}/active`),
      )
  )
}

/** Whether the plugin deletes a variant that the ERP has sold all along, and sells now. */
export const isDeletedInError = (
  change: Change,
  db: MemoryDatabase,
  world: ErpWorld,
  everStopped: (key: string) => boolean,
): boolean => {
  const before = change.before as VariantRow | undefined
  const after = change.after as VariantRow | undefined
  if (change.table !== "variants" || !before || before.deleted || after?.deleted === false) {
    return false
  }
  const link = db.read((view) =>
    view.all("links").find((row) => row.entity === "variant" && row.medusa_id === change.id),
  )
  const sold = link && world.store.variants.get(Number(link.erp_id))
  return (
    link?.state === "linked" &&
    sold?.active === true &&
    world.store.products.get(sold.product)?.active === true &&
    !everStopped(`variant/${sold.id}/active`) &&
    !everStopped(`product/${sold.product}/active`)
  )
}

/** The product that the merchant deleted, where the plugin makes the same one once more. */
export const deletedTwin = (change: Change, db: MemoryDatabase): ProductRow | undefined => {
  const made = change.after as ProductRow | undefined
  if (change.table !== "products" || change.before || !made || made.external_id === null) {
    return undefined
  }
  return db.read((view) =>
    view
      .all("products")
      .find((row) => row.deleted && row.external_id === made.external_id && row.id !== made.id),
  )
}

/**
 * Whether a link only says once more what it said: what is announced of a creation, and taken back, is
 * nobody's record yet; and what is parked for its structure is announced anew whenever it is tried.
 */
export const isIdle = ({ before, after }: Change<"links">, db: MemoryDatabase): boolean => {
  if (!after) {
    return false
  }
  const said = (row: LinkRow | undefined): string => JSON.stringify({ ...row, seq: 0 })
  const isParked = (): boolean =>
    db.read((view) =>
      view.all("parked").some((row) => row.entity === after.entity && row.erp_id === after.erp_id),
    )
  return isNewKey(after.erp_id) || (said(before) === said(after) && isParked())
}
