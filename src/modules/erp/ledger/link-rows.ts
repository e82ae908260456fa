import { Link, LinkState } from "../../../sync/values"
import { Entity } from "../../../sync/canonical"
import { ErpId, MedusaId } from "../../../sync/ids"
import { iso, NOW } from "./sql"

/** A row as `LINK_COLUMNS` selects it; a bigint comes as text. */
export interface LinkRow extends Omit<Link, "seq" | "stock_seq" | "entity" | "state"> {
  entity: Entity
  erp_id: ErpId
  medusa_id: MedusaId
  state: LinkState
  seq: string
  stock_seq: string
}

/** Columns of a link; the table goes by the alias `l`. */
export const LINK_COLUMNS = `
  l.id, l.entity, l.erp_id, l.parent_erp_id, l.medusa_id, l.state, l.base_erp, l.base_medusa,
  l.fingerprint, l.content_hash, l.version, l.intents, l.replaced, l.kept, l.owners,
  l.resolutions, l.match_key,
  l.seq, l.stock_seq, ${iso("l.stock_read_at")} as stock_read_at`

/** What a person's decision does to a link besides: a plan made before is void. */
export const MOVED = `seq = nextval('erp_seq'), stock_seq = nextval('erp_seq'), updated_at = ${NOW}`

export const toLink = (row: LinkRow): Link => ({
  ...row,
  seq: Number(row.seq),
  stock_seq: Number(row.stock_seq),
})
