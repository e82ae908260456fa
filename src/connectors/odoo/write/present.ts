import { SyncError } from "../../../sync/errors"
import type { RequestOptions } from "../../contract"
import { attributeSpecification } from "../attributes"
import { pageRows } from "../defaults"
import { Domain, filterDomain, WITH_ARCHIVED } from "../domains"
import { fetchPage } from "../pages"
import { confirmMissing } from "../read"
import { idIn, Row } from "../rows"
import type { OdooSession } from "../session"
import { tagSpecification } from "../tags"
import type { ProductFacts } from "../map-product"
import type { Specification } from "../specifications"
import { erpId } from "../../../sync/ids"

/** Rows of one model by id, as they were right before a write. */
export type Rows = ReadonlyMap<number, Row>

/** What is compared and answered of a product. */
export const templateSpecification = ({
  template: fields,
  attributes,
  tags = false,
}: ProductFacts): Specification => ({
  ...attributeSpecification(fields, attributes?.product ?? []),
  ...tagSpecification(tags),
  name: {},
  active: {},
  categ_id: {},
  write_date: {},
  ...(fields.has("description_sale") && { description_sale: {} }),
})

/** The same of a variant, with what its price is made of. */
export const variantSpecification = ({
  variant: fields,
  attributes,
}: ProductFacts): Specification => ({
  ...attributeSpecification(fields, attributes?.variant ?? []),
  default_code: {},
  barcode: {},
  weight: {},
  active: {},
  lst_price: {},
  list_price: {},
  write_date: {},
  product_tmpl_id: {},
  ...(fields.has("weight_uom_name") && { weight_uom_name: {} }),
  ...(fields.has("currency_id") && { currency_id: { fields: { name: {} } } }),
})

/** Condition of the connection's filter on a model. */
export const scopeOf = ({ settings }: OdooSession, model: string): Domain => {
  switch (model) {
    case "product.template":
      return [WITH_ARCHIVED, ...filterDomain(settings.filter)]
    case "product.product":
      return [WITH_ARCHIVED, ...filterDomain(settings.filter, "product_tmpl_id.")]
    default:
      return []
  }
}

/**
 * The rows with these ids, and those of the same products besides (`relatives`: product ids), in the
 * connection's scope. What is not among them is not there: a second question said so too.
 * @throws SyncError
 */
export const readPresent = async (
  session: OdooSession,
  model: string,
  ids: readonly number[],
  specification: Specification,
  options: RequestOptions,
  relatives: readonly number[] = [],
): Promise<Rows> => {
  const rows = new Map<number, Row>()
  if (ids.length === 0) return rows
  const scope = scopeOf(session, model)
  const wanted = ["id", "in", ids] as const
  const any: Domain =
    relatives.length === 0 ? [wanted] : ["|", wanted, ["product_tmpl_id", "in", relatives]]
  let after = 0
  let limit = pageRows({ protocol: session.settings.protocol }, "prices")
  for (let complete = false; !complete;) {
    const domain = [...scope, ...any]
    const page = await fetchPage(session, { model, domain, specification, after, limit }, options)
    if (page.oversized) throw tooLarge(model, page.oversized.reason)
    for (const row of page.rows) rows.set(row.id, row)
    ;({ complete, limit, last: after } = page)
  }
  const missing = ids.filter((id) => !rows.has(id)).map(erpId)
  await confirmMissing(session, model, scope, missing, options)
  return rows
}

/** The product that a variant's row belongs to. */
export const templateOf = (row: Row): number => idIn(row["product_tmpl_id"], "product_tmpl_id") ?? 0

const tooLarge = (model: string, reason: string): SyncError =>
  new SyncError({
    kind: "data",
    code: "response_too_large",
    message: `Odoo ${model}: ${reason}`,
    remedy: "Shorten the record's texts in Odoo.",
  })
