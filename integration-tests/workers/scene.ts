import { setTimeout as sleep } from "node:timers/promises"
import { Checks } from "./checks"
import { editsGoOut } from "./edits"
import { ErpSide } from "./erp-side"
import { Half, killHolder, untilHalf } from "./half"
import { Instance } from "./store"
import { StoreSide } from "./store-side"
import { until } from "./until"

const GROUPS = 50
const LEASE_MS = 30_000
const QUICK_MS = 3_000
const PATIENT_MS = 600_000

/** The acts, in order; each leaves the next one two instances at rest. */
export class Scene {
  private readonly instances: Instance[] = []
  /** Price that each product has in the ERP. */
  private readonly prices = new Map<number, number>()
  private variants = new Map<number, string>()

  constructor(
    readonly erp: ErpSide,
    readonly store: StoreSide,
    readonly checks: Checks,
    private readonly start: (name: string) => Promise<Instance>,
  ) {}

  async play(): Promise<void> {
    await this.raisePrices(20)
    const [first, second] = await Promise.all([this.open("first"), this.open("second")])
    await this.listed(first, second)
    await this.lanes(first)
    await this.wakes()
    const killed = await this.killed([first, second])
    await this.forgotten(killed.other, killed.holder)
    const left = await this.handedOver([killed.other, await this.open("third")])
    this.checks.equal("the ERP was never written to", await this.erp.writes(), {})
    await editsGoOut(this, [left.other, await this.open("fourth")])
  }

  async end(): Promise<void> {
    await Promise.all(
      this.instances.filter((instance) => instance.isRunning()).map((instance) => instance.kill()),
    )
  }

  private async open(name: string): Promise<Instance> {
    const instance = await this.start(name)
    this.instances.push(instance)
    return instance
  }

  /** Every price of the ERP moves a little, in groups of products. */
  private async raisePrices(by: number): Promise<void> {
    const ids = await this.erp.products()
    for (let group = 0; group < GROUPS; group += 1) {
      const members = ids.filter((_, index) => index % GROUPS === group)
      const price = (this.prices.get(members[0] ?? 0) ?? group) + by
      await this.erp.setPrice(members, price)
      members.forEach((id) => this.prices.set(id, price))
    }
  }

  private async listed(...instances: Instance[]): Promise<void> {
    const [first] = instances
    const health = await first?.health()
    this.checks.equal(
      "each instance has a health row from its start",
      instances.map(({ pid }) => health?.instances.filter(({ id }) => isOf(id, pid)).length),
      instances.map(() => 1),
    )
  }

  /** Stock and prices of what is there already do not wait for the import of the rest. */
  private async lanes(first: Instance): Promise<void> {
    // An empty store's first tick starts the import by itself; on a slow machine it was faster.
    if ((await this.store.runs("running")) === 0) {
      await first.startFullSync()
    }
    const linked = (): Promise<Map<number, string>> => this.store.variants()
    await until(
      "a fifth is there",
      async () => (await linked()).size > this.prices.size / 5,
      PATIENT_MS,
    )
    const [product, variant] = [...(await linked())][0] ?? [0, ""]
    await this.erp.setPrice([product], 77.5)
    await this.erp.setStock(Number(variant), 123)
    await this.store.hint("prices", [variant])
    await this.store.hint("stock", [variant])
    const waited = await until(
      "price and stock arrive",
      async () =>
        (await this.store.pricesAsExpected(new Map([[variant, 77.5]]))) === 1 &&
        (await this.store.stockOf(variant, 123)) === 1,
      PATIENT_MS,
    )
    const running = await this.store.runs("running")
    const there = (await linked()).size
    this.checks.check(
      "hinted stock and price pass a full run",
      running === 1 && there < this.prices.size,
      `${Math.round(waited)} ms, at ${there} of ${this.prices.size} products`,
    )
    this.prices.set(product, 77.5)
    const open = async (): Promise<number> =>
      (await this.store.runs("running")) + (await this.store.runs("queued"))
    await until("the import ends", async () => (await open()) === 0, PATIENT_MS)
    this.checks.equal("no run failed", await this.store.runs("failed"), 0)
    this.variants = await linked()
    this.checks.equal("every product is there", this.variants.size, this.prices.size)
    await this.atRest(PATIENT_MS)
  }

  /** A hint wakes an instance at once, a delayed one when it is due: neither waits for the tick. */
  private async wakes(): Promise<void> {
    const [product = 0, variant = ""] = [...this.variants][1] ?? []
    for (const { name, price, delay } of [
      { name: "a hint is applied at once", price: 78.5, delay: 0 },
      { name: "a delayed hint is applied when it is due", price: 79.5, delay: 4_000 },
    ]) {
      await this.erp.setPrice([product], price)
      this.prices.set(product, price)
      await this.store.hint("prices", [variant], delay)
      const waited = await until(
        name,
        async () => (await this.store.pricesAsExpected(new Map([[variant, price]]))) === 1,
        PATIENT_MS,
      )
      this.checks.check(
        name,
        waited >= delay && waited < delay + QUICK_MS,
        `${Math.round(waited)} ms`,
      )
    }
  }

  private async killed(instances: [Instance, Instance]): Promise<Half> {
    const mark = await this.begin(1)
    const half = await killHolder(this.store, "prices", this.prices.size, instances)
    this.checks.equal("both instances work", half.seen, 2)
    this.checks.check("the killed one held keys", half.held > 0, `${half.held} of them`)
    const waited = await this.untilLooked()
    this.checks.check(
      "the other takes over when the lease ends",
      waited < LEASE_MS + 2 * QUICK_MS,
      `${Math.round(waited / 100) / 10} s after the kill`,
    )
    await this.allOnce("after a kill", mark)
    this.checks.check("the survivor is alive", half.other.isRunning(), half.other.name)
    return half
  }

  private untilLooked(): Promise<number> {
    return until(
      "everything is looked at",
      async () => (await this.store.dirty("prices")) === 0,
      PATIENT_MS,
    )
  }

  /** A dead instance is a warning for a while, and then history. */
  private async forgotten(alive: Instance, dead: Instance): Promise<void> {
    const warned = async (): Promise<number> =>
      (await alive.health()).warnings.filter((line) => line.includes(`:${dead.pid}:`)).length
    const age = (minutes: number): Promise<void> =>
      this.store.change(
        `update erp_instance set updated_at = now() - interval '${minutes} minutes'
         where split_part(id, ':', 2) = ?`,
        [String(dead.pid)],
      )
    const found: number[] = []
    await age(0)
    found.push(await warned())
    await age(4)
    found.push(await warned())
    await age(64)
    found.push(await warned())
    this.checks.equal("a dead instance is warned of for its time", found, [0, 1, 0])
    const { status } = await alive.health()
    this.checks.equal("then all is well again", status, "ok")
  }

  /** A deploy: what it held is free at once, and nothing waits for a lease. */
  private async handedOver(instances: [Instance, Instance]): Promise<Half> {
    const mark = await this.begin(1)
    const half = await untilHalf(this.store, "prices", this.prices.size, instances)
    const took = await half.holder.terminate()
    this.checks.check("SIGTERM ends an instance soon", took < 10_000, `${Math.round(took)} ms`)
    this.checks.equal("its leases are given back", await this.store.held(half.holder.pid), 0)
    const waited = await this.untilLooked()
    this.checks.check(
      "the other goes on without waiting for a lease",
      waited < LEASE_MS / 2,
      `${Math.round(waited)} ms after its end`,
    )
    await this.allOnce("after a hand-over", mark)
    const { instances: listed } = await half.other.health()
    this.checks.equal(
      "its health row is gone",
      listed.filter(({ id }) => isOf(id, half.holder.pid)).length,
      0,
    )
    return half
  }

  /** All prices change in the ERP, which says so; resolves to the journal's last row before. */
  private async begin(by: number): Promise<string> {
    const [mark = ""] = await this.store.texts("select max(id) as found from erp_journal")
    await this.raiseEach(by)
    await this.store.hint("prices", [...this.variants.values()])
    return mark
  }

  private async raiseEach(by: number): Promise<void> {
    const groups = new Map<number, number[]>()
    this.prices.forEach((price, id) => groups.set(price, [...(groups.get(price) ?? []), id]))
    for (const [price, ids] of groups) {
      await this.erp.setPrice(ids, price + by)
      ids.forEach((id) => this.prices.set(id, price + by))
    }
  }

  private async allOnce(when: string, mark: string): Promise<void> {
    const expected = new Map(
      [...this.variants].map(([product, variant]) => [variant, this.prices.get(product) ?? 0]),
    )
    this.checks.equal(
      `every price is the ERP's ${when}`,
      await this.store.pricesAsExpected(expected),
      this.prices.size,
    )
    this.checks.equal(
      `every price was written once ${when}`,
      await this.store.number(
        `select count(*) as found from erp_journal
         where id > ? and kind = 'write' and field like 'price%'`,
        [mark],
      ),
      this.prices.size,
    )
    this.checks.equal(
      `no price was written twice ${when}`,
      await this.store.texts(
        `select erp_id || ' ' || field as found from erp_journal
         where id > ? and kind = 'write' group by erp_id, field having count(*) > 1`,
        [mark],
      ),
      [],
    )
    await this.atRest(QUICK_MS)
    this.checks.equal(
      `no lease is left ${when}`,
      await this.store.number(
        "select count(*) as found from erp_dirty where lease_owner is not null",
      ),
      0,
    )
  }

  private async atRest(patience: number): Promise<void> {
    await until(
      "nothing is due",
      async () =>
        (await this.store.number(
          "select count(*) as found from erp_dirty where due_at <= now()",
        )) === 0,
      patience,
    )
    await sleep(50)
  }
}

const isOf = (id: string, pid: number): boolean => id.split(":")[1] === String(pid)
