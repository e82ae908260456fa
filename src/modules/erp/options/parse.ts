import { MedusaError } from "@medusajs/framework/utils"
import { CONNECTORS } from "../../../connectors"
import type { ConnectorFactory } from "../../../connectors/contract"
import { connectionId } from "../../../sync/ids"
import type { Owner } from "../../../sync/values"
import { attributesOf } from "./attributes"
import { crossCheck, withFilter } from "./checks"
import { credentialsProblem, given } from "./credentials"
import { describe, firstOfEach, problemsOf } from "./problems"
import { optionsSchema, type ParsedConnection } from "./schema"
import type { ConnectionOptions, ErpOptions } from "./types"

/**
 * The plugin's options with their defaults.
 *
 * @throws MedusaError naming the path, the value and the expectation of everything that is wrong
 */
export const parseOptions = (options: unknown): ErpOptions => {
  const raw = options ?? {}
  const parsed = optionsSchema.safeParse(raw)
  const problems = firstOfEach([...problemsOf(parsed.error?.issues ?? []), ...crossCheck(raw)])
  if (!parsed.success || problems.length > 0) {
    throw new MedusaError(MedusaError.Types.INVALID_ARGUMENT, describe(problems, raw))
  }
  const { connections, retention } = parsed.data
  return {
    connections: connections.map(toConnection),
    retention: { journal_ms: retention.journal, runs_ms: retention.runs },
  }
}

const toConnection = (parsed: ParsedConnection): ConnectionOptions => {
  const { erp, factory } = connectorOf(parsed.erp)
  const credentials = given(parsed.credentials)
  const { sales_channels = null, shipping_profile = null, ...create } = parsed.create
  const { counted, settle_after, lag } = parsed.orders
  const mapped = attributesOf(parsed.fields.attributes)
  return {
    id: connectionId(parsed.id),
    erp,
    factory,
    credentials,
    settings: withFilter(parsed, parsed.settings),
    http: defined(parsed.http),
    problem: credentialsProblem(erp, credentials),
    owners: { ...ownersOf(parsed.fields.owners), ...mapped.owners },
    attributes: mapped.attributes,
    languages: Object.entries(parsed.languages).map(([locale, erp]) => ({ locale, erp })),
    push: parsed.push,
    images: parsed.images,
    create: { ...create, sales_channels, shipping_profile },
    match: parsed.match,
    first_link: parsed.first_link,
    conflicts: parsed.conflicts,
    foreign_edits: parsed.foreign_edits,
    gone: parsed.gone,
    deleted: parsed.deleted,
    prices: parsed.prices ?? null,
    stock: parsed.stock ?? null,
    orders: { counted, settle_after_ms: settle_after, lag_ms: lag },
    schedule: parsed.schedule,
    weight_unit: parsed.weight_unit,
    guards: {
      gone_share: parsed.guards.gone_percent / 100,
      price_share: parsed.guards.price_percent / 100,
      absent_share: parsed.guards.absent_percent / 100,
    },
    writer: parsed.writer,
  }
}

const connectorOf = (erp: ParsedConnection["erp"]): { erp: string; factory: ConnectorFactory } => {
  if (typeof erp === "function") return { erp: erp.name || "custom", factory: erp }
  if (typeof erp === "object") return { erp: erp.erp, factory: erp.create }
  const factory = CONNECTORS[erp]
  if (!factory) throw new MedusaError(MedusaError.Types.NOT_FOUND, `No connector named ${erp}`)
  return { erp, factory }
}

/** The engine names a family of fields by its single member: `category:42`. */
const ownersOf = ({
  categories,
  tags,
  ...fields
}: ParsedConnection["fields"]["owners"]): Record<string, Owner> =>
  defined({ ...fields, category: categories, tag: tags })

const defined = <T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
