import { Connected } from "../engine/context"
import { ParkedRow } from "../modules/erp/ledger"
import { ErpProduct } from "../sync/canonical"
import { connectionId, erpId, MedusaId } from "../sync/ids"
import { MedusaProduct } from "../sync/snapshot"
import { readForPerson } from "./erp-readings"
import { Runtime } from "./runtime"
import { ProposalView, ProposedVariant } from "./two-way-views"

/** Why a record waits for a person to say what it is in the store. */
const PROPOSED = "ambiguous_match"
/** Candidates shown of one record. */
const MOST_CANDIDATES = 10

/** Records of the ERP that a machine could not link, with what the store has that may be the same. */
export const proposals = async (
  runtime: Runtime,
  filter: { connection_id?: string | undefined; limit: number; offset: number },
): Promise<{ proposals: ProposalView[]; count: number }> => {
  const { parked, count } = await runtime.ledger.listParked({ ...filter, reason: PROPOSED })
  const views: ProposalView[] = []
  for (const id of new Set(parked.map((row) => row.connection_id))) {
    const connected = await runtime.connections.one(connectionId(id))
    const own = parked.filter((row) => row.connection_id === id)
    views.push(...(await ofConnection(runtime, connected, own)))
  }
  const order = new Map(parked.map((row, index) => [row.id, index]))
  views.sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0))
  return { proposals: views, count }
}

const ofConnection = async (
  runtime: Runtime,
  connected: Connected | null,
  rows: ParkedRow[],
): Promise<ProposalView[]> => {
  const reading =
    connected &&
    (await readForPerson(
      connected,
      "products",
      rows.map((row) => row.erp_id),
    ))
  const held = new Map((reading?.read?.records ?? []).map((record) => [record.id, record]))
  return Promise.all(
    rows.map(async (row) => {
      const erp = held.get(row.erp_id) ?? null
      return {
        id: row.id,
        connection_id: row.connection_id,
        erp_id: row.erp_id,
        message: row.message,
        key: row.value,
        erp: erp && {
          title: erp.title,
          active: erp.active,
          variants: erp.variants.map(proposedVariant),
        },
        candidates: await candidatesOf(runtime, row, erp),
        first_at: row.first_at,
      }
    }),
  )
}

/** Products of the store with one of the record's SKUs or barcodes. */
const candidatesOf = async (
  { context: { catalog }, ledger }: Runtime,
  row: ParkedRow,
  erp: ErpProduct | null,
): Promise<ProposalView["candidates"]> => {
  const by = row.field === "barcode" ? "barcode" : "sku"
  const keys = [row.value, ...(erp?.variants.map((variant) => variant[by]) ?? [])]
  const found = await catalog.findVariants(by, [...new Set(keys.filter((key) => key !== null))])
  const ids = [...new Set(found.map((entry) => entry.product_id))].slice(0, MOST_CANDIDATES)
  const products = await catalog.readProducts(ids)
  const links = await ledger.linksByMedusa(connectionId(row.connection_id), "product", ids)
  const linked = new Map<MedusaId, string>(
    links.filter((link) => link.state !== "tombstone").map((link) => [link.medusa_id, link.erp_id]),
  )
  return [...products.values()].map((product) => candidate(product, linked))
}

const candidate = (
  product: MedusaProduct,
  linked: ReadonlyMap<MedusaId, string>,
): ProposalView["candidates"][number] => ({
  medusa_id: product.id,
  title: product.title,
  status: product.status,
  variants: product.variants.filter(({ deleted }) => !deleted).map(proposedVariant),
  linked_to: linked.get(product.id) ?? null,
})

const proposedVariant = ({ id, sku, barcode }: ProposedVariant): ProposedVariant => ({
  id,
  sku,
  barcode,
})

/** The record and connection of a proposal; null when it is none any more. */
export const proposalOf = async (
  { ledger }: Runtime,
  id: string,
): Promise<{ connection_id: string; erp_id: string } | null> => {
  const [row] = await ledger.parkedById([id])
  return row?.reason === PROPOSED
    ? { connection_id: row.connection_id, erp_id: erpId(row.erp_id) }
    : null
}
