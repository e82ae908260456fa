import type { Stream } from "../../sync/canonical"
import { toSyncError } from "../../sync/errors"
import type { CheckItem, RequestOptions } from "../contract"
import { type Domain, WITH_ARCHIVED } from "./domains"
import { countBeyond } from "./pages"
import type { OdooPlace } from "./place"
import { productScope } from "./scope"
import type { OdooSession } from "./session"

/**
 * Says how many products the filter lets through. Odoo itself is asked, so that a path or an operator
 * that it does not take is found here.
 */
export const filterItem = async (
  session: OdooSession,
  streams: readonly Stream[],
  options: RequestOptions,
): Promise<CheckItem[]> => {
  if (!streams.includes("products")) return []
  const code = "filter"
  const count = (domain: Domain) => countBeyond(session, "product.template", domain, 0, options)
  try {
    const all = await count([WITH_ARCHIVED])
    const inside = await count(productScope(session).scope)
    const ok = inside > 0 || all === 0
    return [
      {
        code,
        ok,
        message: `${inside} of ${all} products in Odoo take part.`,
        remedy: ok ? "" : "Correct the connection's `filter`: it lets nothing through.",
      },
    ]
  } catch (error) {
    if (options.signal?.aborted) throw error
    const { kind, message } = toSyncError(error)
    return kind === "transient"
      ? []
      : [{ code, ok: false, message, remedy: "Correct the connection's `filter`." }]
  }
}

/** Several companies share one Odoo: whose products, prices and stock these are. */
export const companyItem = ({ company, companies }: OdooPlace): CheckItem[] =>
  companies.length < 2
    ? []
    : [
        {
          code: "company",
          ok: true,
          message:
            `Products of ${company.name} and those that all companies share are read, with the ` +
            `values that they have in ${company.name}. The user may also work in ` +
            `${companies.filter((name) => name !== company.name).join(", ")}.`,
          remedy: "If it is to be another one, name it: `settings: { company }`.",
        },
      ]
