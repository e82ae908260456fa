import { ValueOutcome, ValueWrite } from "../engine/ports"
import { equalDecimals } from "../sync/decimal"
import { SyncError } from "../sync/errors"
import { equalTiers } from "../sync/price-tiers"
import { FieldName, FieldValue } from "../sync/values"
import { EventCollector } from "./catalog-events"

/** A write of a batch that is still undecided. */
export interface OpenWrite extends ValueWrite {
  index: number
}

/** One call of `writeValues`: its writes, their outcomes in the same order, rows and events. */
export class ValueBatch {
  readonly events = new EventCollector()
  /** Rows written in Medusa's tables. */
  rows = 0
  /** Variants whose prices changed. */
  readonly repriced = new Set<string>()
  readonly #writes: readonly ValueWrite[]
  readonly #outcomes: (ValueOutcome | undefined)[]

  constructor(writes: readonly ValueWrite[]) {
    this.#writes = writes
    this.#outcomes = writes.map(() => undefined)
  }

  /** The undecided writes of an entity, for the given fields or families (`price`, `category`). */
  open(entity: ValueWrite["entity"], families?: readonly string[]): OpenWrite[] {
    return this.#writes.flatMap((write, index) =>
      write.entity === entity &&
      this.#outcomes[index] === undefined &&
      (families?.includes(familyOf(write.field)) ?? true)
        ? [{ ...write, index }]
        : [],
    )
  }

  isOpen(write: OpenWrite): boolean {
    return this.#outcomes[write.index] === undefined
  }

  settle(write: OpenWrite, outcome: ValueOutcome): void {
    this.#outcomes[write.index] = outcome
  }

  refuse(write: OpenWrite, reason: Refusal): void {
    this.settle(write, {
      outcome: "refused",
      error: new SyncError({
        kind: "data",
        scope: "record",
        record: write.id,
        field: write.field,
        ...(write.to === null ? {} : { value: String(write.to) }),
        ...reason,
      }),
    })
  }

  refuseMissingCategory(write: OpenWrite): void {
    this.refuse(write, {
      code: "missing_category",
      message: `The category ${keyOf(write.field)} is not in the store any more.`,
      remedy: "Restore the category in Medusa, or unlink it; the product's other fields go on.",
    })
  }

  refuseMissingList(write: OpenWrite, id: string): void {
    this.refuse(write, {
      code: "missing_price_list",
      message: `The price list ${id} is not in the store any more.`,
      remedy: 'Restore it in Medusa, or map another one under "prices"; base prices go on.',
    })
  }

  refuseLastPrice(write: OpenWrite): void {
    this.refuse(write, {
      code: "last_base_price",
      message: `The last base price in ${keyOf(write.field)} of a variant is never deleted.`,
      remedy: "Set a price in the ERP, or delete the price in Medusa.",
    })
  }

  /**
   * Compares with what the record holds. True when the write is due; otherwise it is settled: moved,
   * or written already because the record holds the target value as planned.
   */
  isDue(write: OpenWrite, present: FieldValue): boolean {
    if (!equalValues(write.field, present, write.from)) {
      this.settle(write, { outcome: "moved", present })
      return false
    }
    if (equalValues(write.field, present, write.to)) {
      this.settle(write, { outcome: "written" })
      return false
    }
    return true
  }

  get outcomes(): ValueOutcome[] {
    return this.#outcomes.map(
      (outcome, index) =>
        outcome ?? { outcome: "refused", error: unknownField(this.#writes[index]) },
    )
  }
}

export interface Refusal {
  code: string
  message: string
  remedy: string
}

/** `price` of `price:eur`. */
export const familyOf = (field: FieldName): string => field.split(":", 1)[0] ?? field

/** `eur` of `price:eur`. */
export const keyOf = (field: FieldName): string => field.slice(field.indexOf(":") + 1)

const equalValues = (field: FieldName, a: FieldValue, b: FieldValue): boolean => {
  if (typeof a !== "string" || typeof b !== "string") {
    return a === b
  }
  switch (familyOf(field)) {
    case "price":
      return equalDecimals(a, b)
    case "price_list":
      return equalTiers(a, b)
    case "weight":
    case "length":
    case "width":
    case "height":
      // The column is a four-byte float: what it cannot tell apart is the same weight.
      return Math.fround(Number(a)) === Math.fround(Number(b))
    default:
      return a === b
  }
}

const unknownField = (write: ValueWrite | undefined): SyncError =>
  new SyncError({
    kind: "bug",
    code: "unknown_field",
    message: `The catalog knows no field ${write?.field} of a ${write?.entity}.`,
    remedy: "This is a defect of the plugin; the log has the stack.",
    ...(write ? { record: write.id, field: write.field } : {}),
  })
