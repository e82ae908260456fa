import { createProductsWorkflow } from "@medusajs/medusa/core-flows"
import { ProposalView } from "../../src/runtime"
import { ApiClient } from "./api-client"
import { given } from "./catalog-fixtures"
import { countOf, findLink, journalOf, linkOf, productOf } from "./sync-readings"
import { makeProduct, onlyVariant } from "./sync-shop"
import { CONNECTION, OpenStage, run, runWell, settle, Stage } from "./sync-stage"

export const linkTests = (open: OpenStage): void => {
  it("gives one record's field another owner, and takes it back", async () => {
    const stage = await open()
    const id = makeProduct(stage, { name: "Agreed" })
    await runWell(stage, "full")
    const admin = await ApiClient.administrator(stage)
    const { id: link } = await linkOf(stage, "product", id)
    const path = `/links/${link}/owners`
    expect(await admin.put(path, { title: "medusa", description: "erp" })).toEqual({
      status: 200,
      body: { owners: { title: "medusa", description: "erp" } },
    })
    stage.world.write("product.template", id, { name: "Ours" })
    await runWell(stage)
    expect((await productOf(stage, id)).title).toBe("Agreed")
    expect((await admin.put(path, { title: null })).body).toEqual({
      owners: { description: "erp" },
    })
    await settle(stage)
    expect((await productOf(stage, id)).title).toBe("Ours")
  })

  it("parts a pair for good, with its variants, and ties another by hand", async () => {
    const stage = await open()
    const id = makeProduct(stage, { name: "Lamp", default_code: "LAMP-1" })
    await runWell(stage, "full")
    const admin = await ApiClient.administrator(stage)
    const product = await productOf(stage, id)
    const { id: link } = await linkOf(stage, "product", id)
    const ended = await admin.post(`/links/${link}/exclude`)
    expect(ended).toMatchObject({ status: 200 })
    expect(Number(ended.body.ended)).toBeGreaterThanOrEqual(2)
    expect(await admin.post(`/links/${link}/exclude`)).toMatchObject({ status: 404 })
    stage.world.write("product.template", id, { name: "Renamed" })
    await runWell(stage, "full")
    await settle(stage)
    expect(await countOf(stage, "product")).toBe(1)
    expect((await linkOf(stage, "product", id)).state).toBe("tombstone")
    expect((await linkOf(stage, "variant", onlyVariant(stage, id))).state).toBe("tombstone")

    const pair = { connection_id: CONNECTION, entity: "product", erp_id: String(id) }
    const tied = await admin.post("/links", { ...pair, medusa_id: product.id })
    expect(tied).toEqual({ status: 201, body: { link: { link_id: link, variants: 1 } } })
    await settle(stage)
    expect(await productOf(stage, id)).toMatchObject({ id: product.id, title: "Renamed" })
    expect(await countOf(stage, "product")).toBe(1)
    expect((await linkOf(stage, "variant", onlyVariant(stage, id))).state).toBe("linked")
    expect((await journalOf(stage, "product", id, "*")).map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(["excluded", "by_hand"]),
    )
    expect(await admin.post("/links", { ...pair, medusa_id: product.id })).toMatchObject({
      status: 409,
    })
    expect(
      await admin.post("/links", { ...pair, erp_id: "999999", medusa_id: product.id }),
    ).toMatchObject({ status: 404 })
    const other = makeProduct(stage)
    expect(
      await admin.post("/links", { ...pair, erp_id: String(other), medusa_id: "prod_none" }),
    ).toMatchObject({ status: 404 })
    expect(
      await admin.post("/links", { ...pair, erp_id: String(other), medusa_id: product.id }),
    ).toMatchObject({ status: 409 })
  })

  it("ties a category by hand", async () => {
    const stage = await open()
    const category = stage.world.create("product.category", { name: "Lighting" })
    makeProduct(stage, { categ_id: category })
    await runWell(stage, "full")
    const admin = await ApiClient.administrator(stage)
    const link = await linkOf(stage, "category", category)
    await admin.post(`/links/${link.id}/unlink`)
    const pair = { connection_id: CONNECTION, entity: "category", erp_id: String(category) }
    expect(await admin.post("/links", { ...pair, medusa_id: link.medusa_id })).toMatchObject({
      status: 201,
    })
    expect((await linkOf(stage, "category", category)).state).toBe("linked")
  })

  it("proposes what a machine cannot tell, and links what a person accepts", async () => {
    const stage = await open()
    const [first = 0, second = 0] = [1, 2].map(() => makeProduct(stage, { default_code: "TWICE" }))
    const held = await inStore(stage, "TWICE")
    const waiting = await run(stage, "full")
    await stage.sync.approve(waiting.id)
    await stage.runtime.drain.untilIdle()
    const admin = await ApiClient.administrator(stage)
    const { proposals, count } = (await admin.get("/proposals")).body as {
      proposals: ProposalView[]
      count: number
    }
    expect(count).toBe(2)
    const proposal = given(proposals.find(({ erp_id }) => erp_id === String(first)))
    expect(proposal).toMatchObject({
      key: "TWICE",
      erp: { title: expect.stringContaining("Lamp"), variants: [{ sku: "TWICE" }] },
      candidates: [{ medusa_id: held, variants: [{ sku: "TWICE" }], linked_to: null }],
    })
    expect(
      await admin.post("/proposals/accept", { id: proposal.id, medusa_id: held }),
    ).toMatchObject({ status: 201, body: { link: { variants: 1 } } })
    await settle(stage)
    expect(await productOf(stage, first)).toMatchObject({ id: held })
    expect(await countOf(stage, "product")).toBe(1)
    const rest = (await admin.get("/proposals")).body as { proposals: ProposalView[] }
    expect(rest.proposals).toMatchObject([
      { erp_id: String(second), candidates: [{ linked_to: String(first) }] },
    ])
    await admin.post("/proposals/ignore", { ids: rest.proposals.map(({ id }) => id) })
    expect((await admin.get("/proposals")).body).toMatchObject({ count: 0 })
    expect(await findLink(stage, "product", second)).toBeNull()
  })
}

const inStore = async (stage: Stage, sku: string): Promise<string> => {
  const { result } = await createProductsWorkflow(stage.container).run({
    input: {
      products: [
        {
          title: "Held",
          status: "published",
          options: [{ title: "Kind", values: ["One"] }],
          variants: [
            {
              title: "One",
              sku,
              manage_inventory: true,
              options: { Kind: "One" },
              prices: [{ currency_code: "usd", amount: 1 }],
            },
          ],
        },
      ],
    },
  })
  return given(result[0]).id
}
