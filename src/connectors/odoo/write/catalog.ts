import { familyOf } from "../../../sync/owners"
import { isTranslation } from "../../../sync/translations"
import type { FieldName, FieldValue } from "../../../sync/values"
import type { Change, RequestOptions, WriteOutcome } from "../../contract"
import type { ProductFacts } from "../map-product"
import type { Charset } from "../protocol"
import type { Row } from "../rows"
import { newestOwn } from "../rows"
import type { OdooSession } from "../session"
import { categorySpecification } from "../specifications"
import { factsOf } from "../streams"
import { Outcomes, refused } from "./outcomes"
import {
  readPresent,
  Rows,
  templateOf,
  templateSpecification,
  variantSpecification,
} from "./present"
import { planPrices } from "./prices"
import type { Unit } from "./requests"
import { sendUnits } from "./send"
import { tagIds } from "./tags"
import { sendTexts } from "./send-texts"
import { PresentTexts, readTexts } from "./texts"
import { unsendableField } from "./unsendable"
import { foreignField, Subject, valsOf } from "./vals"
import { equalValues, heldIn, storedField } from "./values"

const MODELS = {
  category: "product.category",
  product: "product.template",
  variant: "product.product",
} as const

export type CatalogEntity = keyof typeof MODELS
export type CatalogChange = Change & { entity: CatalogEntity }

/**
 * Writes categories, products and variants. Reads the records first, in one request a model, and
 * compares: what Odoo holds already is not sent, what it holds otherwise than expected is refused.
 * @throws SyncError before anything was sent
 */
export const writeCatalog = async (
  session: OdooSession,
  changes: readonly CatalogChange[],
  options: RequestOptions,
  outcomes: Outcomes,
): Promise<void> => {
  const facts = await factsOf(session, options)
  const { major } = await session.version(options)
  const { charset } = await session.protocol(options)
  const present = await presentOf(session, changes, facts, options)
  const texts = await readTexts(session, changes, present.product, facts, options)
  const due = changes.flatMap((change) => {
    const seen = examine(change, present, facts, texts, charset)
    if ("row" in seen) return [seen]
    outcomes.set(change, seen)
    return []
  })
  const tags = await tagIds(session, due, charset, options, outcomes)
  const prices = planPrices(due, present.variant, outcomes)
  const units = due.flatMap((subject): Unit[] => {
    const { change } = subject
    if (outcomes.has(change) || subject.due.every(isTranslation)) return []
    const sent = valsOf(subject, facts, major, tags)
    if (!("vals" in sent)) {
      outcomes.set(change, sent)
      return []
    }
    const price = prices.get(subject)
    const vals = price === undefined ? sent.vals : { ...sent.vals, list_price: Number(price) }
    return [{ subject, model: MODELS[change.entity as CatalogEntity], vals }]
  })
  const sending = { session, facts, major, options, outcomes }
  await sendUnits(sending, units)
  await sendTexts(sending, texts, due)
}

type Present = Record<CatalogEntity, Rows>

const presentOf = async (
  session: OdooSession,
  changes: readonly CatalogChange[],
  facts: ProductFacts,
  options: RequestOptions,
): Promise<Present> => {
  const idsOf = (entity: CatalogEntity) => numbers(changes.filter((c) => c.entity === entity))
  const priced = changes.filter(({ patch }) =>
    Object.keys(patch).some((f) => familyOf(f) === "price"),
  )
  const relatives = priced.map(({ product_id }) => Number(product_id)).filter(isId)
  const read = (entity: CatalogEntity, specification: object, besides: number[] = []) =>
    readPresent(session, MODELS[entity], idsOf(entity), { ...specification }, options, [
      ...new Set(besides),
    ])
  return {
    category: await read("category", categorySpecification),
    product: await read("product", templateSpecification(facts)),
    variant: await read("variant", variantSpecification(facts), relatives),
  }
}

const isId = (id: number): boolean => Number.isInteger(id) && id > 0

const numbers = (changes: readonly Change[]): number[] => [
  ...new Set(changes.map(({ id }) => Number(id)).filter(isId)),
]

/** What is left to write of a change, or what became of it already. */
const examine = (
  change: CatalogChange,
  present: Present,
  facts: ProductFacts,
  texts: PresentTexts,
  charset: Charset,
): Subject | WriteOutcome => {
  const row = present[change.entity].get(Number(change.id))
  if (row === undefined) return refused("gone")
  if (wasMoved(change, row)) return refused("newer_version")
  const foreign = foreignField(change) ?? texts.unspoken(change)
  if (foreign) return foreign
  const held = { ...heldIn(change, row, facts), ...texts.heldIn(change, row) }
  const stored = (field: FieldName): FieldValue =>
    isTranslation(field) ? texts.stored(change, field, row) : storedField(change, field, row, facts)
  const due = Object.keys(change.patch).filter(
    (field) => !equalValues(field, held[field] ?? null, stored(field)),
  )
  if (due.length === 0) {
    return { outcome: "written", id: change.id, version: newestOwn([row]), holds: held }
  }
  if (isStale(change, held, due)) return refused("newer_version")
  const refusals = due.filter(isTranslation).map((field) => texts.refusal(change, field, row))
  const refusal = refusals.find((outcome) => outcome !== null)
  return refusal ?? unsendableField(change, due, charset) ?? { change, id: row.id, row, held, due }
}

/** The variant belongs to another product by now. */
const wasMoved = ({ entity, product_id: product }: Change, row: Row): boolean =>
  entity === "variant" && product !== null && String(templateOf(row)) !== product

/** Odoo has one category, so that each of them says something about all. */
const isStale = ({ expected, patch }: Change, held: Change["patch"], due: string[]): boolean => {
  const moves = due.some((field) => familyOf(field) === "category")
  const compared = moves
    ? [...due, ...Object.keys(patch).filter((field) => familyOf(field) === "category")]
    : due
  return compared.some((field) => !equalValues(field, held[field] ?? null, expected[field] ?? null))
}
