import { ErpCategory, ErpProduct } from "../../../src/sync/canonical"
import { fieldRule } from "../../../src/sync/field-rules"
import { FieldValue } from "../../../src/sync/values"
import { levelId } from "../store/catalog-stock"
import { LinkRow, Tables } from "../store/rows"
import { canonicalOf, idsOf } from "../world/erp-canonical"
import { erpFields, Fields, medusaCategory, medusaProduct, medusaVariant } from "./sides"
import { erpKey, Oracle, ownerKey, TABLES } from "./oracle"
import { StockOracle } from "./stock"

type Parked = Tables["parked"]

const SEEN: Record<string, string[]> = {
  product: ["title"],
  variant: ["title", "sku", "barcode", "weight", "price:eur"],
  category: ["name"],
}

/** What must hold when faults and edits have stopped and the passes are done: I1, I2, I3, I5, I6, I8. */
export const judgeRest = (oracle: Oracle, stock: StockOracle): void => {
  const rest = new AtRest(oracle, stock)
  rest.judgeWork()
  rest.judgeProducts()
  rest.judgeCategories()
  rest.judgeUniqueness()
  rest.judgeLinks()
  rest.judgeParked()
}

/** What must hold when the deltas are done and no full run was: no ERP edit is unseen (I5). */
export const judgeDeltas = (oracle: Oracle, stock: StockOracle): void => {
  new AtRest(oracle, stock).judgeSeen()
}

class AtRest {
  private readonly links: LinkRow[]
  private readonly parked: Parked[]
  private readonly erp: Fields

  constructor(
    private readonly oracle: Oracle,
    private readonly stock: StockOracle,
  ) {
    this.links = oracle.db.read((view) => view.all("links"))
    this.parked = oracle.db.read((view) => view.all("parked"))
    this.erp = erpFields(oracle.world, oracle.rules)
  }

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
      if (link.state !== "tombstone") {
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
        entry.state !== "tombstone",
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
          `category:${category.medusa_id}`,
        )
      }
    }
    if (product.active) {
      product.variants
        .filter((entry) => entry.active)
        .forEach((entry) => this.judgeVariant(product, entry.id))
    }
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
    this.judgeStock(link, row)
  }

  private judgeStock(link: LinkRow, row: Tables["variants"]): void {
    const location = this.oracle.rules.stock[0]?.location_id
    if (!row.item_id || !location || !row.manage_inventory) {
      return
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
      const fields = medusaCategory(row).set("parent", parent?.erp_id ?? row.parent_id)
      this.judgeFields(link, fields, ["name"])
      if (!this.isParked("category", String(id), (entry) => this.hasCause(entry))) {
        this.judgeFields(link, fields, ["parent"])
      }
    }
  }

  private judgeFields(link: LinkRow, medusa: Fields, fields: string[]): void {
    fields.forEach((field) => this.judgeField(link, field, medusa.get(field) ?? null, field))
  }

  /** Equal, or a difference that the table leaves: pending, refused blank, or parked for a cause. */
  private judgeField(link: LinkRow, field: string, medusa: FieldValue, medusaField: string): void {
    const erp = this.erp.get(erpKey(link, field)) ?? null
    const rule = fieldRule(this.oracle.rules, field, ownerKey(link, field))
    if (rule.equalMedusa(rule.toMedusa(erp), medusa) || rule.equalErp(erp, medusa)) {
      return
    }
    const blankStays = rule.isBlank(erp) && (!rule.blank_clears || rule.owner === "erp")
    if (
      blankStays ||
      this.isParked(link.entity, link.erp_id, (row) => row.field === field && this.hasCause(row))
    ) {
      return
    }
    const last = this.oracle.medusa.last(`${TABLES[link.entity]}/${link.medusa_id}/${medusaField}`)
    const unmoved = rule.equalErp(link.base_erp[field] ?? null, erp)
    if (rule.owner !== "erp" && last?.by === "merchant" && unmoved) {
      return
    }
    this.complain(
      "I2",
      `${link.entity} ${link.erp_id} ${field}: the ERP holds ${erp}, Medusa ${medusa} by ${last?.by}, bases ${link.base_erp[field]} and ${link.base_medusa[field]}`,
    )
  }

  judgeUniqueness(): void {
    const { db } = this.oracle
    const products = db.read((view) => view.all("products"))
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
      if (linked && !owned.has(row.id)) {
        this.complain("I3", `variant ${row.id} of ${row.product_id} belongs to no link`)
      }
    }
  }

  judgeLinks(): void {
    for (const link of this.links.filter((row) => row.state === "creating")) {
      const row = this.oracle.db.read((view) => view.get("variants", link.medusa_id))
      const product = this.link("product", link.parent_erp_id ?? "")
      if (row && !row.deleted && product?.state === "linked") {
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

  /** Whether what a record was parked for is still so. */
  private hasCause(row: Parked): boolean {
    const { db, world } = this.oracle
    const parent = this.link(row.entity, row.erp_id)?.parent_erp_id
    if (parent && canonicalOf(world, "products", Number(parent))?.rejected) {
      return true
    }
    switch (row.reason) {
      case "duplicate_sku":
      case "duplicate_barcode":
        return db.read((view) =>
          view
            .all("variants")
            .some(
              (entry) =>
                !entry.deleted &&
                (entry.sku === row.value || entry.barcode === row.value || row.value === null),
            ),
        )
      case "invalid":
        return canonicalOf(world, row.stream, Number(row.erp_id))?.rejected !== undefined
      case "missing_dependency": {
        const link = this.link("category", row.waits_for?.erp_id ?? "")
        const held = link && db.read((view) => view.get("categories", link.medusa_id))
        return (
          !link ||
          link.state === "creating" ||
          link.state === "tombstone" ||
          held?.deleted !== false
        )
      }
      case "duplicate_options":
      case "duplicate_option_value":
      case "value_in_use":
      case "unknown_option_value":
      case "missing_option":
        return this.repeatsOptions(row.erp_id)
      default:
        return true
    }
  }

  /** Two variants of the same values, both for sale. */
  private repeatsOptions(product: string): boolean {
    const record = canonicalOf(this.oracle.world, "products", Number(product))?.record
    const active = ((record as ErpProduct | null)?.variants ?? []).filter((entry) => entry.active)
    const combos = active.map((entry) => JSON.stringify(entry.option_values))
    return new Set(combos).size < combos.length
  }

  private isParked(entity: string, erpId: string, test: (row: Parked) => boolean): boolean {
    return this.parked.some((row) => row.entity === entity && row.erp_id === erpId && test(row))
  }

  private link(entity: string, erpId: string): LinkRow | undefined {
    return this.links.find((row) => row.entity === entity && row.erp_id === erpId)
  }

  private readonly complain = (invariant: string, text: string): void =>
    this.oracle.complain(invariant, `at rest: ${text}`)
}
