import { ErpProduct } from "../../../src/sync/canonical"
import { FieldValue } from "../../../src/sync/values"
import { differenceId } from "../store/ledger-differences"
import { LinkRow } from "../store/rows"
import { canonicalOf, idsOf } from "../world/erp-canonical"
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
  const deltas = new Deltas(oracle, stock)
  deltas.judgeArrived()
  deltas.judgeSeen()
}

class Deltas extends RestView {
  protected override readonly complain = (_invariant: string, text: string): void =>
    this.oracle.complain("I5", `after the deltas: ${text}`)

  /** What the ERP sells is in the store by then, or parked; what a listing lacked, a full run finds. */
  judgeArrived(): void {
    const { world } = this.oracle
    for (const id of idsOf(world, "products")) {
      const record = canonicalOf(world, "products", id)?.record as ErpProduct | null | undefined
      const known =
        this.link("product", String(id)) !== undefined ||
        this.isParked("product", String(id), () => true) ||
        world.withheld.has(`products/${id}`)
      if (record?.active && !known) {
        this.complain("I5", `product ${id} is not in the store`)
      }
    }
  }

  judgeSeen(): void {
    for (const link of this.links.filter((row) => row.state === "linked" && this.lives(row))) {
      const parent = link.parent_erp_id ?? link.erp_id
      const product = this.link("product", parent)
      if (link.entity === "variant" && product?.state !== "linked") {
        continue
      }
      for (const field of SEEN[link.entity] ?? []) {
        const medusa = this.oracle.medusa.last(`${TABLES[link.entity]}/${link.medusa_id}/${field}`)
        const open = this.parked.some((row) => row.erp_id === link.erp_id || row.erp_id === parent)
        const known = this.erp.has(erpKey(link, field)) && !this.wasLacking(link)
        if (medusa && medusa.by !== "merchant" && known && !open) {
          this.judgeSeenField(link, field, medusa.value)
        }
      }
    }
  }

  /** A full run finds what a listing lacked. */
  private wasLacking({ entity, erp_id, parent_erp_id }: LinkRow): boolean {
    const stream = entity === "category" ? "categories" : "products"
    return this.oracle.world.lacked.has(`${stream}/${parent_erp_id ?? erp_id}`)
  }

  /** What the merchant deleted, and the ERP still has, is another story. */
  private lives(link: LinkRow): boolean {
    const product = this.link("product", link.parent_erp_id ?? link.erp_id)
    return this.oracle.db.read((view) => {
      const row = product && view.get("products", product.medusa_id)
      const own = link.entity === "variant" ? view.get("variants", link.medusa_id) : row
      return link.entity === "category" || (row?.deleted === false && own?.deleted === false)
    })
  }

  /** Carried over, told as a difference, or waiting for a request that may still land. */
  private judgeSeenField(link: LinkRow, field: string, medusa: FieldValue): void {
    const erp = this.erp.get(erpKey(link, field)) ?? null
    const told = this.differences.has(differenceId({ link_id: link.id, field }))
    const open = link.intents[field] !== undefined
    if (!this.agrees(link, field, erp, medusa) && !told && !open) {
      const held = `the ERP holds ${erp}, Medusa ${medusa}`
      this.complain("I5", `${link.entity} ${link.erp_id} ${field}: ${held} after the deltas`)
    }
  }
}
