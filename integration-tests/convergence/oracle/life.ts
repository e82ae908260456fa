import { Change, MemoryDatabase } from "../store/memory-database"
import { LinkRow } from "../store/rows"
import { ErpWorld } from "../world/erp-world"

/**
 * The link that should have been re-pointed where a new one is made: of the same variant under a former
 * id, alive in the store, and the only one of its values.
 */
export const overlookedLink = (
  change: Change<"links">,
  db: MemoryDatabase,
  world: ErpWorld,
): LinkRow | undefined => {
  const made = change.after
  if (change.before || made?.entity !== "variant") {
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

/** Whether a product is taken out of sale that the ERP has sold all along, and sells now. */
export const isRetiredInError = (
  change: Change<"links">,
  db: MemoryDatabase,
  world: ErpWorld,
  everStopped: (key: string) => boolean,
): boolean => {
  const { before, after } = change
  if (after?.entity !== "product" || before?.state !== "linked" || after.state !== "gone") {
    return false
  }
  const id = Number(after.erp_id)
  const linked = db.read((view) =>
    view
      .all("links")
      .filter((row) => row.entity === "variant" && row.state === "linked")
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
