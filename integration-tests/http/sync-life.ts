import { FaultRule } from "../erp/odoo"
import { rows } from "./catalog-fixtures"
import { deleteProduct, editProduct } from "./sync-merchant"
import { expectQuiet, openOf, openPushing, template } from "./sync-push"
import {
  countOf,
  findLink,
  journalOf,
  levelsOf,
  linkOf,
  parkedOf,
  productOf,
} from "./sync-readings"
import { count, makeProduct, onlyVariant } from "./sync-shop"
import { CONNECTION, eventually, OpenStage, run, runWell, settle, Stage } from "./sync-stage"

const UNGUARDED = { gone_share: 1, price_share: 1, absent_share: 1 }

const statuses = (stage: Stage) =>
  rows<{ status: string; count: string }>(
    stage,
    "select status, count(*) from product where deleted_at is null group by status order by status",
  )

export const lifeTests = (open: OpenStage): void => {
  it("drafts an archived product and gives it its status back", async () => {
    const stage = await open()
    const id = makeProduct(stage)
    await runWell(stage, "full")
    await editProduct(stage, id, { status: "proposed" })
    stage.world.archive("product.template", id)
    await runWell(stage)
    expect(await productOf(stage, id)).toMatchObject({ status: "draft" })
    stage.world.unarchive("product.template", id)
    await runWell(stage)
    expect(await productOf(stage, id)).toMatchObject({ status: "proposed" })
  })

  it("leaves the status to the merchant while the product is archived", async () => {
    const stage = await open()
    const id = makeProduct(stage)
    await runWell(stage, "full")
    stage.world.archive("product.template", id)
    await runWell(stage)
    await editProduct(stage, id, { status: "rejected" })
    await settle(stage)
    await runWell(stage, "full")
    expect(await productOf(stage, id)).toMatchObject({ status: "rejected" })
    stage.world.unarchive("product.template", id)
    await runWell(stage)
    await settle(stage)
    expect(await productOf(stage, id)).toMatchObject({ status: "rejected" })
  })

  it("drafts a product that leaves a domain of the merchant's own, and takes one in that enters it", async () => {
    const filter = [
      ["sale_ok", "=", true],
      ["list_price", ">=", 10],
    ]
    const stage = await open({ options: { settings: { filter }, guards: UNGUARDED } })
    const dear = makeProduct(stage, { list_price: 20 })
    const cheap = makeProduct(stage, { list_price: 5 })
    await runWell(stage, "full")
    expect(await findLink(stage, "product", cheap)).toBeNull()
    const { status } = await productOf(stage, dear)
    stage.world.write("product.template", dear, { list_price: 4 })
    stage.world.write("product.template", cheap, { list_price: 40 })
    await runWell(stage)
    await settle(stage)
    expect(await productOf(stage, dear)).toMatchObject({ status: "draft" })
    expect(await productOf(stage, cheap)).toMatchObject({ status })
    stage.world.write("product.template", dear, { list_price: 30 })
    await runWell(stage)
    await settle(stage)
    expect(await productOf(stage, dear)).toMatchObject({ status })
  })

  it("takes a product out of sale that the ERP sells no more, and back", async () => {
    const stage = await open()
    const id = makeProduct(stage)
    count(stage, onlyVariant(stage, id), 4)
    await runWell(stage, "full")
    stage.world.write("product.template", id, { sale_ok: false })
    await runWell(stage)
    await settle(stage)
    expect(await productOf(stage, id)).toMatchObject({ status: "draft" })
    expect(await levelsOf(stage, onlyVariant(stage, id))).toMatchObject({
      "Main warehouse": { stocked: 0 },
    })
    stage.world.write("product.template", id, { sale_ok: true })
    await runWell(stage)
    await settle(stage)
    expect(await productOf(stage, id)).toMatchObject({ status: "published" })
    expect(await levelsOf(stage, onlyVariant(stage, id))).toMatchObject({
      "Main warehouse": { stocked: 4 },
    })
  })

  it("finds a deleted product by a full run and drafts it", async () => {
    const stage = await open()
    const gone = makeProduct(stage)
    const stays = makeProduct(stage)
    await runWell(stage, "full")
    stage.world.unlink("product.template", gone)
    await runWell(stage)
    expect(await productOf(stage, gone)).toMatchObject({ status: "published" })
    expect((await runWell(stage, "full")).counters).toMatchObject({ gone: 1 })
    expect(await productOf(stage, gone)).toMatchObject({ status: "draft" })
    expect(await productOf(stage, stays)).toMatchObject({ status: "published" })
    expect(await linkOf(stage, "product", gone)).toMatchObject({ state: "gone" })
  })

  it("asks a person before a third of the catalog is drafted", async () => {
    const stage = await open()
    const products = Array.from({ length: 60 }, () => makeProduct(stage))
    await runWell(stage, "full")
    const doomed = products.slice(0, 20)
    stage.world.unlink("product.template", doomed)
    await runWell(stage, "full")
    await settle(stage)
    expect(await statuses(stage)).toEqual([{ status: "published", count: "60" }])
    const parked = await parkedOf(stage)
    expect(parked).toHaveLength(20)
    expect(new Set(parked.map(({ reason }) => reason))).toEqual(new Set(["mass_change"]))
    await stage.sync.approveMassChange(CONNECTION)
    await stage.runtime.drain.untilIdle()
    await settle(stage)
    expect(await statuses(stage)).toEqual([
      { status: "draft", count: "20" },
      { status: "published", count: "40" },
    ])
    expect(await parkedOf(stage)).toEqual([])
  })

  const LIES: { what: string; rule: Omit<FaultRule, "match" | "times"> }[] = [
    { what: "an empty body", rule: { kind: "empty" } },
    { what: "half a page", rule: { kind: "truncate" } },
    { what: "a login page", rule: { kind: "html" } },
    {
      what: "an empty list",
      rule: { kind: "mutate", change: () => ({ length: 0, records: [] }) },
    },
    {
      what: "a page that came short",
      rule: {
        kind: "mutate",
        change: (result) =>
          isPage(result) ? { ...result, records: result.records.slice(0, 1) } : result,
      },
    },
  ]

  it.each(LIES)("concludes nothing from $what", async ({ rule }) => {
    const stage = await open({ erp: { products: 10, variants: 1 } })
    await runWell(stage, "full")
    stage.erp.faults.add({ ...rule, match: "product.template.web_search_read", times: 1000 })
    await run(stage, "full")
    stage.erp.faults.clear()
    await rows(stage, "update erp_run set lease_until = now() where state = 'running'")
    await stage.runtime.drain.untilIdle()
    await runWell(stage, "full")
    await settle(stage)
    expect(await statuses(stage)).toEqual([{ status: "published", count: "10" }])
    expect(await parkedOf(stage)).toEqual([])
  })

  it("never brings back a product that the merchant deleted", async () => {
    const stage = await open()
    const id = makeProduct(stage)
    await runWell(stage, "full")
    await deleteProduct(stage, id)
    await eventually(async () => {
      await settle(stage)
      expect(await linkOf(stage, "product", id)).toMatchObject({ state: "tombstone" })
    })
    stage.world.write("product.template", id, { name: "Edited afterwards" })
    await runWell(stage)
    await runWell(stage, "full")
    await settle(stage)
    expect(await countOf(stage, "product")).toBe(0)
    expect(stage.world.row("product.template", id)).toBeDefined()
  })

  /** A product that the merchant deleted and the ERP is to archive, while something stands in the way. */
  const toArchive = async (fault: FaultRule) => {
    const stage = await openPushing(open, { deleted: "archive_erp", guards: UNGUARDED })
    const id = makeProduct(stage)
    await runWell(stage, "full")
    stage.erp.faults.add({ ...fault, match: "product.template.web_save" })
    await deleteProduct(stage, id)
    return { stage, id }
  }

  const announcements = (stage: Stage, id: number) => journalOf(stage, "product", id, "active")

  it("says once what the ERP refuses to archive, keeps it pending, and tries again after a day", async () => {
    const { stage, id } = await toArchive({
      kind: "error",
      name: "odoo.exceptions.UserError",
      message: "It stands in an open order.",
      times: 1000,
    })
    await eventually(async () => {
      await settle(stage)
      expect(await openOf(stage)).toMatchObject([
        { field: "active", kind: "pending", reason: "refused_by_erp" },
      ])
    })
    await expectQuiet(stage)
    expect(await announcements(stage, id)).toHaveLength(1)
    expect(await linkOf(stage, "product", id)).toMatchObject({ state: "linked", intents: {} })
    expect(await parkedOf(stage)).toMatchObject([
      {
        field: "active",
        reason: "refused_by_erp",
        message: expect.stringContaining("It stands in an open order."),
      },
    ])

    stage.erp.faults.clear()
    await expectQuiet(stage)
    expect(template(stage, id)["active"]).toBe(true)
    await rows(
      stage,
      `update erp_link set kept = kept || jsonb_build_object('refused:active',
         regexp_replace(kept ->> 'refused:active', '\\d{4}-\\d\\d-\\d\\dT', '2000-01-01T'))
       where entity = 'product'`,
    )
    await runWell(stage, "full")
    await runWell(stage, "full")
    expect(template(stage, id)["active"]).toBe(false)
    expect(await announcements(stage, id)).toHaveLength(2)
    const link = await linkOf(stage, "product", id)
    expect(link.state).toBe("tombstone")
    expect(link.kept).not.toHaveProperty("refused:active")
    expect(await openOf(stage)).toEqual([])
    expect(await parkedOf(stage)).toEqual([])
  })

  it.each([
    ["did", "after"],
    ["did not", "before"],
  ] as const)(
    "announces an archiving once whose answer was lost and that %s happen",
    async (_, when) => {
      const { stage, id } = await toArchive({ kind: "reset", when })
      await eventually(async () => expect(await announcements(stage, id)).toHaveLength(1))
      await stage.runtime.drain.untilIdle()
      for (let pass = 0; pass < 2; pass += 1) {
        await runWell(stage, "full")
      }
      expect(await announcements(stage, id)).toHaveLength(1)
      expect(template(stage, id)["active"]).toBe(when === "before")
      if (when === "before") {
        expect((await linkOf(stage, "product", id)).intents).toHaveProperty("active")
        await rows(
          stage,
          `update erp_link set intents = jsonb_set(intents, '{active,until}', '"2000-01-01T00:00:00Z"')
         where entity = 'product'`,
        )
        await runWell(stage, "full")
        await runWell(stage, "full")
        expect(await announcements(stage, id)).toHaveLength(2)
      }
      expect(template(stage, id)["active"]).toBe(false)
      expect(await linkOf(stage, "product", id)).toMatchObject({ state: "tombstone", intents: {} })
    },
  )

  it("holds an archiving back while write-back is off", async () => {
    const stage = await open({ options: { deleted: "archive_erp", guards: UNGUARDED } })
    const id = makeProduct(stage)
    await runWell(stage, "full")
    await deleteProduct(stage, id)
    await eventually(async () => {
      await settle(stage)
      expect(await openOf(stage)).toMatchObject([
        { field: "active", kind: "pending", reason: "push_off" },
      ])
    })
    await expectQuiet(stage)
    expect(template(stage, id)["active"]).toBe(true)
    // The ERP archives it by itself: nothing is left to tell it.
    stage.world.archive("product.template", id)
    await runWell(stage)
    expect(await linkOf(stage, "product", id)).toMatchObject({ state: "tombstone" })
    expect(await openOf(stage)).toEqual([])
    expect(await announcements(stage, id)).toEqual([])
  })

  it.each([
    ["unlink", { state: "tombstone" }, "published"],
    ["ignore", { state: "linked" }, "published"],
  ] as const)(
    "leaves a deleted product on sale under the policy %s",
    async (gone, link, status) => {
      const stage = await open({ options: { gone } })
      const id = makeProduct(stage)
      await runWell(stage, "full")
      stage.world.unlink("product.template", id)
      await runWell(stage, "full")
      await settle(stage)
      expect(await productOf(stage, id)).toMatchObject({ status })
      expect(await linkOf(stage, "product", id)).toMatchObject(link)
    },
  )

  it("does not create what was archived before it was ever seen", async () => {
    const stage = await open()
    const id = makeProduct(stage)
    stage.world.archive("product.template", id)
    await runWell(stage, "full")
    expect(await findLink(stage, "product", id)).toBeNull()
    stage.world.unarchive("product.template", id)
    await runWell(stage)
    expect(await productOf(stage, id)).toMatchObject({ status: "published" })
  })

  it("puts a product that lost its last variant aside", async () => {
    const stage = await open()
    const id = makeProduct(stage)
    await runWell(stage, "full")
    stage.world.write("product.product", onlyVariant(stage, id), { active: false })
    await runWell(stage)
    expect(await productOf(stage, id)).toMatchObject({ status: "draft" })
  })
}

const isPage = (value: unknown): value is { records: [] } =>
  typeof value === "object" && value !== null && "records" in value && Array.isArray(value.records)
