import { OutgoingEvent, ValueOutcome, ValueWrite } from "../../../src/engine/ports"
import { equalDecimals } from "../../../src/sync/decimal"
import { MedusaId, medusaId } from "../../../src/sync/ids"
import { FieldValue } from "../../../src/sync/values"
import { failure } from "./memory-catalog"
import { View } from "./memory-database"
import { CategoryRow, ProductRow, VariantRow } from "./rows"
import { Session } from "./session"

interface Written {
  outcomes: ValueOutcome[]
  events: OutgoingEvent[]
  writes: number
}

const TABLE = { product: "products", variant: "variants", category: "categories" } as const
const REQUIRED: readonly string[] = ["title", "name", "status", "is_active", "allow_backorder"]

/**
 * The guarded writer: takes rows without waiting, compares each field with what the plan read, writes
 * those that still hold it. Values that change hands within the batch are given up first.
 */
export const writeValues = (
  session: Session,
  view: View,
  writes: readonly ValueWrite[],
): Written => {
  const leaving = new Map<string, string>()
  for (const write of writes.filter(({ field, from, to }) => isUnique(field) && from !== to)) {
    const row = view.get("variants", write.id)
    if (row && !row.deleted && view.tryLock("variants", write.id)) {
      leaving.set(`${write.field}/${write.from}`, write.id)
    }
  }
  const events: OutgoingEvent[] = []
  let count = 0
  const outcomes = writes.map((write): ValueOutcome => {
    const row = view.get(TABLE[write.entity], write.id)
    if (!row || row.deleted) {
      return { outcome: "gone" }
    }
    if (!view.tryLock(TABLE[write.entity], write.id)) {
      return { outcome: "locked" }
    }
    const impossible = refusedValue(write)
    if (impossible) {
      return impossible
    }
    const present = held(row, write.field)
    if (!equal(write.field, present, write.from)) {
      return { outcome: "moved", present }
    }
    if (equal(write.field, present, write.to)) {
      return { outcome: "written" }
    }
    const refused = refusal(view, write, leaving)
    if (refused) {
      return refused
    }
    put(session, view, write)
    count += 1
    events.push({ name: `${write.entity}.updated`, data: { id: write.id } })
    return { outcome: "written" }
  })
  return { outcomes, events, writes: count }
}

const isUnique = (field: string): boolean => field === "sku" || field === "barcode"

const held = (row: ProductRow | VariantRow | CategoryRow, field: string): FieldValue => {
  if (field.startsWith("category:") && "category_ids" in row) {
    return row.category_ids.includes(medusaId(field.slice("category:".length))) ? true : null
  }
  if (field.startsWith("price:") && "prices" in row) {
    const currency = field.slice("price:".length)
    return row.prices?.find((price) => price.currency === currency)?.amount ?? null
  }
  const value: unknown = Object.entries(row).find(([name]) => name === field)?.[1]
  return typeof value === "string" || typeof value === "boolean" ? value : null
}

const equal = (field: string, a: FieldValue, b: FieldValue): boolean =>
  typeof a === "string" && typeof b === "string" && /^(price:|weight$)/.test(field)
    ? equalDecimals(a, b)
    : a === b

const refuse = (field: string, code: string, message: string): ValueOutcome => ({
  outcome: "refused",
  error: failure(code, message, field),
})

/** What no record may hold, whatever it holds now. */
const refusedValue = ({ field, to }: ValueWrite): ValueOutcome | null =>
  to === null && REQUIRED.includes(field)
    ? refuse(field, "required_field", `Medusa does not allow an empty ${field}.`)
    : null

const refusal = (
  view: View,
  write: ValueWrite,
  leaving: ReadonlyMap<string, string>,
): ValueOutcome | null => {
  const { field, to } = write
  if (to === null && field.startsWith("price:")) {
    return refuse(field, "last_base_price", "The last base price of a currency is never deleted.")
  }
  if (isUnique(field) && typeof to === "string") {
    const holder = liveHolder(view, field, to)
    const movesOn = leaving.get(`${field}/${to}`) === holder
    if (holder !== undefined && holder !== write.id && !movesOn) {
      return refuse(field, `duplicate_${field}`, `The ${field} ${to} is taken by ${holder}.`)
    }
  }
  if (field.startsWith("category:") && to === true) {
    const category = view.get("categories", field.slice("category:".length))
    if (!category || category.deleted) {
      return refuse(field, "missing_category", "The category is not in the store any more.")
    }
  }
  return null
}

/** The live variant that holds a value. */
export const liveHolder = (view: View, field: string, value: string): MedusaId | undefined =>
  view.all("variants").find((row) => !row.deleted && held(row, field) === value)?.id

const put = (session: Session, view: View, { entity, id, field, to }: ValueWrite): void => {
  if (entity === "category") {
    const row = view.get("categories", id)
    if (row) {
      view.put("categories", id, { ...row, [field]: to })
    }
    return
  }
  if (entity === "product") {
    const row = view.get("products", id)
    if (row) {
      view.put("products", id, withProductField(row, field, to))
    }
    return
  }
  const row = view.get("variants", id)
  if (row) {
    view.put("variants", id, withVariantField(session, row, field, to))
    const item = field === "sku" && row.item_id ? view.get("items", row.item_id) : undefined
    if (item && view.tryLock("items", item.id)) {
      view.put("items", item.id, { ...item, sku: typeof to === "string" ? to : null })
    }
  }
}

const withProductField = (row: ProductRow, field: string, to: FieldValue): ProductRow => {
  if (!field.startsWith("category:")) {
    return { ...row, [field]: to }
  }
  const category = medusaId(field.slice("category:".length))
  const others = row.category_ids.filter((id) => id !== category)
  return { ...row, category_ids: to === true ? [...others, category].sort() : others }
}

const withVariantField = (
  session: Session,
  row: VariantRow,
  field: string,
  to: FieldValue,
): VariantRow => {
  if (!field.startsWith("price:")) {
    return { ...row, [field]: to }
  }
  const currency = field.slice("price:".length)
  const prices = row.prices ?? []
  const price = prices.find((entry) => entry.currency === currency)
  const id = price?.id ?? medusaId(`price_${session.db.nextSeq()}`)
  const others = prices.filter((entry) => entry.currency !== currency)
  return {
    ...row,
    prices: typeof to === "string" ? [...others, { id, currency, amount: to }] : others,
  }
}
