import Big from "big.js"

import type { Creation, RequestOptions } from "../../contract"
import { decimalOf } from "../../decimal"
import { idIn, Row } from "../rows"
import type { OdooSession } from "../session"
import { choicesOf, plainName } from "./problems"

/** An attribute of Odoo's dictionary with the values that a product needs. */
export interface Attribute {
  id: number
  /** The store's name of the option. */
  title: string
  values: { id: number; title: string; extra: Big }[]
}

const ATTRIBUTE = "product.attribute"
const VALUE = "product.attribute.value"

/**
 * The dictionary's attributes and values by the names of the product's options, ignoring case; those
 * that are missing are made. A lost reply makes none twice: they are looked for by name each time.
 * @throws SyncError
 */
export const attributesFor = async (
  session: OdooSession,
  creation: Creation,
  options: RequestOptions,
): Promise<Attribute[]> => {
  const attributes: Attribute[] = []
  for (const { title, values } of choicesOf(creation)) {
    const known = await attributeNamed(session, title, options)
    const id = known ?? (await create(session, ATTRIBUTE, { name: title }, options))
    attributes.push({ id, title, values: await valuesNamed(session, id, values, options) })
  }
  return attributes
}

/** Only attributes that make variants at once: others would leave them out. */
const attributeNamed = async (
  session: OdooSession,
  title: string,
  options: RequestOptions,
): Promise<number | null> => {
  const domain = [["create_variant", "=", "always"]]
  const rows = await searchRead(session, ATTRIBUTE, domain, ["name"], options)
  return rows.find(({ name }) => plainName(String(name)) === plainName(title))?.id ?? null
}

const valuesNamed = async (
  session: OdooSession,
  attribute: number,
  titles: readonly string[],
  options: RequestOptions,
): Promise<Attribute["values"]> => {
  const known = await knownValues(session, attribute, options)
  const values: Attribute["values"] = []
  for (const title of titles) {
    const value = known.find(({ name }) => plainName(name) === plainName(title))
    const id = value?.id ?? (await createValue(session, attribute, title, options))
    values.push({ id, title, extra: value?.extra ?? new Big(0) })
  }
  return values
}

/** A value of Odoo's dictionary, and what it adds to a price where a product takes it up. */
export interface KnownValue {
  id: number
  name: string
  extra: Big
}

/** The dictionary's values of an attribute, oldest first. @throws SyncError */
export const knownValues = async (
  session: OdooSession,
  attribute: number,
  options: RequestOptions,
): Promise<KnownValue[]> => {
  const domain = [["attribute_id", "=", attribute]]
  const fields = (await session.fields(VALUE, options)).has("default_extra_price")
    ? ["name", "default_extra_price"]
    : ["name"]
  const rows = await searchRead(session, VALUE, domain, fields, options)
  return rows.map((row) => ({
    id: row.id,
    name: String(row["name"]),
    extra: new Big(decimalOf(Number(row["default_extra_price"] ?? 0))),
  }))
}

/** Adds a value to the dictionary. @throws SyncError */
export const createValue = (
  session: OdooSession,
  attribute: number,
  title: string,
  options: RequestOptions,
): Promise<number> => create(session, VALUE, { name: title, attribute_id: attribute }, options)

const searchRead = async (
  session: OdooSession,
  model: string,
  domain: unknown[],
  fields: string[],
  options: RequestOptions,
): Promise<Row[]> => {
  const args = { domain, fields, order: "id", load: null }
  const { value } = await session.call({ model, method: "search_read", args }, options)
  return Array.isArray(value) ? (value as Row[]) : []
}

const create = async (
  session: OdooSession,
  model: string,
  vals: object,
  options: RequestOptions,
): Promise<number> => {
  const call = { model, method: "create", args: { vals_list: [vals] } }
  const { value } = await session.call(call, { ...options, write: true })
  return idIn(Array.isArray(value) ? value[0] : value, model) ?? 0
}
