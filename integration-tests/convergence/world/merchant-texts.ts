import { Editor } from "./erp-edits"

/** Now and then longer than an ERP takes, or with white space around it. */
export function title({ random, fresh }: Editor): string {
  const text = fresh("Shop title")
  const long = `${text} in a version that is longer than most of them are`
  return random.chance(0.15) ? long : random.chance(0.15) ? ` ${text} ` : text
}

export function description({ random, fresh }: Editor): string | null {
  const text = fresh("Shop text")
  return random.chance(0.15) ? null : random.chance(0.2) ? `${text} <table>` : text
}

export function sku({ random, fresh }: Editor): string | null {
  return random.chance(0.08) ? null : random.chance(0.5) ? fresh("shop") : fresh("SHOP")
}

/** Wrong ones, and such as the ERP's own next ones. */
export function barcode({ random, fresh }: Editor): string | null {
  return random.chance(0.08) ? null : random.chance(0.2) ? fresh("BAD") : fresh("ean")
}
