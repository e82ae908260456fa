import { ErpProduct } from "../../../src/sync/canonical"
import { fieldRule } from "../../../src/sync/field-rules"
import { FieldValue } from "../../../src/sync/values"
import { LinkRow, Tables } from "../store/rows"
import { canonicalOf } from "../world/erp-canonical"
import { Oracle } from "./oracle"
import { erpKey, ownerKey, TABLES } from "./records"
import { erpFields, Fields } from "./sides"
import { StockOracle } from "./stock"

type Parked = Tables["parked"]

/** Both sides, the links and what is parked, as they are found at rest. */
export class RestView {
  protected readonly links: LinkRow[]
  protected readonly parked: Parked[]
  protected readonly erp: Fields

  constructor(
    protected readonly oracle: Oracle,
    protected readonly stock: StockOracle,
  ) {
    this.links = oracle.db.read((view) => view.all("links"))
    this.parked = oracle.db.read((view) => view.all("parked"))
    this.erp = erpFields(oracle.world, oracle.rules)
  }

  protected readonly complain = (invariant: string, text: string): void =>
    this.oracle.complain(invariant, `at rest: ${text}`)

  protected judgeFields(link: LinkRow, medusa: Fields, fields: string[]): void {
    fields.forEach((field) => this.judgeField(link, field, medusa.get(field) ?? null, field))
  }

  /** Equal, or a difference that the table leaves: pending, refused blank, or parked for a cause. */
  protected judgeField(
    link: LinkRow,
    field: string,
    medusa: FieldValue,
    medusaField: string,
  ): void {
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
