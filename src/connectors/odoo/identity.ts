import { createHash } from "node:crypto"

import type { ErpIdentity } from "../contract"
import type { OdooCompany, OdooPlace } from "./place"
import type { OdooVersion } from "./version"
import type { Warehouse } from "./warehouses"

/**
 * Odoo keeps its `database.uuid` for administrators. What any user reads and nobody changes stands
 * for it: id and birth of the company, and the birth of its currency's record, which is that of the
 * database. A copy of the database has the same; so has one restored from a backup.
 */
export const fingerprintOf = ({ id, create_date, currency }: OdooCompany): string =>
  createHash("sha256")
    .update(JSON.stringify(["odoo", id, create_date, currency.create_date]))
    .digest("hex")

export const identityOf = (
  version: OdooVersion,
  { company, own_language }: Pick<OdooPlace, "company" | "own_language">,
  warehouses: readonly Warehouse[],
): ErpIdentity => ({
  fingerprint: fingerprintOf(company),
  version: version.name,
  company: company.name,
  currencies: [company.currency.code],
  warehouses: warehouses.map(({ code, name }) => ({ code, name })),
  language: own_language,
})
