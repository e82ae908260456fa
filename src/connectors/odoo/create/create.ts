import Big from "big.js"

import type { Creation, CreationOutcome, RequestOptions } from "../../contract"
import type { OdooSession } from "../session"
import { unsupported } from "../write/outcomes"
import { unsendableCreation } from "../write/unsendable"
import { Attribute, attributesFor } from "./attributes"
import { completed } from "./completion"
import { takenBarcode } from "./barcodes"
import { findKey } from "./keys"
import { Creating, oneByOne } from "./one-by-one"
import { loadProduct } from "./load"
import { commonPrice, creationProblem, plainName } from "./problems"
import { loadTable } from "./table"

/**
 * Creates products one after another, each under an external id that `load` never makes twice. What
 * exists under the key already is answered as it is; only variants that a lost reply left blank are
 * filled.
 * @throws SyncError before anything was sent
 */
export const createProducts = (
  session: OdooSession,
  creations: readonly Creation[],
  options: RequestOptions,
): Promise<CreationOutcome[]> => oneByOne(session, creations, options, createOne)

const createOne = async (creating: Creating, creation: Creation): Promise<CreationOutcome> => {
  const { session, facts, unit, options } = creating
  const existing = await findKey(session, "product.template", creation.key, options)
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
