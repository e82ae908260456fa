import { ConnectionOptions } from "../../src/modules/erp/options"
import { RunView } from "../../src/runtime/views"
import { connectionId, erpId } from "../../src/sync/ids"
import { Entity } from "../../src/sync/canonical"
import { Link, Owner } from "../../src/sync/values"
import { OdooSimulator, startOdooSimulator, World } from "../erp/odoo"
import { ApiClient } from "./api-client"
import { given, rows } from "./catalog-fixtures"
import { countOf, journalOf, levelsOf, linkOf, productOf } from "./sync-readings"
import { count, makeProduct, onlyVariant } from "./sync-shop"
import { CONNECTION, OpenStage, runWell, settle, Stage } from "./sync-stage"

const OUTLET = connectionId("odoo-outlet")

const STORE_OWNS: Record<string, Owner> = {
  ...{ title: "medusa", description: "medusa", category: "medusa", variant_title: "medusa" },
  ...{ sku: "medusa", barcode: "medusa", weight: "medusa", price: "medusa", stock: "medusa" },
}

/** A store with two ERPs; `outlet` is the stage as the helpers that make records in the second want it. */
interface Both {
  stage: Stage
  outlet: Stage
  /** Runs the second connection. */
  runOutlet(kind?: "full" | "delta"): Promise<RunView>
  /** Gives a connection's options other values, as a restart does. */
  change(options: ConnectionOptions, changes: Partial<ConnectionOptions>): Promise<void>
}

/** Two ERPs of one store: each record's field is written by one of them. */
export const twoConnectionTests = (open: OpenStage): void => {
  let second: OdooSimulator
  let leave: () => void = () => undefined

  afterEach(async () => {
    leave()
    await second.close()
  })

  const openBoth = async (
    first: Partial<ConnectionOptions> = {},
    other: Partial<ConnectionOptions> = {},
  ): Promise<Both> => {
    const stage = await open({ options: first })
    second = await startOdooSimulator({ version: 19, page: false, database: "outlet", empty: true })
    const options: ConnectionOptions = {
      ...stage.options,
      ...{ id: OUTLET, owners: {}, ...other },
      credentials: {
        url: second.url,
        database: second.database,
        login: second.login,
        api_key: second.apiKey,
      },
    }
    const { connections } = await stage.runtime.service.getOptions()
    connections.push(options)
    leave = () => connections.splice(connections.indexOf(options), 1)
    const { ledger } = stage.runtime
    await ledger.syncConnections(
      [CONNECTION, OUTLET].map((id) => ({ id, erp: "odoo", problem: null })),
    )
    await ledger.saveConnection(OUTLET, { approved_at: await ledger.now() })
    return {
      stage,
      outlet: { ...stage, options, erp: second, world: second.world },
      async runOutlet(kind = "full") {
        const { id } = await stage.sync.sync(OUTLET, { kind })
        await stage.runtime.drain.untilIdle()
        const ended = given(await stage.sync.run(id))
        expect(ended).toMatchObject({ state: "completed", error: null })
        return ended
      },
      async change(changed, changes) {
        Object.assign(changed, changes)
        await stage.runtime.connections.close()
      },
    }
  }

  const findOutlet = async ({ stage }: Both, entity: Entity, id: number): Promise<Link | null> =>
    (await stage.runtime.ledger.linksByErp(OUTLET, entity, [erpId(id)]))[0] ?? null

  const parkedOutlet = async ({ stage }: Both) =>
    (await stage.sync.parked({ connection_id: OUTLET, limit: 50, offset: 0 })).parked

  /** Has what is parked looked at again, as happens once a day. */
  const retry = async (both: Both): Promise<void> => {
    const { stage } = both
    await stage.sync.retryParked((await parkedOutlet(both)).map(({ id }) => id))
    await settle(stage)
  }

  const nameOf = (world: World, id: number) => given(world.row("product.template", id))["name"]

  it("parks a record whose fields another connection writes, alone, until that one lets go", async () => {
    const both = await openBoth()
    const { stage, outlet } = both
    const first = makeProduct(stage, { name: "Lamp", default_code: "LAMP" })
    await runWell(stage, "full")
    const lamp = makeProduct(outlet, { name: "Lamp of the outlet", default_code: "LAMP" })
    const chair = makeProduct(outlet, { name: "Chair", default_code: "CHAIR" })
    await both.runOutlet()

    expect(await findOutlet(both, "product", lamp)).toBeNull()
    expect(await findOutlet(both, "variant", onlyVariant(outlet, lamp))).toBeNull()
    expect(await findOutlet(both, "product", chair)).toMatchObject({ state: "linked" })
    expect(await parkedOutlet(both)).toMatchObject([
      {
        entity: "product",
        erp_id: String(lamp),
        field: "*",
        reason: "held_by_other_connection",
        value: CONNECTION,
        message: expect.stringMatching(
          /^"Lamp of the outlet": connection "odoo-main" .*: .*price:usd, sku, stock:\S+, stock:\S+, title, weight\.$/,
        ),
        remedy: expect.stringContaining(CONNECTION),
      },
    ])
    expect(await productOf(stage, first)).toMatchObject({ title: "Lamp" })
    expect(await countOf(stage, "product")).toBe(2)
    expect(await both.runOutlet()).toMatchObject({ counters: { writes: 0, created: 0 } })
    await retry(both)
    expect(await parkedOutlet(both)).toHaveLength(1)

    const admin = await ApiClient.administrator(stage)
    const { id: link } = await linkOf(stage, "product", first)
    const { id: product } = await productOf(stage, first)
    const pair = { connection_id: OUTLET, entity: "product", erp_id: String(lamp) }
    const refused = await admin.post("/links", { ...pair, medusa_id: product })
    expect(refused).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('connection "odoo-main"') },
    })
    await admin.post(`/links/${link}/unlink`)
    await retry(both)
    expect(await parkedOutlet(both)).toEqual([])
    expect(await findOutlet(both, "product", lamp)).toMatchObject({ medusa_id: product })
    expect(await rows(stage, "select title from product where id = ?", [product])).toEqual([
      { title: "Lamp of the outlet" },
    ])
  })

  it("lets two connections share a record for fields of their own, and neither undoes the other", async () => {
    const both = await openBoth(
      { owners: { stock: "medusa" } },
      { owners: { ...STORE_OWNS, stock: "erp" } },
    )
    const { stage, outlet } = both
    const first = makeProduct(stage, { name: "Lamp", default_code: "LAMP", list_price: 10 })
    count(stage, onlyVariant(stage, first), 99)
    await runWell(stage, "full")
    const lamp = makeProduct(outlet, { name: "Another name", default_code: "LAMP", list_price: 7 })
    count(outlet, onlyVariant(outlet, lamp), 5)
    await both.runOutlet()
    const variant = onlyVariant(stage, first)

    expect(await parkedOutlet(both)).toEqual([])
    const held = await productOf(stage, first)
    expect(await findOutlet(both, "product", lamp)).toMatchObject({ medusa_id: held.id })
    expect(await findOutlet(both, "variant", onlyVariant(outlet, lamp))).toMatchObject({
      medusa_id: (await linkOf(stage, "variant", variant)).medusa_id,
    })
    expect(held).toMatchObject({
      title: "Lamp",
      variants: [{ sku: "LAMP", prices: [{ amount: "10" }] }],
    })
    expect((await levelsOf(stage, variant))["Main warehouse"]).toMatchObject({ stocked: 5 })

    stage.world.write("product.template", first, { name: "Bright lamp", list_price: 12 })
    count(stage, variant, 50)
    outlet.world.write("product.template", lamp, { name: "Yet another", list_price: 8 })
    count(outlet, onlyVariant(outlet, lamp), 3)
    await runWell(stage)
    await both.runOutlet("delta")
    await settle(stage)
    expect(await productOf(stage, first)).toMatchObject({
      title: "Bright lamp",
      variants: [{ prices: [{ amount: "12" }] }],
    })
    expect((await levelsOf(stage, variant))["Main warehouse"]).toMatchObject({ stocked: 3 })
    expect(nameOf(outlet.world, lamp)).toBe("Yet another")

    for (let pass = 0; pass < 2; pass += 1) {
      expect((await runWell(stage, "full")).counters).toMatchObject({ writes: 0, events: 0 })
      expect((await both.runOutlet()).counters).toMatchObject({ writes: 0, events: 0 })
      await settle(stage)
    }
    expect(await journalOf(stage, "product", first, "title")).toHaveLength(1)
    expect(await countOf(stage, "product")).toBe(1)
  })

  it("parks the field that an option gives to both afterwards, and leaves the rest of the record be", async () => {
    const both = await openBoth(
      { owners: { stock: "medusa", description: "medusa" } },
      { owners: { ...STORE_OWNS, description: "erp", stock: "erp" } },
    )
    const { stage, outlet } = both
    const first = makeProduct(stage, { name: "Lamp", default_code: "LAMP" })
    count(stage, onlyVariant(stage, first), 99)
    await runWell(stage, "full")
    const lamp = makeProduct(outlet, { name: "Other name", default_code: "LAMP" })
    count(outlet, onlyVariant(outlet, lamp), 5)
    await both.runOutlet()
    expect(await parkedOutlet(both)).toEqual([])

    await both.change(outlet.options, {
      owners: { ...STORE_OWNS, title: "erp", description: "erp", stock: "erp" },
    })
    await both.change(stage.options, { owners: { description: "medusa" } })
    outlet.world.write("product.template", lamp, {
      name: "Yet another",
      description_sale: "Bright.",
    })
    count(outlet, onlyVariant(outlet, lamp), 3)
    await both.runOutlet()
    await settle(stage)
    const parked = await parkedOutlet(both)
    expect(parked.map(({ field, reason }) => [field.split(":")[0], reason]).sort()).toEqual([
      ...["stock", "stock", "title"].map((field) => [field, "held_by_other_connection"]),
    ])
    expect(await productOf(stage, first)).toMatchObject({
      title: "Lamp",
      description: "Bright.",
    })
    // Nor is it written when a person chooses it from what a preview showed.
    const [link] = await rows<{ id: string }>(
      stage,
      "select id from erp_link where connection_id = ? and entity = 'product' and erp_id = ?",
      [OUTLET, String(lamp)],
    )
    const title = {
      ...{ link_id: given(link).id, field: "title", outcome: "write" as const },
      ...{ erp: "Yet another", medusa: "Lamp", to: "Yet another" },
    }
    expect(await stage.sync.applyPreviewed([title])).toMatchObject({
      applied: 0,
      changed: [{ reason: "waits" }],
    })
    expect(await productOf(stage, first)).toMatchObject({ title: "Lamp" })
    // The one that was first goes on, and neither undoes the other.
    stage.world.write("product.template", first, { name: "Bright lamp" })
    await runWell(stage, "full")
    await both.runOutlet()
    expect(await productOf(stage, first)).toMatchObject({ title: "Bright lamp" })
    expect((await runWell(stage, "full")).counters).toMatchObject({ writes: 0 })
    expect((await both.runOutlet()).counters).toMatchObject({ writes: 0 })

    await both.change(stage.options, { owners: { ...STORE_OWNS } })
    await retry(both)
    expect(await parkedOutlet(both)).toEqual([])
    expect(await productOf(stage, first)).toMatchObject({ title: "Yet another" })
    const variant = onlyVariant(stage, first)
    expect((await levelsOf(stage, variant))["Main warehouse"]).toMatchObject({ stocked: 3 })
  })

  it("goes on by itself once the owners leave each field to one of them", async () => {
    const both = await openBoth()
    const { stage, outlet } = both
    const first = makeProduct(stage, { name: "Lamp", default_code: "LAMP" })
    await runWell(stage, "full")
    const lamp = makeProduct(outlet, { name: "Other", default_code: "LAMP" })
    await both.runOutlet()
    expect(await parkedOutlet(both)).toHaveLength(1)

    await both.change(outlet.options, { owners: { ...STORE_OWNS, stock: "erp" } })
    await retry(both)
    expect((await parkedOutlet(both))[0]?.message).toMatch(/: stock:\S+, stock:\S+\.$/)
    await both.change(stage.options, { owners: { stock: "medusa" } })
    await retry(both)
    expect(await parkedOutlet(both)).toEqual([])
    const { id } = await productOf(stage, first)
    expect(await findOutlet(both, "product", lamp)).toMatchObject({ medusa_id: id })
    expect(await productOf(stage, first)).toMatchObject({ title: "Lamp" })
  })

  it("creates no product in an ERP that another one's record already stands for", async () => {
    const both = await openBoth({}, { push: { create: true, stock: false } })
    const { stage, outlet } = both
    const first = makeProduct(stage, { name: "Lamp", default_code: "LAMP" })
    await runWell(stage, "full")
    const { ledger } = stage.runtime
    await ledger.saveConnection(OUTLET, { push_approved_at: await ledger.now() })
    const { id } = await productOf(stage, first)
    await both.runOutlet()
    await ledger.markUnlinked([OUTLET], [id])
    await settle(stage)
    expect(outlet.world.search("product.template", [])).toEqual([])
    expect(await parkedOutlet(both)).toMatchObject([
      { reason: "held_by_other_connection", value: CONNECTION },
    ])
    await both.change(outlet.options, { owners: STORE_OWNS })
    await retry(both)
    const [made] = outlet.world.search("product.template", [])
    expect(nameOf(outlet.world, given(made))).toBe("Lamp")
    expect(await findOutlet(both, "product", given(made))).toMatchObject({ medusa_id: id })
    expect(await parkedOutlet(both)).toEqual([])
    expect((await runWell(stage, "full")).counters).toMatchObject({ writes: 0 })
    expect((await both.runOutlet()).counters).toMatchObject({ writes: 0, created: 0 })
  })
}
