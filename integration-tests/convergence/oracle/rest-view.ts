import { ErpProduct } from "../../../src/sync/canonical"
import { isNewKey, MedusaId } from "../../../src/sync/ids"
import { FieldValue } from "../../../src/sync/values"
import { levelId } from "../store/catalog-stock"
import { differenceId } from "../store/ledger-differences"
import { DifferenceRow, LinkRow, Tables } from "../store/rows"
import { canonicalOf } from "../world/erp-canonical"
import { refusalOf } from "../world/erp-fields"
import { Oracle } from "./oracle"
import { erpKey } from "./records"
import { erpFields, Fields } from "./sides"
import { StockOracle } from "./stock"

type Parked = Tables["parked"]

/** Both sides, the links and what is parked, as they are found at rest. */
export class RestView {
  protected readonly links: LinkRow[]
  protected readonly parked: Parked[]
  protected readonly differences: ReadonlyMap<string, DifferenceRow>
  protected readonly erp: Fields

  constructor(
    protected readonly oracle: Oracle,
    protected readonly stock: StockOracle,
  ) {
    this.links = oracle.db.read((view) => view.all("links"))
    this.parked = oracle.db.read((view) => view.all("parked"))
    this.differences = new Map(
      oracle.db.read((view) => view.all("differences")).map((row) => [row.id, row]),
    )
    this.erp = erpFields(oracle.world, oracle.rules)
  }

  protected readonly complain = (invariant: string, text: string): void =>
    this.oracle.complain(invariant, `at rest: ${text}`)

  protected judgeFields(link: LinkRow, medusa: Fields, fields: string[]): void {
    fields.forEach((field) => this.judgeField(link, field, medusa.get(field) ?? null))
  }

  /** Equal, or a difference that the table leaves, stored with a cause that holds; or parked for one. */
  protected judgeField(link: LinkRow, field: string, medusa: FieldValue): void {
    const { table } = this.oracle
    const erp = this.erp.get(erpKey(link, field)) ?? null
    const row = this.differences.get(differenceId({ link_id: link.id, field }))
    const named = `${link.entity} ${link.erp_id} ${field}: the ERP holds ${erp}, Medusa ${medusa}`
    if (this.agrees(link, field, erp, medusa)) {
      if (row) {
        this.complain("I2", `${named}, and it is told as ${row.kind} ${row.reason}`)
      }
      return
    }
    if (this.isParked(link.entity, link.erp_id, (p) => p.field === field && this.hasCause(p))) {
      return
    }
    const whole = link.parent_erp_id ?? link.erp_id
    if (field === "tracked" && this.isParked("product", whole, (p) => this.hasCause(p))) {
      // Stock keeping changes with the structure, and waits with it.
      return
    }
    const agreed = this.oracle.agreementOf(link, field)
    const decided = this.oracle.isDecided(link, field, "medusa")
    const causes = table.causes(link, field, agreed, { erp, medusa, decided })
    const told = row && `${row.kind}/${row.reason}`
    const bases = `agreed on ${agreed?.erp} and ${agreed?.medusa}`
    if (told === undefined) {
      return this.complain("I2", `${named}, ${bases}, and nothing is told`)
    }
    if (!causes.includes(told) && !this.isExcused(link, field, told, { erp, medusa })) {
      this.complain("I2", `${named}, ${bases}, told as ${told}, not ${causes.join(" or ")}`)
    }
    const rule = table.rule(link, field)
    if (!rule.equalErp(row?.erp ?? null, erp) || !rule.equalMedusa(row?.medusa ?? null, medusa)) {
      this.complain("I2", `${named}, told are ${row?.erp} and ${row?.medusa}`)
    }
  }

  /** Equal in either mapping, or as both sides were when they agreed. */
  protected agrees(link: LinkRow, field: string, erp: FieldValue, medusa: FieldValue): boolean {
    const { table } = this.oracle
    const agreed = this.oracle.agreementOf(link, field)
    const unmoved =
      agreed !== undefined &&
      !table.erpMoved(link, field, agreed, erp) &&
      !table.medusaMoved(link, field, agreed, medusa)
    return unmoved || table.same(link, field, erp, medusa)
  }

  /** Causes that lie outside the two values: what the ERP refuses, and what went to and fro. */
  private isExcused(
    link: LinkRow,
    field: string,
    told: string,
    { erp, medusa }: { erp: FieldValue; medusa: FieldValue },
  ): boolean {
    const { world, table } = this.oracle
    if (told === "pending/refused_by_erp") {
      const value = table.stored(link, field, medusa)
      return refusalOf(world, link.entity, Number(link.erp_id), field, value) !== null
    }
    if (told === "conflict/oscillation") {
      const values = [erp, medusa]
      const turns = this.oracle.db.read((view) =>
        view
          .all("journal")
          .filter(
            (entry) =>
              entry.medusa_id === link.medusa_id &&
              entry.field === field &&
              values.includes(entry.from) &&
              values.includes(entry.to),
          ),
      )
      return turns.length >= 3
    }
    return false
  }

  /** Where the store owns stock: both say the same, or the count waits. */
  protected judgeCounted(link: LinkRow, item: MedusaId, location: MedusaId): void {
    const pair = { inventory_item_id: item, location_id: location }
    const level = this.oracle.db.read((view) => view.get("levels", levelId(pair)))
    const { products, variants } = this.oracle.world.store
    const kept = products.get(variants.get(Number(link.erp_id))?.product ?? 0)?.tracked === true
    if (!level || !kept) {
      return
    }
    const row = this.differences.get(differenceId({ link_id: link.id, field: `stock:${location}` }))
    const sellable = level.stocked - level.reserved
    const allowed = this.stock.allowedNow(link, item)
    const { held } = this.oracle.rules.push
    const told = row ? `${row.kind}/${row.reason}` : null
    // Below zero nothing is for sale, whatever the figures.
    if (sellable !== Math.max(0, allowed) && told !== `pending/${held}`) {
      this.complain(
        "I2",
        `variant ${link.erp_id}: ${sellable} sellable, ${allowed} in the ERP, told as ${told}`,
      )
    }
    if (sellable === allowed && told !== null) {
      this.complain("I2", `variant ${link.erp_id}: ${sellable} on both sides, told as ${told}`)
    }
  }

  /** Whether what a record was parked for is still so. */
  protected hasCause(row: Parked): boolean {
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
        // What is on its way still is judged with the products that the merchant made.
        if (isNewKey(row.erp_id)) {
          return true
        }
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
      case "duplicate_option_value":
      case "duplicate_options":
      case "value_in_use":
      case "unknown_option_value":
      case "missing_option":
        return this.repeatsOptions(row.erp_id)
      default:
        return true
    }
  }

  /** Two variants of the same values, both for sale. */
  protected repeatsOptions(product: string): boolean {
    const record = canonicalOf(this.oracle.world, "products", Number(product))?.record
    const active = ((record as ErpProduct | null)?.variants ?? []).filter((entry) => entry.active)
    const combos = active.map((entry) => JSON.stringify(entry.option_values))
    return new Set(combos).size < combos.length
  }

  protected isParked(entity: string, erpId: string, test: (row: Parked) => boolean): boolean {
    return this.parked.some((row) => row.entity === entity && row.erp_id === erpId && test(row))
  }

  protected link(entity: string, erpId: string): LinkRow | undefined {
    return this.links.find((row) => row.entity === entity && row.erp_id === erpId)
  }
}
