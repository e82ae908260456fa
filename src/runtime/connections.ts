import type { MappedPriceList } from "../catalog"
import {
  Connector,
  ConnectionCheck,
  ConnectorContext,
  ErpIdentity,
  RequestCounter,
} from "../connectors/contract"
import { Connected } from "../engine/context"
import { DrainSource } from "../engine/drain"
import { ConnectionRow } from "../engine/ports"
import { ErpLedger } from "../modules/erp/ledger"
import { ConnectionOptions } from "../modules/erp/options"
import { toSyncError } from "../sync/errors"
import { withLanguageOf } from "../sync/fingerprint"
import { connectionId, ConnectionId } from "../sync/ids"
import { WriteScope } from "../sync/write-scope"
import { ResolvedRules, resolveRules, Targets, withApproval } from "./rules"

/** What the admin shows of the last check, as the connection's row keeps it. */
export type StoredCheck = { items: ConnectionCheck["items"] }

interface Live {
  connector: Connector & RequestCounter
  resolved: ResolvedRules | null
  resolved_at: number
}

/** Names in the options are looked up again after this time, so that a new location is found. */
const RESOLVE_MS = 60_000
const CHECK_MS = 60 * 60_000
/** Reasons that a person has to answer: a check that goes well does not lift them. */
const OTHER_IDENTITY = "other_identity"
const HELD = new Set(["restored_copy", OTHER_IDENTITY, "removed_from_options"])

/**
 * The configured connections at work: one connector each, its identity checked, its rules resolved.
 * A connection whose credentials fail pauses, and goes on by itself once a check goes well again.
 */
export class Connections implements DrainSource {
  private readonly live = new Map<ConnectionId, Live>()
  private readonly lists = new Map<ConnectionId, readonly MappedPriceList[]>()

  constructor(
    private readonly configured: readonly ConnectionOptions[],
    private readonly ledger: ErpLedger,
    private readonly targetsOf: (options: ConnectionOptions) => Promise<Targets>,
    private readonly log: (level: "debug" | "info" | "warn" | "error", message: string) => void,
    /** The store can hold texts in further languages; else none is asked for. */
    private readonly translated: boolean = false,
  ) {}

  options(id: string): ConnectionOptions | undefined {
    return this.configured.find((entry) => entry.id === id)
  }

  all(): readonly ConnectionOptions[] {
    return this.configured
  }

  /** The connector of a configured connection, at work or not; null where it cannot be made. */
  connector(id: ConnectionId): Connector | null {
    const options = this.options(id)
    return options && !options.problem ? this.liveOf(options).connector : null
  }

  /** Whether the options and the connector have images at all. */
  takesImages(id: ConnectionId): boolean {
    const connector = this.connector(id)
    return (
      this.options(id)?.images !== false &&
      connector?.image !== undefined &&
      connector.capabilities.streams.includes("images")
    )
  }

  requests(id: ConnectionId): number {
    return this.live.get(id)?.connector.requests ?? 0
  }

  async active(): Promise<Connected[]> {
    const rows = await this.ledger.connections()
    const connected = await Promise.all(
      rows.map(async (row) => (row.state === "active" ? this.connect(row) : null)),
    )
    return connected.filter((entry) => entry !== null)
  }

  async one(id: ConnectionId): Promise<Connected | null> {
    const row = await this.ledger.connection(id)
    return row?.state === "active" ? this.connect(row) : null
  }

  /** The store's price lists that the connections of this process map, as far as they were resolved. */
  priceLists(): readonly MappedPriceList[] {
    return [...this.lists.values()].flat()
  }

  /** Checks paused connections again, and active ones now and then. */
  async recheck(): Promise<void> {
    for (const options of this.configured) {
      const row = await this.ledger.connection(connectionId(options.id))
      const waits = row?.reason && HELD.has(row.reason.code) && row.reason.code !== OTHER_IDENTITY
      if (!row || options.problem || waits) {
        continue
      }
      const age = row.checked_at === null ? Infinity : Date.now() - Date.parse(row.checked_at)
      if (age > (row.state === "paused" ? 5 * 60_000 : CHECK_MS)) {
        await this.check(connectionId(options.id))
      }
    }
  }

  /** Runs the connector's check now and keeps what it found. */
  async check(id: ConnectionId): Promise<void> {
    const options = this.options(id)
    const row = await this.ledger.connection(id)
    if (!options || !row || options.problem) {
      return
    }
    try {
      const { connector } = this.liveOf(options)
      const result = await connector.check()
      await this.keep(row, result)
    } catch (error) {
      const failure = toSyncError(error)
      this.log("warn", `${id}: the check failed: ${failure.message}`)
      await this.ledger.saveConnection(id, {
        checked_at: await this.ledger.now(),
        check: {
          items: [
            { code: failure.code, ok: false, message: failure.message, remedy: failure.remedy },
          ],
        },
        ...(failure.kind === "config" && failure.scope === "connection"
          ? {
              state: "paused" as const,
              reason: { code: failure.code, message: failure.message, remedy: failure.remedy },
            }
          : {}),
      })
    }
    const live = this.live.get(id)
    if (live) {
      live.resolved = null
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.live.values()].map((live) => live.connector.close()))
    this.live.clear()
  }

  /** Fingerprint of the mappings as the options have them now; null while nothing is known of the ERP. */
  async fingerprint(id: ConnectionId): Promise<string | null> {
    const row = await this.ledger.connection(id)
    const options = this.options(id)
    const identity = row && identityOf(row)
    return options && identity ? (await this.resolve(options, identity)).rules.fingerprint : null
  }

  /** Mappings of a connection that cannot work, for the control room. */
  async problems(id: ConnectionId): Promise<ResolvedRules["problems"]> {
    const row = await this.ledger.connection(id)
    const options = this.options(id)
    const identity = row && identityOf(row)
    return options && identity ? (await this.resolve(options, identity)).problems : []
  }

  private async keep(row: ConnectionRow, result: ConnectionCheck): Promise<void> {
    const before = identityOf(row)
    const failed = result.items.find((item) => !item.ok && !item.transient)
    // No answer this time: the connection stays as it is, and the items say why nothing moves.
    const unanswered = !result.ok && failed === undefined
    // Half an answer would leave out what it could not see, warehouses first, until the next check.
    const whole = result.items.every((item) => item.ok || !item.transient)
    const foreign =
      before !== null &&
      result.identity !== null &&
      before.fingerprint !== result.identity.fingerprint
    const reason = foreign
      ? {
          code: OTHER_IDENTITY,
          message: `The address of ${row.id} now leads to another database or company (${result.identity?.company ?? "unknown"} instead of ${before.company}).`,
          remedy: "Point the connection back, or give the new database a connection id of its own.",
        }
      : !result.ok && failed
        ? { code: failed.code, message: failed.message, remedy: failed.remedy }
        : null
    const returned = row.reason?.code === OTHER_IDENTITY && !foreign && result.ok
    const held = row.reason !== null && HELD.has(row.reason.code) && !returned
    await this.ledger.saveConnection(row.id, {
      checked_at: await this.ledger.now(),
      check: { items: result.items } satisfies StoredCheck,
      ...(result.identity && !foreign && whole ? { identity: { ...result.identity } } : {}),
      ...((held && !foreign) || unanswered
        ? {}
        : { state: reason ? ("paused" as const) : ("active" as const), reason }),
    })
  }

  private async connect(row: ConnectionRow): Promise<Connected | null> {
    const options = this.options(row.id)
    if (!options || options.problem) {
      return null
    }
    let identity = identityOf(row)
    if (!identity) {
      await this.check(row.id)
      const checked = await this.ledger.connection(row.id)
      identity = checked && checked.state === "active" ? identityOf(checked) : null
    }
    if (!identity) {
      return null
    }
    const { connector } = this.liveOf(options)
    const { rules } = await this.resolve(options, identity)
    // What was agreed to before languages were noted was agreed to in this one.
    const agreed = withLanguageOf(row.rules_fingerprint ?? rules.fingerprint, rules.fingerprint)
    if (agreed !== row.rules_fingerprint) {
      await this.ledger.saveConnection(row.id, { rules_fingerprint: agreed })
    }
    return {
      id: row.id,
      connector,
      rules: withApproval(rules, { ...row, rules_fingerprint: agreed }),
      guards: options.guards,
      others: await this.othersOf(row.id),
    }
  }

  /** What the other configured connections write in the store, paused ones too: they will go on. */
  private async othersOf(id: ConnectionId): Promise<WriteScope[]> {
    const others = this.configured.filter((options) => options.id !== id)
    if (others.length === 0) {
      return []
    }
    const rows = new Map((await this.ledger.connections()).map((row) => [row.id, row]))
    return Promise.all(
      others.map((options) => this.scopeOf(options, rows.get(connectionId(options.id)))),
    )
  }

  private async scopeOf(
    options: ConnectionOptions,
    row: ConnectionRow | undefined,
  ): Promise<WriteScope> {
    const id = connectionId(options.id)
    const identity = row && identityOf(row)
    if (options.problem || !identity) {
      return { connection_id: id, rules: null, streams: [] }
    }
    const { rules } = await this.resolve(options, identity)
    return {
      connection_id: id,
      rules,
      streams: this.liveOf(options).connector.capabilities.streams,
    }
  }

  private async resolve(options: ConnectionOptions, identity: ErpIdentity): Promise<ResolvedRules> {
    const live = this.liveOf(options)
    if (!live.resolved || Date.now() - live.resolved_at > RESOLVE_MS) {
      const targets = await this.targetsOf(options)
      live.resolved = resolveRules(options, targets, identity, live.connector)
      this.lists.set(connectionId(options.id), targets.price_lists)
      live.resolved_at = Date.now()
    }
    return live.resolved
  }

  private liveOf(options: ConnectionOptions): Live {
    const id = connectionId(options.id)
    const present = this.live.get(id)
    if (present) {
      return present
    }
    const live: Live = {
      connector: options.factory({
        connection_id: options.id,
        credentials: options.credentials,
        settings: options.settings,
        ...(options.prices && namedLists(options.prices)),
        ...(options.attributes.length > 0 && {
          attributes: {
            product: namesOf(options, "product"),
            variant: namesOf(options, "variant"),
          },
        }),
        tags: options.owners["tag"] !== undefined,
        ...(this.translated &&
          options.languages.length > 0 && {
            languages: Object.fromEntries(
              options.languages.map(({ locale, erp }) => [locale, erp]),
            ),
          }),
        http: options.http,
        log: this.log,
      }),
      resolved: null,
      resolved_at: 0,
    }
    this.live.set(id, live)
    return live
  }
}

/** The ERP's price lists that the options name, each with the currencies that it is mapped to. */
const namedLists = (
  prices: NonNullable<ConnectionOptions["prices"]>,
): Required<Pick<ConnectorContext, "price_lists" | "price_currencies">> => {
  const names = [...new Set(prices.map(({ erp }) => erp))]
  const currenciesOf = (list: string): string[] => [
    ...new Set(
      prices.flatMap(({ erp, currency }) => (erp === list ? [currency.toLowerCase()] : [])),
    ),
  ]
  return {
    price_lists: names,
    price_currencies: Object.fromEntries(names.map((name) => [name, currenciesOf(name)])),
  }
}

const namesOf = ({ attributes }: ConnectionOptions, entity: "product" | "variant"): string[] =>
  attributes.filter((mapping) => mapping.entity === entity).map(({ erp }) => erp)

/** The ERP's identity as stored with the connection; null before the first good check. */
export const identityOf = (row: ConnectionRow): ErpIdentity | null =>
  row.identity && typeof row.identity.fingerprint === "string"
    ? (row.identity as unknown as ErpIdentity)
    : null
