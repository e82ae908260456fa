import { Oracle } from "./oracle"
import { erpKey, TABLES } from "./records"
import { RestView } from "./rest-view"
import { StockOracle } from "./stock"

const SEEN: Record<string, string[]> = {
  product: ["title"],
  variant: ["title", "sku", "barcode", "weight", "price:eur"],
  category: ["name"],
}

/** What must hold when the deltas are done and no full run was: no ERP edit is unseen (I5). */
export const judgeDeltas = (oracle: Oracle, stock: StockOracle): void => {
  new Deltas(oracle, stock).judgeSeen()
}

class Deltas extends RestView {
  judgeSeen(): void {
    for (const link of this.links.filter((row) => row.state === "linked")) {
      const parent = link.parent_erp_id ?? link.erp_id
      const product = this.link("product", parent)
      if (link.entity === "variant" && product?.state !== "linked") {
        continue
      }
      for (const field of SEEN[link.entity] ?? []) {
        const medusa = this.oracle.medusa.last(`${TABLES[link.entity]}/${link.medusa_id}/${field}`)
        const open = this.parked.some((row) => row.erp_id === link.erp_id || row.erp_id === parent)
        const known = this.erp.has(erpKey(link, field))
        if (medusa && medusa.by !== "merchant" && known && !open) {
          this.judgeField(link, field, medusa.value, field)
        }
      }
    }
  }
}
