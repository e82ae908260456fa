import { createProductsWorkflow } from "@medusajs/medusa/core-flows"
import { given, rows } from "./catalog-fixtures"
import { countOf, findLink, journalOf, parkedOf, productOf } from "./sync-readings"
import { makeProduct, onlyVariant } from "./sync-shop"
import { CONNECTION, OpenStage, run, runWell, settle, Stage } from "./sync-stage"

/** A product that the merchant made before the ERP was connected. */
export const inStore = async (stage: Stage, title: string, ...skus: string[]): Promise<string> => {
  const { result } = await createProductsWorkflow(stage.container).run({
    input: {
      products: [
        {
          title,
          status: "published",
          options: [{ title: "Kind", values: skus }],
          variants: skus.map((sku) => ({
            title: sku,
            sku,
            manage_inventory: true,
            options: { Kind: sku },
            prices: [{ currency_code: "usd", amount: 1 }],
          })),
        },
      ],
    },
  })
  return given(result[0]).id
}

export const firstLinkTests = (open: OpenStage): void => {
  it("writes nothing into a store that has products before a person approves", async () => {
    const stage = await open()
    const id = makeProduct(stage, { default_code: "DESK", name: "Desk, ERP" })
    const held = await inStore(stage, "Desk, store", "DESK")
    const waiting = await run(stage, "full")
    expect(waiting.state).toBe("awaiting_approval")
    expect(given(await stage.sync.connection(CONNECTION)).state).toBe("needs_you")
    expect(await rows(stage, "select id from erp_link")).toEqual([])
    expect(await countOf(stage, "product")).toBe(1)

    await stage.sync.approve(waiting.id)
    await stage.runtime.drain.untilIdle()
    expect(given(await stage.sync.run(waiting.id)).state).toBe("completed")
    expect(await productOf(stage, id)).toMatchObject({ id: held, title: "Desk, ERP" })
    expect(await countOf(stage, "product")).toBe(1)
    expect((await journalOf(stage, "product", id, "title")).at(-1)).toMatchObject({
      kind: "superseded",
      from: "Desk, store",
      to: "Desk, ERP",
      rule: "first_link",
    })
    const { variants } = await productOf(stage, id)
    expect(variants).toMatchObject([{ sku: "DESK", prices: [{ amount: "10" }] }])
    expect((await runWell(stage, "full")).counters).toMatchObject({ writes: 0, created: 0 })
  })

  it("keeps the store's title where the options say so", async () => {
    const stage = await open({ options: { first_link: "medusa" } })
    const id = makeProduct(stage, { default_code: "DESK", name: "Desk, ERP" })
    await inStore(stage, "Desk, store", "DESK")
    await approveFirst(stage)
    expect(await productOf(stage, id)).toMatchObject({ title: "Desk, store" })
  })

  it("leaves what is not clear to a person, and makes no second product of it", async () => {
    const stage = await open()
    const repeated = [1, 2].map(() => makeProduct(stage, { default_code: "TWICE" }))
    const clear = makeProduct(stage, { default_code: "CLEAR" })
    const fresh = makeProduct(stage, { default_code: "FRESH" })
    const held = await inStore(stage, "Twice", "TWICE")
    const clearHeld = await inStore(stage, "Clear", "CLEAR")
    await approveFirst(stage)
    expect(await productOf(stage, clear)).toMatchObject({ id: clearHeld })
    expect(await productOf(stage, fresh)).toMatchObject({ variants: [{ sku: "FRESH" }] })
    for (const id of repeated) {
      expect(await findLink(stage, "product", id)).toBeNull()
    }
    expect(
      (await parkedOf(stage)).map(({ erp_id, reason }) => `${erp_id} ${reason}`).sort(),
    ).toEqual(repeated.map((id) => `${id} ambiguous_match`).sort())
    expect(await countOf(stage, "product")).toBe(3)
    expect(
      (await stage.catalog.findVariants("sku", ["TWICE"])).map(({ product_id }) => product_id),
    ).toEqual([held])
  })

  it("links nothing by a key that repeats on another page of the ERP", async () => {
    const stage = await open({ options: { settings: { page_size: 1 } } })
    const repeated = [1, 2, 3].map(() => makeProduct(stage, { default_code: "TWICE" }))
    const clear = makeProduct(stage, { default_code: "CLEAR" })
    // A record that was archived, or left the filter, decides nothing.
    makeProduct(stage, { default_code: "CLEAR", active: false })
    await inStore(stage, "Twice", "TWICE")
    const clearHeld = await inStore(stage, "Clear", "CLEAR")
    await approveFirst(stage)
    expect(await productOf(stage, clear)).toMatchObject({ id: clearHeld })
    for (const id of repeated) {
      expect(await findLink(stage, "product", id)).toBeNull()
    }
    expect(
      (await parkedOf(stage)).map(({ erp_id, reason }) => `${erp_id} ${reason}`).sort(),
    ).toEqual(repeated.map((id) => `${id} ambiguous_match`).sort())
    // A look at one of them alone says the same.
    await stage.sync.retryParked((await parkedOf(stage)).map(({ id }) => id))
    await settle(stage)
    expect(await findLink(stage, "product", given(repeated[0]))).toBeNull()
  })

  it("asks the ERP for keys only where something is about to be linked, and once for a page", async () => {
    const stage = await open()
    const asked = (): number => stage.erp.requests.count("product.product.search_read")
    const skus = Array.from({ length: 20 }, (_, index) => `KEY-${index}`)
    skus.forEach((sku) => makeProduct(stage, { default_code: sku }))
    makeProduct(stage)
    await runWell(stage, "full")
    await runWell(stage, "full")
    expect(asked()).toBe(0)
    await rows(stage, "delete from erp_link")
    await runWell(stage, "full")
    expect(asked()).toBe(1)
    expect(await countOf(stage, "product")).toBe(21)
  })

  it("links once the person has made it clear", async () => {
    const stage = await open()
    const [first = 0, second = 0] = [1, 2].map(() => makeProduct(stage, { default_code: "TWICE" }))
    const held = await inStore(stage, "Twice", "TWICE")
    await approveFirst(stage)
    stage.world.write("product.product", onlyVariant(stage, second), { default_code: "OTHER" })
    await runWell(stage)
    await stage.sync.retryParked((await parkedOf(stage)).map(({ id }) => id))
    await settle(stage)
    expect(await productOf(stage, first)).toMatchObject({ id: held })
    expect(await productOf(stage, second)).toMatchObject({ variants: [{ sku: "OTHER" }] })
    expect(await parkedOf(stage)).toEqual([])
  })
}

const approveFirst = async (stage: Stage): Promise<void> => {
  const waiting = await run(stage, "full")
  await stage.sync.approve(waiting.id)
  await stage.runtime.drain.untilIdle()
  expect(given(await stage.sync.run(waiting.id)).state).toBe("completed")
}
