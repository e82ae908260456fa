import { rows, whileLocked } from "./catalog-fixtures"
import { beforeNextWrite, editProduct } from "./sync-merchant"
import { journalOf, productOf } from "./sync-readings"
import { makeProduct } from "./sync-shop"
import { OpenStage, runWell, settle, Stage } from "./sync-stage"

export const raceTests = (open: OpenStage): void => {
  const linkedProduct = async (stage: Stage): Promise<number> => {
    const id = makeProduct(stage, { name: "Before", description_sale: "Plain." })
    await runWell(stage, "full")
    return id
  }

  it("keeps another field that the merchant saves between our read and our write", async () => {
    const stage = await open()
    const id = await linkedProduct(stage)
    const interfered = beforeNextWrite(stage, () =>
      editProduct(stage, id, { description: "The merchant's words." }),
    )
    stage.world.write("product.template", id, { name: "The ERP's title" })
    await runWell(stage)
    expect(interfered()).toBe(true)
    await settle(stage)
    expect(await productOf(stage, id)).toMatchObject({
      title: "The ERP's title",
      description: "The merchant's words.",
    })
  })

  it("never overwrites unseen the same field saved between our read and our write", async () => {
    const stage = await open()
    const id = await linkedProduct(stage)
    beforeNextWrite(stage, () => editProduct(stage, id, { title: "The merchant's title" }))
    stage.world.write("product.template", id, { name: "The ERP's title" })
    await runWell(stage)
    await settle(stage)
    expect(await productOf(stage, id)).toMatchObject({ title: "The ERP's title" })
    expect((await journalOf(stage, "product", id, "title")).at(-1)).toMatchObject({
      kind: "superseded",
      from: "The merchant's title",
      to: "The ERP's title",
      rule: "conflict_erp_wins",
    })
  })

  it("keeps the merchant's value where the options say that it wins", async () => {
    const stage = await open({ options: { conflicts: "medusa" } })
    const id = await linkedProduct(stage)
    beforeNextWrite(stage, () => editProduct(stage, id, { title: "The merchant's title" }))
    stage.world.write("product.template", id, { name: "The ERP's title" })
    await runWell(stage)
    await settle(stage)
    expect(await productOf(stage, id)).toMatchObject({ title: "The merchant's title" })
  })

  it("passes over a locked row without waiting, and writes it later", async () => {
    const stage = await open()
    const id = await linkedProduct(stage)
    const other = makeProduct(stage)
    await runWell(stage)
    const { id: locked } = await productOf(stage, id)
    stage.world.write("product.template", [id, other], { name: "Renamed" })
    await whileLocked(stage, "select 1 from product where id = $1 for update", [locked], () =>
      runWell(stage, "delta", ["products"]),
    )
    expect(await productOf(stage, id)).toMatchObject({ title: "Before" })
    expect(await productOf(stage, other)).toMatchObject({ title: "Renamed" })
    await settle(stage)
    expect(await productOf(stage, id)).toMatchObject({ title: "Renamed" })
  })

  it("comes back to a locked row after a while, and does not ask for it all the time", async () => {
    const stage = await open()
    const id = await linkedProduct(stage)
    const { id: locked } = await productOf(stage, id)
    stage.world.write("product.template", id, { name: "Renamed" })
    await whileLocked(
      stage,
      "select 1 from product where id = $1 for update",
      [locked],
      async () => {
        await runWell(stage, "delta", ["products"])
        await rows(stage, "update erp_dirty set due_at = now() - interval '1 second'")
        stage.erp.requests.reset()
        await stage.runtime.drain.untilIdle()
        expect(stage.erp.requests.count("product.template.web_search_read")).toBeLessThan(3)
      },
    )
    const [key] = await rows<{ later: boolean }>(
      stage,
      "select due_at > now() - interval '1 second' as later from erp_dirty where stream = 'products'",
    )
    expect(key).toEqual({ later: true })
    await settle(stage)
    expect(await productOf(stage, id)).toMatchObject({ title: "Renamed" })
  })
}
