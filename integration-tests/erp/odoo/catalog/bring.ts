import { moveStock } from "../models/stock-moves"
import type { Env } from "../orm/env"

/** First stock of a variant, with the move that brought it. */
export function bringStock(env: Env, productId: number, location: number, quantity: number): void {
  const locations = env.table("stock.location")
  const loss = locations.ids.find((id) => locations.get(id)?.["usage"] === "inventory") ?? 0
  const reference = "Product Quantity Updated"
  if (quantity >= 0) moveStock(env, { productId, from: loss, to: location, quantity, reference })
  else moveStock(env, { productId, from: location, to: loss, quantity: -quantity, reference })
}

/** A valid EAN-13 for a number. */
export function barcodeOf(number: number): string {
  const digits = `29${String(number).padStart(10, "0")}`
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (at % 2 ? 3 : 1), 0)
  return digits + String((10 - (sum % 10)) % 10)
}
