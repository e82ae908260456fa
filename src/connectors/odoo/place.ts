import { SyncError } from "../../sync/errors"
import type { RequestOptions } from "../contract"
import type { OdooAnswer, OdooCall, OdooProtocol } from "./protocol"
import type { OdooSettings } from "./settings"

export interface OdooCompany {
  id: number
  name: string
  create_date: string
  /** ISO 4217, lower case, with the day its record was made, part of the identity. */
  currency: { code: string; create_date: string }
}

/** What everything is read in. */
export interface OdooPlace {
  company: OdooCompany
  /** Names of all the companies that the user may work in. */
  companies: string[]
  language: string | null
  /** The user's own, whatever the settings say. */
  own_language: string | null
}

export interface FieldFacts {
  type: string
  /** Decimals that the field keeps; null when it keeps all (prices of Odoo 19). */
  digits: number | null
}

type Call = (call: OdooCall, options?: RequestOptions) => Promise<OdooAnswer>

/**
 * The company and language that everything is read in: the settings', else the user's own.
 * @throws SyncError `company_unknown`
 */
export const readPlace = async (
  settings: OdooSettings,
  protocol: (options?: RequestOptions) => Promise<OdooProtocol>,
  call: Call,
  options?: RequestOptions,
): Promise<OdooPlace> => {
  const uid = await (await protocol(options)).uid(options)
  const company = { name: {}, create_date: {}, currency_id: { fields: CURRENCY_FIELDS } }
  const specification = { lang: {}, company_id: {}, company_ids: { fields: company } }
  const { value } = await call(
    { model: "res.users", method: "web_read", ids: [uid], args: { specification } },
    options,
  )
  const user = (Array.isArray(value) ? value[0] : null) as Record<string, unknown> | null
  const allowed = (user?.["company_ids"] ?? []) as Record<string, unknown>[]
  const wanted = settings.company ?? user?.["company_id"]
  const found = allowed.find(({ id, name }) => id === wanted || name === wanted)
  if (!found) throw noSuchCompany(wanted, allowed)
  const currency = (found["currency_id"] ?? {}) as Record<string, unknown>
  const lang = user?.["lang"]
  return {
    company: {
      id: Number(found["id"]),
      name: String(found["name"]),
      create_date: String(found["create_date"]),
      currency: {
        code: String(currency["name"]).toLowerCase(),
        create_date: String(currency["create_date"]),
      },
    },
    companies: allowed.map(({ name }) => String(name)),
    language: settings.language ?? (typeof lang === "string" ? lang : null),
    own_language: typeof lang === "string" ? lang : null,
  }
}

const CURRENCY_FIELDS = { name: {}, create_date: {} }

const noSuchCompany = (wanted: unknown, allowed: Record<string, unknown>[]): SyncError =>
  new SyncError({
    kind: "config",
    code: "company_unknown",
    message: `The Odoo user may not work in company ${JSON.stringify(wanted)}; allowed: ${allowed
      .map(({ id, name }) => `${String(name)} (${String(id)})`)
      .join(", ")}.`,
    remedy: "Correct `company`, or add it to the user's allowed companies.",
    scope: "connection",
  })

/** Fields of a model that the user may see, with their types. */
export const readFields = async (
  call: Call,
  model: string,
  options?: RequestOptions,
): Promise<ReadonlyMap<string, FieldFacts>> => {
  // Without `attributes` some models fail in `fields_get` itself.
  const args = { attributes: ["type", "digits"] }
  const { value } = await call({ model, method: "fields_get", args }, options)
  return new Map(
    Object.entries((value ?? {}) as Record<string, Record<string, unknown>>).map(
      ([name, { type, digits }]) => [
        name,
        { type: String(type), digits: Array.isArray(digits) ? Number(digits[1]) : null },
      ],
    ),
  )
}
