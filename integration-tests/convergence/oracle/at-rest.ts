import { ErpCategory, ErpProduct } from "../../../src/sync/canonical"
import { isNewKey } from "../../../src/sync/ids"
import { differenceId } from "../store/ledger-differences"
import { levelId } from "../store/catalog-stock"
import { LinkRow, Tables } from "../store/rows"
import { canonicalOf, idsOf } from "../world/erp-canonical"
import { medusaCategory, medusaProduct, medusaVariant } from "./sides"
import { Oracle } from "./oracle"
import { RestView } from "./rest-view"
import { StockOracle } from "./stock"

/** What must hold when faults and edits have stopped and the passes are done: I1, I2, I3, I5, I6, I8. */
export const judgeRest = (oracle: Oracle, stock: StockOracle): void => {
  const rest = new AtRest(oracle, stock)
  rest.judgeWork()
  rest.judgeProducts()
  rest.judgeCategories()
  rest.judgeUniqueness()
  rest.judgeLinks()
  rest.judgeParked()
  rest.judgeStanding()
}

class AtRest extends RestView {
  judgeWork(): void {
    const { complain, db } = { complain: this.complain, db: this.oracle.db }
    for (const row of db.read((view) => view.all("dirty"))) {
      if (row.reason !== "demand_settles") {
        complain("I2", `${row.stream} ${row.erp_id} is dirty still: ${row.reason}`)
      }
    }
    for (const run of db.read((view) => view.all("runs"))) {
      if (run.state === "running" || run.state === "queued") {
        complain("I2", `run ${run.id} is ${run.state} still`)
      }
    }
    for (const row of db.read((view) => view.all("connections"))) {
      if (row.state !== "active") {
        complain("I6", `the connection is paused: ${row.reason?.message}`)
      }
    }
  }

  judgeProducts(): void {
    for (const id of idsOf(this.oracle.world, "products")) {
      const admitted = canonicalOf(this.oracle.world, "products", id)
      if (admitted?.record) {
        this.judgeProduct(admitted.record as ErpProduct)
      } else if (!this.isParked("product", String(id), () => true)) {
        this.complain("I6", `product ${id} is refused at the door and not parked`)
      }
    }
    for (const link of this.links.filter((row) => row.entity === "product")) {
      const exists = this.oracle.world.store.products.has(Number(link.erp_id))
      if (!exists && link.state === "linked") {
        this.complain("I5", `product ${link.erp_id} was deleted in the ERP, unseen`)
      }
    }
  }

  private judgeProduct(product: ErpProduct): void {
    const link = this.link("product", product.id)
    if (!link || link.state === "creating") {
      if (
        (product.active || link) &&
        !this.isParked("product", product.id, (row) => this.hasCause(row))
      ) {
        this.complain("I5", `product ${product.id} is ${link ? "half made" : "not in the store"}`)
      }
      return
    }
    const row = this.oracle.db.read((view) => view.get("products", link.medusa_id))
    if (!row || row.deleted) {
      if (link.state !== "tombstone" && !this.waitsToBeArchived(link)) {
        this.complain("I3", `product ${product.id} was deleted by the merchant, unseen`)
      }
      return
    }
    if (link.state === "tombstone") {
      return this.complain("I1", `product ${product.id} is a tombstone, and alive on both sides`)
    }
    const live = this.links.filter(
      (entry) =>
        entry.parent_erp_id === product.id &&
        entry.entity === "variant" &&
        entry.state !== "tombstone" &&
        !this.isGhost(entry, product),
    )
    const sold = product.variants.some(
      (entry) => entry.active && live.some((child) => child.erp_id === entry.id),
    )
    const sellable = product.active && (sold || live.length === 0)
    if (sellable !== (link.state === "linked")) {
      this.complain("I5", `product ${product.id} is ${link.state}, active ${product.active}`)
    }
    this.judgeFields(link, medusaProduct(row), ["title", "description"])
    for (const category of this.links.filter((entry) => entry.entity === "category")) {
      const held = this.oracle.db.read((view) => view.get("categories", category.medusa_id))
      if (category.state !== "tombstone" && held && !held.deleted) {
        this.judgeField(
          link,
          `category:${category.erp_id}`,
          row.category_ids.includes(category.medusa_id) ? true : null,
        )
      }
    }
    if (product.active) {
      product.variants
        .filter((entry) => entry.active)
        .forEach((entry) => this.judgeVariant(product, entry.id))
    }
  }

  /** Was to be made (again), and left the ERP before that: neither side has it. */
  private isGhost(link: LinkRow, product: ErpProduct): boolean {
    const row = this.oracle.db.read((view) => view.get("variants", link.medusa_id))
    return (
      link.state === "creating" &&
      row === undefined &&
      !product.variants.some((entry) => entry.id === link.erp_id)
    )
  }

  /** Deleted in the store, and told as waiting to be archived in the ERP. */
  private waitsToBeArchived(link: LinkRow): boolean {
    const { rules } = this.oracle
    const row = this.differences.get(differenceId({ link_id: link.id, field: "active" }))
    return rules.deleted === "archive_erp" && rules.push.held !== null && row?.kind === "pending"
  }

  private judgeVariant(product: ErpProduct, id: string): void {
    const link = this.link("variant", id)
    if (!link) {
      if (
        !this.isParked("variant", id, () => true) &&
        !this.isParked("product", product.id, (row) => this.hasCause(row))
      ) {
        this.complain("I5", `variant ${id} of ${product.id} is not in the store`)
      }
      return
    }
    if (this.isParked("variant", id, (entry) => entry.reason === "unfit_variant")) {
      return
    }
    const row = this.oracle.db.read((view) => view.get("variants", link.medusa_id))
    if (!row || row.deleted) {
      const known =
        link.state === "tombstone" ||
        this.isParked("product", product.id, (entry) => this.hasCause(entry))
      if (!known) {
        this.complain("I3", `variant ${id} is deleted in the store, its link ${link.state}`)
      }
      return
    }
    if (
      link.state !== "linked" &&
      !this.isParked("product", product.id, (entry) => this.hasCause(entry))
    ) {
      return this.complain("I5", `variant ${id} is ${link.state}, and sold in the ERP`)
    }
    this.judgeFields(link, medusaVariant(row), [
      "title",
      "sku",
      "barcode",
      "weight",
      "tracked",
      "price:eur",
    ])
    // What the ERP keeps no stock of waits with its structure, and has none in the store.
    if (product.variants.some((entry) => entry.id === id && entry.tracked)) {
      this.judgeStock(link, row)
    }
  }

  private judgeStock(link: LinkRow, row: Tables["variants"]): void {
    const location = this.oracle.rules.stock[0]?.location_id
    if (!row.item_id || !location || !row.manage_inventory) {
      return
    }
    if (this.oracle.rules.push.stock) {
      return this.judgeCounted(link, row.item_id, location)
    }
    const pair = { inventory_item_id: row.item_id, location_id: location }
    const level = this.oracle.db.read((view) => view.get("levels", levelId(pair)))
    if (!level) {
      return this.complain("I2", `variant ${link.erp_id} has no stock level`)
    }
    const allowed = this.stock.allowedNow(link, row.item_id)
    const sellable = level.stocked - level.reserved
    if (sellable > Math.max(0, allowed)) {
      this.complain("I8", `variant ${link.erp_id}: ${sellable} sellable, ${allowed} allowed`)
    }
    const lines = this.oracle.db.read((view) =>
      view.all("lines").some((line) => line.item_id === row.item_id),
    )
    if (!lines && sellable !== Math.max(0, allowed)) {
      this.complain("I2", `variant ${link.erp_id}: ${sellable} sellable instead of ${allowed}`)
    }
  }

  judgeCategories(): void {
    for (const id of idsOf(this.oracle.world, "categories")) {
      const record = canonicalOf(this.oracle.world, "categories", id)?.record as ErpCategory | null
      const link = this.link("category", String(id))
      const row = link && this.oracle.db.read((view) => view.get("categories", link.medusa_id))
      if (!record || (!link && !record.active)) {
        continue
      }
      if (!link || !row || link.state === "creating") {
        this.complain("I5", `category ${id} is not in the store`)
        continue
      }
      if (row.deleted !== (link.state === "tombstone")) {
        this.complain("I3", `category ${id} is ${link.state}, deleted ${row.deleted}`)
      }
      if (row.deleted) {
        continue
      }
      if (record.active !== (link.state === "linked")) {
        this.complain("I5", `category ${id} is ${link.state}, active ${record.active}`)
      }
      const parent = this.links.find(
        (entry) => entry.entity === "category" && entry.medusa_id === row.parent_id,
      )
      const unlinked = row.parent_id === null ? null : `medusa:${row.parent_id}`
      const fields = medusaCategory(row).set("parent", parent?.erp_id ?? unlinked)
      this.judgeFields(link, fields, ["name"])
      if (!this.isParked("category", String(id), (entry) => this.hasCause(entry))) {
        this.judgeFields(link, fields, ["parent"])
      }
    }
  }

  judgeUniqueness(): void {
    const { db } = this.oracle
    const products = db.read((view) => view.all("products").filter((row) => !row.deleted))
    const external = products.map((row) => row.external_id)
    products
      .filter(
        (row, index) => row.external_id !== null && external.indexOf(row.external_id) !== index,
      )
      .forEach((row) => this.complain("I3", `product ${row.external_id} was made twice`))
    const owned = new Set<string>(
      this.links.filter((link) => link.state !== "tombstone").map((link) => link.medusa_id),
    )
    for (const row of db.read((view) => view.all("variants"))) {
      const linked = owned.has(row.product_id) && !row.deleted
      if (linked && !owned.has(row.id) && !this.isLeftAlone(row)) {
        this.complain("I3", `variant ${row.id} of ${row.product_id} belongs to no link`)
      }
    }
  }

  /** Announced to an ERP that did away with it before it answered. */
  private isLeftAlone(row: Tables["variants"]): boolean {
    const link = this.oracle.linkOf("variant", row.id)
    return link?.state === "tombstone" && isNewKey(link.erp_id)
  }

  /** What stands open is of a pair that is kept alike. */
  judgeStanding(): void {
    for (const row of this.differences.values()) {
      const link = this.links.find(({ id }) => id === row.link_id)
      const parent = link?.parent_erp_id ? this.link("product", link.parent_erp_id) : link
      if (!link || link.state === "tombstone" || parent?.state === "tombstone") {
        const named = `${link?.entity} ${link?.erp_id} ${row.field}`
        this.complain("I2", `${named} is told as ${row.kind} ${row.reason}, and kept by nobody`)
      }
    }
  }

  judgeLinks(): void {
    for (const link of this.links.filter((row) => row.state === "creating")) {
      const row = this.oracle.db.read((view) => view.get("variants", link.medusa_id))
      const product = this.link("product", link.parent_erp_id ?? "")
      // What the ERP does with it cannot be read while its product is refused at the door.
      const refused = this.isParked("product", product?.erp_id ?? "", (entry) => {
        return entry.reason === "invalid" && this.hasCause(entry)
      })
      const unfit = refused || this.isParked("variant", link.erp_id, () => true)
      if (row && !row.deleted && product?.state === "linked" && !unfit) {
        this.complain("I3", `variant ${link.erp_id} is on sale, its link still creating`)
      }
    }
  }

  judgeParked(): void {
    for (const row of this.parked.filter((entry) => !this.hasCause(entry))) {
      this.complain(
        "I6",
        `${row.entity} ${row.erp_id} ${row.field} is parked without a cause: ${row.reason} ${row.message}`,
      )
    }
  }
}
