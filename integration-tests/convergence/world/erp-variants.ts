import { optionLines } from "./erp-canonical"
import { ErpProductRow, ErpTransaction, ErpVariantRow } from "./erp-world"

/** The combinations that a product's lines stand for; one empty one without options. */
const combinations = (product: ErpProductRow): number[][] =>
  optionLines(product).reduce<number[][]>(
    (combos, line) => combos.flatMap((combo) => line.values.map((value) => [...combo, value])),
    [[]],
  )

const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value) => b.includes(value))

/**
 * Makes the variants match the lines, as Odoo does on every change of them: a combination that is new
 * revives its archived variant or gets one; variants without a combination are archived.
 */
export const remakeVariants = (
  tx: ErpTransaction,
  productId: number,
  draft: (values: number[]) => Omit<ErpVariantRow, "id" | "stamp" | "rev">,
): void => {
  const product = tx.get("products", productId)
  if (!product) {
    return
  }
  const wanted = combinations(product)
  const held = tx.all("variants").filter((variant) => variant.product === productId)
  for (const variant of held) {
    if (variant.active && !wanted.some((combo) => same(combo, variant.values))) {
      tx.update("variants", variant.id, { active: false })
    }
  }
  for (const combo of wanted) {
    const candidates = held.filter((variant) => same(combo, variant.values))
    const [archived] = candidates
    if (candidates.some((variant) => variant.active)) {
      continue
    }
    if (archived) {
      tx.update("variants", archived.id, { active: true })
    } else {
      const id = tx.create("variants", draft(combo))
      tx.put("quants", id, { quantity: 0, reserved: 0 })
    }
  }
}

/** The same variants under new ids: what Odoo does when a line is removed and added again. */
export const renumberVariants = (tx: ErpTransaction, productId: number): void => {
  for (const variant of tx.all("variants").filter((row) => row.product === productId)) {
    const quant = tx.get("quants", variant.id)
    tx.remove("variants", variant.id)
    tx.remove("quants", variant.id)
    if (variant.active) {
      const id = tx.create("variants", variant)
      tx.succeed(variant.id, id)
      tx.put("quants", id, { quantity: quant?.quantity ?? 0, reserved: quant?.reserved ?? 0 })
    }
  }
}
