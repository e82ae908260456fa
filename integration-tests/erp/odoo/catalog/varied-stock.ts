import { setOnHand } from "../models/stock-counts"
import { reserveStock } from "../models/stock-moves"
import type { Env } from "../orm/env"
import { bringStock } from "./bring"
import type { BaseData } from "./base-data"
import type { Choices } from "./random"

/** Stock of all kinds: none at all, zero, plenty, negative, with fractions, on shelves, reserved. */
export function stockVariant(env: Env, choices: Choices, base: BaseData, variant: number): void {
  const [main, outlet] = base.warehouses
  if (main === undefined || outlet === undefined || choices.chance(0.05)) return
  const kind = choices.between(1, 100)
  const quantity =
    kind <= 2
      ? -choices.between(1, 5)
      : kind <= 5
        ? choices.between(1, 999) / 8
        : choices.between(1, 250)
  bringStock(env, variant, main.stock, quantity)
  if (choices.chance(0.1)) setOnHand(env, variant, main.stock, 0)
  if (choices.chance(0.6)) bringStock(env, variant, outlet.stock, choices.between(0, 60))
  if (choices.chance(0.1))
    bringStock(env, variant, main.places[1] ?? main.stock, choices.between(1, 20))
  if (kind > 5 && choices.chance(0.06)) {
    const customers = env.table("stock.location")
    const to = customers.ids.find((id) => customers.get(id)?.["usage"] === "customer") ?? 0
    const reserved = choices.between(1, 3)
    reserveStock(env, {
      productId: variant,
      from: main.stock,
      to,
      quantity: reserved,
      reference: "WH/OUT",
    })
  }
}

/** Whether a product tracks its stock, in the words of each version. */
export function isStorable(env: Env, template: number): boolean {
  const row = env.row("product.template", template)
  return env.version === 17 ? row?.["type"] === "product" : row?.["is_storable"] === true
}
