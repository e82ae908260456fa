import { Catalog, ClaimedKey, Ledger, Run } from "../../../../src/engine/ports"
import { Entity, ENTITIES } from "../../../../src/sync/canonical"
import { toSyncError } from "../../../../src/sync/errors"
import { connectionId, erpId } from "../../../../src/sync/ids"
import { Link } from "../../../../src/sync/values"

export const CONNECTION = connectionId("erp")

/** The ERP's keys that scripts speak of. */
export const KEYS = ["1", "2", "3", "4", "5"].map(erpId)

/** One of the two implementations, with what a script remembers of its answers: each has its own ids. */
export class Side<Tx> {
  claims: ClaimedKey[] = []
  runs: Run[] = []
  events: string[] = []
  private held: Promise<unknown> = Promise.resolve()
  private release: () => void = () => undefined

  constructor(
    readonly name: string,
    readonly ledger: Ledger<Tx>,
    readonly catalog: Catalog<Tx>,
  ) {}

  /** Links by name, in one order on both sides. */
  async links(): Promise<Map<string, Link>> {
    const found: [string, Link][] = []
    for (const entity of ENTITIES) {
      for (const link of await this.ledger.linksByErp(CONNECTION, entity, KEYS)) {
        found.push([nameOf(link), link])
      }
    }
    return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  async link(entity: Entity, key: number): Promise<Link | undefined> {
    return (await this.ledger.linksByErp(CONNECTION, entity, KEYS.slice(key, key + 1)))[0]
  }

  /** Keeps a transaction open that did `work`, until `letGo`. */
  async hold(work: (tx: Tx) => Promise<unknown>): Promise<void> {
    await this.letGo()
    await new Promise<void>((resolve, reject) => {
      this.held = this.ledger.transaction(async (tx) => {
        await work(tx)
        await new Promise<void>((release) => {
          this.release = release
          resolve()
        })
      })
      this.held.catch(reject)
    })
  }

  async letGo(): Promise<void> {
    this.release()
    await this.held.catch(() => undefined)
  }
}

export const nameOf = (link: Link): string => `${link.entity}/${link.erp_id}`

/** A failure as both sides may name it: how Medusa words what it refuses is its own affair. */
export const failureOf = (error: unknown): { failed: string } => ({
  failed: toSyncError(error).kind,
})
