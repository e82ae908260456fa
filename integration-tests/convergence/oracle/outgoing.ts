import { isNewKey } from "../../../src/sync/ids"
import { LinkRow, ProductRow, VariantRow } from "../store/rows"
import { canonicalOf } from "../world/erp-canonical"
import { refusalOf } from "../world/erp-fields"
import { NOBODY } from "../world/erp-creator"
import { CreationOracle } from "./creations"
import { Oracle } from "./oracle"
import { RestView } from "./rest-view"
import { StockOracle } from "./stock"

/** What must hold at rest of the products that the merchant made: each is in the ERP, or told why not. */
export const judgeOutgoing = (
  oracle: Oracle,
  stock: StockOracle,
  creations: CreationOracle,
): void => {
  const rest = new Outgoing(oracle, stock, creations)
  rest.judgeMade()
  rest.judgeOpen()
}

class Outgoing extends RestView {
  constructor(
    oracle: Oracle,
    stock: StockOracle,
    private readonly creations: CreationOracle,
  ) {
    super(oracle, stock)
  }

  judgeMade(): void {
    const rows = this.oracle.db.read((view) => view.all("products"))
    for (const row of rows.filter(({ external_id }) => external_id === null)) {
      const link = this.oracle.linkOf("product", row.id)
      const made = this.creations.madeOf(row.id)
      // What the merchant deleted may have been made anew in the store.
      const own = made === undefined ? undefined : this.link("product", String(made))
      const isUnread = link !== undefined && this.isUnread(link, made)
      if (made !== undefined && !isUnread && (!own || (own.medusa_id !== row.id && !row.deleted))) {
        this.complain("I3", `${row.id} was made as ${made} in the ERP, and is ${link?.erp_id}`)
      }
      if (!row.deleted) {
        this.judgeLive(row, link)
      }
    }
  }

  private judgeLive(row: ProductRow, link: LinkRow | undefined): void {
    const { create, held } = this.oracle.rules.push
    if (!create || held !== null) {
      if (link) {
        this.complain("I3", `${row.id} is linked as ${link.erp_id}, which nobody asked for`)
      }
      return
    }
    if (!link) {
      return this.complain("I2", `${row.id} was never announced to the ERP`)
    }
    if (isNewKey(link.erp_id) && !this.isRefused(row, link)) {
      this.complain("I2", `${row.id} is not in the ERP, its link ${link.state}`)
    }
  }

  /** Told why, and it is still so. */
  private isRefused(row: ProductRow, link: LinkRow): boolean {
    const { world, table } = this.oracle
    const unsupported = table.dialect.unsupported["product.description"]
    const hasNoPlace = row.description !== null && unsupported?.(row.description) === true
    const isTaken = this.variantsOf(row).some(
      ({ barcode }) => refusalOf(world, "variant", NOBODY, "barcode", barcode) !== null,
    )
    return (
      this.isUnread(link, this.creations.madeOf(row.id)) ||
      this.isParked("product", link.erp_id, ({ reason }) =>
        reason === "unsupported" ? hasNoPlace : reason === "refused_by_erp" && isTaken,
      )
    )
  }

  /** It was made, and is refused at the door since. */
  private isUnread(link: LinkRow, made: number | undefined): boolean {
    return (
      made !== undefined &&
      canonicalOf(this.oracle.world, "products", made)?.rejected != null &&
      this.isParked("product", link.erp_id, ({ reason }) => reason === "invalid")
    )
  }

  private variantsOf(row: ProductRow): VariantRow[] {
    return this.oracle.db
      .read((view) => view.all("variants"))
      .filter((variant) => variant.product_id === row.id && !variant.deleted)
  }

  /** Nothing is on its way still of what is there, or was given up. */
  judgeOpen(): void {
    for (const link of this.links.filter((row) => isNewKey(row.erp_id))) {
      const key = link.entity === "product" ? link.erp_id : (link.parent_erp_id ?? "")
      const product = this.link("product", key)
      const row = this.oracle.db.read((view) => view.get("products", product?.medusa_id ?? ""))
      const own = this.oracle.db.read((view) => view.get("variants", link.medusa_id))
      const isGone = link.entity === "variant" ? own?.deleted !== false : row?.deleted !== false
      if (link.state !== "tombstone" && !isGone && !row) {
        this.complain("I3", `${link.medusa_id} is on its way still, without its product`)
      }
      if (link.state !== "tombstone" && row?.deleted === true) {
        this.complain("I2", `${link.medusa_id} was deleted, and is on its way still`)
      }
    }
    for (const parked of this.parked.filter((entry) => isNewKey(entry.erp_id))) {
      const link = this.link("product", parked.erp_id)
      const row = link && this.oracle.db.read((view) => view.get("products", link.medusa_id))
      if (row?.deleted !== false) {
        this.complain("I6", `${parked.erp_id} is parked, and not in the store any more`)
      }
    }
  }
}
