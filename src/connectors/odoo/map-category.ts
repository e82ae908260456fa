import type { StreamRecords } from "../../sync/canonical"
import { erpId } from "../../sync/ids"
import { admit } from "../door"
import type { Mapped } from "./map-product"
import { idIn, newestOwn, Row } from "./rows"

/** A `product.category` row as a canonical category. Odoo cannot archive one: it is always active. */
export const mapCategory = (row: Row): Mapped<StreamRecords["categories"]> => {
  const subject = {
    id: erpId(row.id),
    version: newestOwn([row]),
    named: `product category "${String(row["name"]).slice(0, 80)}" (id ${row.id}) in Odoo`,
  }
  return admit("categories", subject, () => {
    const parent = idIn(row["parent_id"], "parent_id")
    return {
      id: subject.id,
      version: subject.version,
      active: true,
      parent_id: parent === null ? null : erpId(parent),
      name: row["name"],
    }
  })
}
