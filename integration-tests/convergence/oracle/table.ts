import { FieldRule } from "../../../src/sync/decide"
import { fieldRule } from "../../../src/sync/field-rules"
import { Rules } from "../../../src/sync/rules"
import { FieldValue } from "../../../src/sync/values"
import { LinkRow } from "../store/rows"
import { Dialect, familyOf, stored } from "../world/dialects"
import { toKilograms } from "../world/erp-fields"
import { ownerKey } from "./records"

/** What both sides held when they last agreed about a field, as the oracle saw it happen. */
export interface Agreement {
  at: number
  /** When the sides came to agree, where that was learned later: when a request was sent that got there. */
  made: number
  erp: FieldValue
  medusa: FieldValue
}

/** The table of the engine, worked out once more from the oracle's own history. */
export class Table {
  constructor(
    readonly rules: Rules,
    readonly dialect: Dialect,
  ) {}

  rule(link: LinkRow, field: string): FieldRule {
    return fieldRule(this.rules, link.entity, field, ownerKey(link, field), link.owners)
  }

  /** What the ERP holds once it was given a value of Medusa's, in Medusa's unit. */
  stored(link: LinkRow, field: string, value: FieldValue): FieldValue {
    if (familyOf(field) !== "weight") {
      return stored(this.dialect, link.entity, field, value)
    }
    const held = stored(this.dialect, link.entity, field, toKilograms(value))
    return typeof held === "string" ? String(Math.round(Number(held) * 1_000_000) / 1000) : held
  }

  /** Whether both sides say the same, whichever way it was carried over. */
  same(link: LinkRow, field: string, erp: FieldValue, medusa: FieldValue): boolean {
    const rule = this.rule(link, field)
    return (
      rule.equalMedusa(rule.toMedusa(erp), medusa) ||
      rule.equalErp(erp, medusa) ||
      (this.takes(link, field) && rule.equalErp(this.stored(link, field, medusa), erp))
    )
  }

  /** Whether the ERP has a place for the field. */
  takes({ entity }: Pick<LinkRow, "entity">, field: string): boolean {
    const taken =
      entity === "option" || entity === "option_value" ? [] : this.dialect.writes[entity]
    return taken?.includes(familyOf(field)) ?? false
  }

  /** A blank that may not clear travels nowhere. */
  isRefused(link: LinkRow, field: string, value: FieldValue): boolean {
    const rule = this.rule(link, field)
    return rule.isBlank(value) && !rule.blank_clears
  }

  erpMoved(link: LinkRow, field: string, agreed: Agreement | undefined, erp: FieldValue): boolean {
    return !agreed || !this.rule(link, field).equalErp(erp, agreed.erp)
  }

  medusaMoved(
    link: LinkRow,
    field: string,
    agreed: Agreement | undefined,
    medusa: FieldValue,
  ): boolean {
    return !agreed || !this.rule(link, field).equalMedusa(medusa, agreed.medusa)
  }

  /** Why a field may stay different on both sides, as `kind/reason`. */
  causes(
    link: LinkRow,
    field: string,
    agreed: Agreement | undefined,
    /** `decided`: a person chose Medusa's value. */
    { erp, medusa, decided }: { erp: FieldValue; medusa: FieldValue; decided: boolean },
  ): string[] {
    if (decided) {
      return this.pending(link, field, medusa)
    }
    const rule = this.rule(link, field)
    const moved = {
      erp: this.erpMoved(link, field, agreed, erp) && !this.isRefused(link, field, erp),
      medusa:
        this.medusaMoved(link, field, agreed, medusa) &&
        !(rule.owner !== "erp" && this.isRefused(link, field, medusa)),
    }
    const causes: string[] = []
    if (this.isRefused(link, field, erp) || this.isRefused(link, field, medusa)) {
      causes.push("drift/blank_refused")
    }
    const owners = rule.owner === "erp" ? erp : rule.owner === "medusa" ? medusa : undefined
    if (!agreed && owners !== undefined && rule.isBlank(owners)) {
      return [...causes, "drift/owner_empty"]
    }
    if (rule.owner === "erp") {
      const stays = rule.foreign_edits === "report" ? !moved.erp : rule.isBlank(erp)
      return moved.medusa && stays ? [...causes, "drift/foreign_edit"] : causes
    }
    if (rule.owner === "medusa" && !moved.medusa) {
      return [...causes, "drift/owner_medusa"]
    }
    const both = agreed ? moved.erp && moved.medusa : !rule.isBlank(erp) && !rule.isBlank(medusa)
    const competing = rule.owner === "both" && both
    const policy = agreed ? rule.conflicts : rule.first_link
    if (competing && policy === "manual") {
      causes.push(agreed ? "conflict/both_changed" : "conflict/first_link")
    }
    if (moved.medusa && (!competing || policy === "medusa")) {
      causes.push(...this.pending(link, field, medusa))
    }
    return causes
  }

  private pending(link: LinkRow, field: string, medusa: FieldValue): string[] {
    const family = `${link.entity}.${familyOf(field)}`
    const unsupported = this.dialect.unsupported[family]
    // A parent that the ERP does not know has no name there.
    const nameless = field === "parent" && String(medusa).startsWith("medusa:")
    if (!this.takes(link, field) || nameless) {
      return ["pending/unsupported"]
    }
    if (this.rules.push.held) {
      return [`pending/${this.rules.push.held}`]
    }
    if (typeof medusa === "string" && unsupported?.(medusa)) {
      return ["pending/unsupported"]
    }
    if (field.startsWith("category:") && this.dialect.single_category) {
      return ["pending/unsupported"]
    }
    return []
  }
}
