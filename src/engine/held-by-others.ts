import { ErpProduct } from "../sync/canonical"
import { heldByOther, Holding, OtherLink, Wanted, WriteScope } from "../sync/write-scope"
import { ErpId } from "../sync/ids"
import { Connected, EngineContext } from "./context"
import { ParkedRecord } from "./ports"

/** Records of the store that an ERP record is about to be tied to: a product comes with its variants. */
export interface Tie {
  erp_id: ErpId
  wanted: Wanted[]
}

export interface Ties {
  /** By the ERP's id: what another connection writes of the same records. These are not tied. */
  held: ReadonlyMap<ErpId, Holding>
  /** Ties to what other connections link as well, for fields of their own: structure is the others'. */
  shared: ReadonlySet<ErpId>
}

/** What a connection itself writes in the store. */
export const scopeOf = ({ id, rules, connector }: Connected): WriteScope => ({
  connection_id: id,
  rules,
  streams: connector.capabilities.streams,
})

/**
 * Tells which ties would have two ERPs write one field. One query for each kind of record, and none in
 * a store with a single connection.
 */
export const weighTies = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  ties: Tie[],
): Promise<Ties> => {
  const { others = [] } = connected
  const held = new Map<ErpId, Holding>()
  const shared = new Set<ErpId>()
  if (others.length === 0 || ties.length === 0) {
    return { held, shared }
  }
  const links = await linksOfOthers(context, connected, ties)
  const known = new Set(others.map((other) => other.connection_id))
  for (const { erp_id, wanted } of ties) {
    const own = new Set(wanted.map(({ medusa_id }) => medusa_id))
    const about = links.filter((link) => own.has(link.medusa_id) && known.has(link.connection_id))
    const holding = heldByOther(scopeOf(connected), others, wanted, about)
    if (holding) {
      held.set(erp_id, holding)
    } else if (about.length > 0) {
      shared.add(erp_id)
    }
  }
  return { held, shared }
}

const linksOfOthers = async <Tx>(
  { ledger }: EngineContext<Tx>,
  connected: Connected,
  ties: Tie[],
): Promise<OtherLink[]> => {
  const wanted = ties.flatMap((tie) => tie.wanted)
  const found: OtherLink[] = []
  for (const entity of ["category", "product", "variant"] as const) {
    const ids = wanted.filter((entry) => entry.entity === entity).map((entry) => entry.medusa_id)
    if (ids.length > 0) {
      found.push(...(await ledger.linksOfOthers(connected.id, entity, ids)))
    }
  }
  return found
}

/** In what words a tie is refused. */
export const refusalOfTie = (holding: Holding): { message: string; remedy: string } => ({
  message: `connection "${holding.connection_id}" links it already, to ${holding.erp_id} of its ERP, and writes the same of it: ${holding.fields.join(", ")}.`,
  remedy: `Give these fields in one of the two connections to the store (option fields: "medusa"), or unlink the record in "${holding.connection_id}".`,
})

/** The record that waits until the other connection lets go of it. */
export const heldRecord = (
  erp: Pick<ErpProduct, "id" | "title" | "version">,
  holding: Holding,
): ParkedRecord => {
  const { message, remedy } = refusalOfTie(holding)
  return {
    stream: "products",
    entity: "product",
    erp_id: erp.id,
    field: "*",
    reason: "held_by_other_connection",
    message: `"${erp.title}": ${message}`,
    value: holding.connection_id,
    remedy,
    version: erp.version,
  }
}
