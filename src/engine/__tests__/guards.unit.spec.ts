import { Decision } from "../../sync/decide"
import { Guards } from "../../sync/guards"
import { link, NOW, rules } from "../../sync/__tests__/fixtures"
import { connectionId, erpId, medusaId } from "../../sync/ids"
import { LockedLevel } from "../../sync/stock-types"
import { Side } from "../../sync/values"
import { LinkWork, PageWork } from "../commit"
import { guardAbsentStock, tellZeroes } from "../guard-stock"
import { GuardContext, guardArchives, guardPrices } from "../guards"
import { emptyPage } from "../page"
import { GuardedChange } from "../ports"
import { Stockable } from "../stockable"

const guards: Guards = { gone_share: 0.05, price_share: 0.3, absent_share: 0.2 }
const connected = { id: connectionId("c"), rules: rules(), guards }
const LOCATION = medusaId("sloc_1")

const ledger = (given: {
  variants: number
  moved?: Partial<Record<Side, number>>
  absent?: number
  approved?: (change: GuardedChange) => boolean
}): GuardContext => ({
  ledger: {
    linkCounts: async () => ({
      category: 0,
      product: 0,
      variant: given.variants,
      option: 0,
      option_value: 0,
    }),
    countGone: async () => 0,
    countMovedPrices: async (_connection, side) => given.moved?.[side] ?? 0,
    countAbsentStock: async () => given.absent ?? 0,
    approvedChanges: async (_connection, changes) =>
      changes.filter(given.approved ?? (() => false)),
  },
})

const write = (from: string | null, to: string | null): Decision => ({
  outcome: "write",
  from,
  to,
  base_erp: to,
  rule: "erp_changed",
  loses: false,
})

const push = (from: string, to: string): Extract<Decision, { outcome: "push" }> => ({
  outcome: "push",
  from,
  to,
  base_medusa: to,
  rule: "medusa_changed",
  loses: false,
})

const variantWork = (id: number, decision: Decision, field = "price:eur"): LinkWork => ({
  key: { stream: "prices", erp_id: erpId(id) },
  link: link({ id: `elnk_${id}`, entity: "variant", erp_id: erpId(id) }),
  entity: "variant",
  erp_version: null,
  fields: [
    {
      field,
      medusa_field: field,
      voided: false,
      erp: null,
      medusa: null,
      evidence: null,
      decision,
    },
    {
      field: "title",
      medusa_field: "title",
      voided: false,
      erp: "b",
      medusa: "a",
      evidence: null,
      decision: write("a", "b"),
    },
  ],
  extra: [],
  retire: false,
  patch: { content_hash: { prices: "h" }, version: { prices: "v" } },
})

const pageOf = (decisions: Decision[]): PageWork => ({
  ...emptyPage(NOW),
  links: decisions.map((decision, index) => variantWork(index + 1, decision)),
})

const outcomes = (page: PageWork): string[] =>
  page.links.map(({ fields }) => fields[0]?.decision.outcome ?? "none")

const many = (count: number, decision: Decision): Decision[] =>
  Array.from({ length: count }, () => decision)

// Fifty price rows count at least: fifteen may move by more than half in a day.
describe("the guard of prices", () => {
  it("lets a day's share move, and the batch that would cross wait whole", async () => {
    const within = pageOf(many(15, write("20", "5")))
    await guardPrices(ledger({ variants: 10 }), connected, within)
    expect(new Set(outcomes(within))).toEqual(new Set(["write"]))
    expect(within.parked).toEqual([])

    const beyond = pageOf([...many(16, write("20", "5")), write("20", "19")])
    await guardPrices(ledger({ variants: 10 }), connected, beyond)
    expect(outcomes(beyond)).toEqual([...many(16, write("", "")).map(() => "unchanged"), "write"])
    expect(beyond.parked).toHaveLength(16)
    expect(beyond.parked[0]).toMatchObject({
      stream: "prices",
      entity: "variant",
      erp_id: erpId(1),
      field: "price:eur",
      reason: "mass_change",
      value: "20 → 5 in the store",
      message: expect.stringContaining("16 at once, 0 more in the last day"),
      remedy: expect.stringContaining("approve"),
    })
  })

  it("counts the tiers of a price list by the price of one piece", async () => {
    const listed = pageOf(many(16, write("20; 10: 18", "5; 10: 4")))
    listed.links = listed.links.map((work) => ({
      ...work,
      fields: work.fields.map((plan) =>
        plan.field === "title" ? plan : { ...plan, field: "price_list:plist_1:eur" },
      ),
    }))
    await guardPrices(ledger({ variants: 10 }), connected, listed)
    expect(new Set(outcomes(listed))).toEqual(new Set(["unchanged"]))
    expect(listed.parked[0]).toMatchObject({
      field: "price_list:plist_1:eur",
      value: "20; 10: 18 → 5; 10: 4 in the store",
    })
  })

  it("counts what moved earlier in the day, on the same side alone", async () => {
    const day = ledger({ variants: 10, moved: { medusa: 15, erp: 0 } })
    const page = pageOf([write("20", "5"), push("20", "5")])
    await guardPrices(day, connected, page)
    expect(outcomes(page)).toEqual(["unchanged", "push"])
  })

  it("keeps edits that were to go to the ERP as pending", async () => {
    const page = pageOf(many(16, push("20", "50")))
    await guardPrices(ledger({ variants: 10 }), connected, page)
    expect(page.links[0]?.fields[0]?.decision).toMatchObject({
      outcome: "pending",
      reason: "mass_change",
      value: "50",
    })
    expect(page.parked[0]).toMatchObject({ value: "20 → 50 in the ERP" })
  })

  it("goes on with the other fields, and does not call the record reconciled", async () => {
    const page = pageOf(many(16, write("20", "5")))
    await guardPrices(ledger({ variants: 10 }), connected, page)
    for (const { fields, patch } of page.links) {
      expect(fields[1]?.decision.outcome).toBe("write")
      expect(patch).toEqual({})
    }
  })

  it("lets pass what a person approved, exactly as it stands", async () => {
    const approved = ({ from, to }: GuardedChange): boolean => from === "20" && to === "5"
    const page = pageOf([...many(16, write("20", "5")), ...many(16, write("20", "4"))])
    await guardPrices(ledger({ variants: 10, approved }), connected, page)
    expect(outcomes(page).slice(0, 16)).toEqual(many(16, write("", "")).map(() => "write"))
    expect(new Set(outcomes(page).slice(16))).toEqual(new Set(["unchanged"]))
    expect(page.parked).toHaveLength(16)
  })

  it.each([
    ["a new price", write(null, "5")],
    ["a price that goes", write("20", null)],
    ["a price that moves by half", write("20", "30")],
  ])("does not count %s", async (_what, decision) => {
    const page = pageOf(many(40, decision))
    await guardPrices(ledger({ variants: 10 }), connected, page)
    expect(page.parked).toEqual([])
  })
})

describe("the guard of records that the ERP would archive", () => {
  const archive: Decision = { ...push("", ""), from: true, to: false, base_medusa: false }
  const page = (count: number): PageWork => ({
    ...pageOf([]),
    links: Array.from({ length: count }, (_work, index) => ({
      ...variantWork(index + 1, archive, "active"),
      entity: "product",
      link: link({ erp_id: erpId(index + 1) }),
    })),
  })

  it("lets a day's share go, and the batch that would cross wait whole", async () => {
    const within = page(2)
    await guardArchives(ledger({ variants: 0 }), connected, within)
    expect(outcomes(within)).toEqual(["push", "push"])
    const beyond = page(3)
    await guardArchives(ledger({ variants: 0 }), connected, beyond)
    expect(outcomes(beyond)).toEqual(["pending", "pending", "pending"])
    expect(beyond.parked[0]).toMatchObject({
      entity: "product",
      field: "active",
      value: "true → false in the ERP",
    })
  })
})

const stockable = (id: number, changes: Partial<Stockable> = {}): Stockable => ({
  erp_id: erpId(id),
  link: link({ id: `elnk_${id}`, entity: "variant", erp_id: erpId(id) }),
  inventory_item_id: medusaId(`iitem_${id}`),
  figures: new Map([[LOCATION, "0"]]),
  basis: new Map([[LOCATION, "available"]]),
  absent: true,
  ...changes,
})

const levelOf = (entry: Stockable, stocked: string): LockedLevel => ({
  id: medusaId(`ilev_${entry.erp_id}`),
  inventory_item_id: entry.inventory_item_id,
  location_id: LOCATION,
  stocked,
  reserved: "0",
})

describe("the guard of stock that the ERP does not name any more", () => {
  const location = { erp: "WH", location_id: LOCATION, basis: "available" as const }
  const shop = { ...connected, rules: rules({ stock: [location] }) }
  const guard = (entries: Stockable[], stocked = "5", absent = 0) =>
    guardAbsentStock(
      {
        ...ledger({ variants: 10, absent }),
        catalog: { readLevels: async () => entries.map((entry) => levelOf(entry, stocked)) },
      },
      shop,
      entries,
    )
  const entries = (count: number, changes: Partial<Stockable> = {}): Stockable[] =>
    Array.from({ length: count }, (_entry, index) => stockable(index + 1, changes))

  it("lets a day's share fall to 0, and the batch that would cross wait whole", async () => {
    expect(await guard(entries(10))).toMatchObject({ allowed: { length: 10 }, parked: [] })
    const { allowed, parked } = await guard(entries(11))
    expect(allowed).toEqual([])
    expect(parked).toHaveLength(11)
    expect(parked[0]).toMatchObject({
      stream: "stock",
      field: `stock:${LOCATION}`,
      reason: "mass_change",
      value: "5 → 0 in the store",
    })
    expect((await guard(entries(1), "5", 10)).parked).toHaveLength(1)
  })

  it("counts neither what is stated nor what is 0 already", async () => {
    expect((await guard(entries(20, { absent: false }))).allowed).toHaveLength(20)
    expect((await guard(entries(20), "0")).allowed).toHaveLength(20)
  })

  it("tells of unusually many zeroes that the ERP stated", async () => {
    const said: string[] = []
    const log = (_level: string, message: string): void => void said.push(message)
    await tellZeroes({ ...ledger({ variants: 60 }), log }, shop, 12)
    expect(said).toEqual([])
    await tellZeroes({ ...ledger({ variants: 60 }), log }, shop, 13)
    expect(said).toEqual([expect.stringContaining("13 of 60 stock levels")])
  })
})
