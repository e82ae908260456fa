import Big from "big.js"

import { SyncError } from "../../../sync/errors"
import type { Creation, CreationOutcome, RequestOptions } from "../../contract"
import { MAX_WRITE_BATCH } from "../defaults"
import { requireActiveLanguage } from "../language"
import { ProductFacts, unitOf } from "../map-product"
import { Row } from "../rows"
import type { OdooSession } from "../session"
import { factsOf } from "../streams"
import { unsupported } from "../write/outcomes"
import { unsent, writeError } from "../write/send"
import { unsendableCreation } from "../write/unsendable"
import { Attribute, attributesFor } from "./attributes"
import { completed } from "./completion"
import { takenBarcode } from "./barcodes"
import { findKey } from "./keys"
import { loadProduct } from "./load"
import { commonPrice, creationProblem, plainName } from "./problems"
import { loadTable, TableParts } from "./table"

/**
 * Creates products one after another, each under an external id that `load` never makes twice. What
 * exists under the key already is answered as it is; only variants that a lost reply left blank are
 * filled.
 * @throws SyncError before anything was sent
 */
export const createProducts = async (
  session: OdooSession,
  creations: readonly Creation[],
  options: RequestOptions,
): Promise<CreationOutcome[]> => {
  if (creations.length > MAX_WRITE_BATCH) throw tooMany(creations.length)
  await requireActiveLanguage(session, options)
  const facts = await factsOf(session, options)
  const unit = await weightUnit(session, facts, options)
  const outcomes: CreationOutcome[] = []
  let stopped: SyncError | null = null
  for (const creation of creations) {
    if (stopped) {
      outcomes.push({ outcome: "failed", error: stopped })
      continue
    }
    try {
      outcomes.push(await createOne({ session, facts, unit, options }, creation))
    } catch (thrown) {
      const error = writeError(thrown, options)
      outcomes.push({ outcome: "failed", error })
      if (error.kind === "transient" || error.scope === "connection") stopped = unsent(error)
    }
  }
  return outcomes
}

export interface Creating {
  session: OdooSession
  facts: ProductFacts
  unit: TableParts["unit"]
  options: RequestOptions
}

const createOne = async (creating: Creating, creation: Creation): Promise<CreationOutcome> => {
  const { session, facts, unit, options } = creating
  const existing = await findKey(session, creation.key, options)
  if (existing !== null) return completed(creating, creation, existing)
  const { charset } = await session.protocol(options)
  const problem = creationProblem(creation, facts.currency) ?? unsendableCreation(creation, charset)
  if (problem) return problem
  const taken = await takenBarcode(session, creation, options)
  if (taken) return taken
  const attributes = await attributesFor(session, creation, options)
  const price = commonPrice(creation, (variant) => extraOf(attributes, variant.options))
  if (price === null) {
    return unsupported(
      `price:list:${facts.currency}`,
      "Odoo keeps one price for the whole product, and its variants' prices differ.",
      "Give all variants one price, or create the product in Odoo with extra prices.",
    )
  }
  const table = loadTable({
    ...{ creation, price, attributes, unit },
    template: facts.template,
    variant: facts.variant,
    filter: session.settings.filter,
  })
  const loaded = await loadProduct(session, creation, table, options)
  return typeof loaded === "string" ? completed(creating, creation, loaded) : loaded
}

/** What Odoo adds to the product's price for a variant's values. */
const extraOf = (
  attributes: readonly Attribute[],
  chosen: { readonly [title: string]: string },
): Big =>
  attributes.reduce((sum, { title, values }) => {
    const name = plainName(chosen[title] ?? "")
    const value = values.find((candidate) => plainName(candidate.title) === name)
    return sum.plus(value?.extra ?? 0)
  }, new Big(0))

/** The unit of the whole database, which any product names. */
const weightUnit = async (
  session: OdooSession,
  { template }: ProductFacts,
  options: RequestOptions,
): Promise<TableParts["unit"]> => {
  if (!template.has("weight_uom_name")) return "kg"
  const args = { domain: [], fields: ["weight_uom_name"], limit: 1 }
  const call = { model: "product.template", method: "search_read", args }
  const { value } = await session.call(call, options)
  const [row] = Array.isArray(value) ? (value as Row[]) : []
  return row ? unitOf(row) : "kg"
}

const tooMany = (count: number): SyncError =>
  new SyncError({
    kind: "bug",
    code: "batch_too_large",
    message: `${count} products were to be created at once; ${MAX_WRITE_BATCH} are allowed.`,
    remedy: "This is a defect of the plugin; please report it.",
  })
