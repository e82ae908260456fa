import type { Env } from "../orm/env"
import { float, QUANTITY, type FieldDraft } from "../orm/fields"
import type { FieldOptions, OdooVersion } from "../orm/schema"
import type { Row } from "../orm/values"
import { writeOnHand } from "./stock-counts"
import type { StockLevel } from "./stock-levels"

/** Where a model's stock figures come from, and whose they are when one is written. */
export interface StockSource {
  readonly read: (env: Env, row: Row, figure: (level: StockLevel) => number) => number
  readonly variantOf: (env: Env, id: number) => number | undefined
}

/** Copies: `qty_available` can be written since 19; 17 and 18 ignore the write without a word. */
function writable(version: OdooVersion, source: StockSource): FieldOptions {
  if (version < 19) return { readonly: true }
  return {
    inverse: (env, id, value) => {
      const variant = source.variantOf(env, id)
      if (variant !== undefined) writeOnHand(env, variant, Number(value))
    },
  }
}

/** The stock figures of products and variants: computed at each read, searchable, not sortable. */
export function stockFigures(version: OdooVersion, source: StockSource): FieldDraft[] {
  const figure = (
    name: string,
    label: string,
    read: (level: StockLevel) => number,
    more: FieldOptions = { readonly: true },
  ): FieldDraft =>
    float(name, label, {
      ...QUANTITY,
      store: false,
      searchable: true,
      sortable: false,
      ...more,
      compute: (env, row) => source.read(env, row, read),
    })
  return [
    figure("qty_available", "Quantity On Hand", (level) => level.onHand, writable(version, source)),
    figure(
      "virtual_available",
      "Forecasted Quantity",
      (level) => level.onHand + level.incoming - level.outgoing,
    ),
    figure("incoming_qty", "Incoming", (level) => level.incoming),
    figure("outgoing_qty", "Outgoing", (level) => level.outgoing),
  ]
}
