import { FieldValue, Link } from "../sync/values"
import { LinkWork } from "./commit"
import { Connected, EngineContext } from "./context"
import { FreedValue, JournalEntry } from "./ports"

/** Fields of which the store lets no two records hold the same. */
const UNIQUE = ["sku", "barcode"] as const

/**
 * Wakes records that parked because another one held their SKU or barcode, when that one was renamed,
 * cleared or deleted.
 */
export const wakeFreed = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  tx: Tx,
  { written, deleted }: { written: JournalEntry[]; deleted: Link[] },
): Promise<void> => {
  const freed = [...written.flatMap(replacedBy), ...deleted.flatMap(heldBy)]
  if (freed.length > 0) {
    await context.ledger.wakeDuplicates(tx, connected.id, freed)
  }
}

/** Variants whose records in the store are gone: those of the page, and all of its deleted products. */
export const deletedVariants = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  works: LinkWork[],
): Promise<Link[]> => {
  const links = works.flatMap(({ patch, link }) => (patch.state === "tombstone" ? [link] : []))
  const products = links.filter((link) => link.entity === "product")
  const children =
    products.length > 0
      ? await context.ledger.linksByParent(
          connected.id,
          products.map((link) => link.erp_id),
        )
      : []
  return [...links, ...children].filter((link) => link.entity === "variant")
}

const replacedBy = ({ entity, side, field, from }: JournalEntry): FreedValue[] =>
  entity === "variant" && side === "medusa"
    ? UNIQUE.flatMap((unique) => (unique === field ? valueOf(unique, from) : []))
    : []

const heldBy = (link: Link): FreedValue[] =>
  UNIQUE.flatMap((field) => valueOf(field, link.base_medusa[field] ?? null))

const valueOf = (field: FreedValue["field"], value: FieldValue): FreedValue[] =>
  typeof value === "string" && value !== "" ? [{ field, value }] : []
