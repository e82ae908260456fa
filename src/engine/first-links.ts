import { ErpProduct } from "../sync/canonical"
import { FirstLink, FoundVariant, matchValue, planFirstLink } from "../sync/first-link"
import { ErpId, MedusaId } from "../sync/ids"
import { Connected, EngineContext } from "./context"

/**
 * What becomes of unlinked products of the ERP: linked to what the store has, created, or left to a person.
 * Two of them never get the same record. Writes nothing. Where something is about to be linked, the ERP is
 * asked whether another of its records holds the same key; else it is not asked.
 * @throws SyncError when the ERP does not answer
 */
export const firstLinks = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  records: ErpProduct[],
): Promise<Map<ErpId, FirstLink>> => {
  const by = connected.rules.match
  if (by === "none" || records.length === 0) {
    return new Map(records.map((erp) => [erp.id, { kind: "create" }]))
  }
  const values = records.flatMap((erp) => keysOf(erp, by))
  const found = await context.catalog.findVariants(by, [...new Set(values)])
  const taken = await takenRecords(context, connected, found)
  const counts = new Map<string, number>()
  for (const value of values) {
    counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  const repeated = new Set(values.filter((value) => (counts.get(value) ?? 0) > 1))
  const asked = new Set<string>()
  for (;;) {
    const decisions = decideAll(records, by, found, taken, repeated)
    const pairs = pairsOf(by, [...decisions.values()]).filter(({ key }) => !asked.has(key))
    if (pairs.length === 0 || !connected.connector.findHolders) {
      return decisions
    }
    pairs.forEach(({ key }) => asked.add(key))
    const keys = [...new Set(pairs.map(({ key }) => key))]
    const holders = await connected.connector.findHolders(by, keys)
    const elsewhere = pairs.filter(({ key, id }) =>
      holders.get(key)?.some((held) => held.variant_id !== id),
    )
    if (elsewhere.length === 0) {
      return decisions
    }
    // Whoever stood behind one of these for the same record may come to its turn.
    elsewhere.forEach(({ key }) => repeated.add(key))
  }
}

type Match = "sku" | "barcode"

const keysOf = (erp: ErpProduct, by: Match): string[] =>
  erp.variants.flatMap((variant) => matchValue(variant, by) ?? [])

/** Products and variants of the store that are linked already. */
const takenRecords = async <Tx>(
  { ledger }: EngineContext<Tx>,
  connected: Connected,
  found: FoundVariant[],
): Promise<ReadonlySet<MedusaId>> => {
  const products = found.map((entry) => entry.product_id)
  const variants = found.map((entry) => entry.variant_id)
  const links = [
    ...(await ledger.linksByMedusa(connected.id, "product", products)),
    ...(await ledger.linksByMedusa(connected.id, "variant", variants)),
  ]
  return new Set(links.filter(({ state }) => state !== "tombstone").map((link) => link.medusa_id))
}

const decideAll = (
  records: ErpProduct[],
  by: Match,
  found: FoundVariant[],
  taken: ReadonlySet<MedusaId>,
  repeated: ReadonlySet<string>,
): Map<ErpId, FirstLink> => {
  const held = new Set(taken)
  return new Map(
    records.map((erp): [ErpId, FirstLink] => {
      const own = new Set(keysOf(erp, by))
      const matches = found.filter((entry) => own.has(entry.value))
      const decision = planFirstLink(erp, by, matches, held, repeated)
      if (decision.kind === "adopt") {
        held.add(decision.product_id)
      }
      return [erp.id, decision]
    }),
  )
}

/** Keys by which something is about to be linked, each with the variant of the ERP that holds it. */
const pairsOf = (by: Match, decisions: FirstLink[]): { key: string; id: ErpId }[] =>
  decisions.flatMap((decision) =>
    decision.kind === "adopt"
      ? decision.pairs.flatMap(({ erp }) => {
          const key = matchValue(erp, by)
          return key === null ? [] : [{ key, id: erp.id }]
        })
      : [],
  )
