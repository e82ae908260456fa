import { given } from "./catalog-fixtures"
import { ApiClient } from "./api-client"
import {
  countOf,
  journalOf,
  levelsOf,
  linkOf,
  parkedOf,
  productOf,
  variantOf,
} from "./sync-readings"
import { MAIN } from "./sync-seed"
import { addLine, count, makeAttribute, makeProduct, variantsOf } from "./sync-shop"
import { OpenStage, runWell, settle, Stage } from "./sync-stage"

/** Two products of two colours each, and the id of a variant of the first. */
const twoProducts = async (open: OpenStage) => {
  const stage = await open()
  const [from, to] = [makeProduct(stage), makeProduct(stage)]
  addLine(stage, from, makeAttribute(stage, "Colour", ["Red", "Blue"]))
  addLine(stage, to, makeAttribute(stage, "Size", ["S", "M"]))
  const variant = given(variantsOf(stage, from).at(-1))
  count(stage, variant, 6)
  await runWell(stage, "full")
  await settle(stage)
  return { stage, from, to, variant }
}

const move = ({ world }: Stage, variant: number, from: number, to: number): void => {
  world.rawUpdate("product.product", variant, { product_tmpl_id: to })
  for (const id of [from, to]) {
    world.write("product.template", id, { description_sale: `Edited ${variant} ${to}` })
  }
}

export const reparentedTests = (open: OpenStage): void => {
  it.each(["delta", "full"] as const)(
    "leaves a variant where it is that the ERP moved to another product, by a %s run",
    async (kind) => {
      const { stage, from, to, variant } = await twoProducts(open)
      const before = await variantOf(stage, variant)
      move(stage, variant, from, to)
      for (let pass = 0; pass < 2; pass += 1) {
        await runWell(stage, kind)
        await settle(stage)
        expect(await variantOf(stage, variant)).toMatchObject({
          id: before.id,
          product_id: before.product_id,
          deleted: false,
        })
        expect(await linkOf(stage, "variant", variant)).toMatchObject({ state: "linked" })
        expect(await levelsOf(stage, variant)).toMatchObject({ [MAIN]: { stocked: 6 } })
        expect(await countOf(stage, "product_variant")).toBe(4)
        expect(await parkedOf(stage)).toEqual([
          expect.objectContaining({
            entity: "variant",
            erp_id: String(variant),
            field: "parent",
            reason: "reparented",
            value: String(to),
            remedy: expect.stringContaining("Approve the move"),
          }),
        ])
      }
      expect(await productOf(stage, to)).toMatchObject({ description: `Edited ${variant} ${to}` })
      expect(await productOf(stage, from)).toMatchObject({ status: "published" })

      move(stage, variant, to, from)
      await runWell(stage, kind)
      await settle(stage)
      expect(await parkedOf(stage)).toEqual([])
      expect((await linkOf(stage, "variant", variant)).kept).not.toHaveProperty("moved_to")
      expect((await runWell(stage, kind)).counters).toMatchObject({ writes: 0, gone: 0 })
    },
  )

  /** The last variant of a product of two colours, that the ERP moves to one of three sizes, as L. */
  const movedToLarge = async () => {
    const stage = await open()
    const { world } = stage
    const [from, to] = [makeProduct(stage), makeProduct(stage)]
    addLine(stage, from, makeAttribute(stage, "Colour", ["Red", "Blue"]))
    addLine(stage, to, makeAttribute(stage, "Size", ["S", "M", "L"]))
    world.unlink("product.product", given(variantsOf(stage, to).at(-1)))
    const variant = given(variantsOf(stage, from).at(-1))
    count(stage, variant, 6)
    await runWell(stage, "full")
    await settle(stage)
    const before = await belongings(stage, variant)
    const large = world.search("product.template.attribute.value", [
      ["product_tmpl_id", "=", to],
      ["name", "=", "L"],
    ])
    world.rawUpdate("product.product", variant, { product_template_attribute_value_ids: large })
    move(stage, variant, from, to)
    await runWell(stage)
    await settle(stage)
    return { stage, from, to, variant, before }
  }

  /** What belongs to a variant in the store beside its own row. */
  const belongings = async (stage: Stage, variant: number) => {
    const { id, prices, price_set_id, inventory_items } = await variantOf(stage, variant)
    return { id, prices, price_set_id, inventory_items, levels: await levelsOf(stage, variant) }
  }

  const approve = async (stage: Stage, to?: string): Promise<unknown> => {
    const admin = await ApiClient.administrator(stage)
    const moves = (await parkedOf(stage)).map(({ id, value }) => ({ id, to: to ?? value }))
    return (await admin.post("/parked/approve-move", { moves })).body
  }

  const expectMoved = async (stage: Stage, variant: number, from: number, to: number) => {
    const { id, option_value_ids } = await variantOf(stage, variant)
    const [former, present] = [await productOf(stage, from), await productOf(stage, to)]
    expect(former.variants.map((held) => held.id)).not.toContain(id)
    expect(present.variants.map((held) => held.id)).toContain(id)
    const values = present.options.flatMap((option) => option.values)
    expect(values.filter((value) => option_value_ids.includes(value.id))).toEqual([
      expect.objectContaining({ value: "L" }),
    ])
    expect(await countOf(stage, "product_variant")).toBe(4)
    expect(await countOf(stage, "inventory_item")).toBe(4)
    expect(await linkOf(stage, "variant", variant)).toMatchObject({
      state: "linked",
      parent_erp_id: String(to),
      medusa_id: id,
      kept: {},
    })
    expect(await journalOf(stage, "variant", variant, "parent")).toMatchObject([
      { kind: "structure", from: String(from), to: String(to), rule: "move_approved" },
    ])
    expect(await parkedOf(stage)).toEqual([])
    for (const kind of ["delta", "full"] as const) {
      expect((await runWell(stage, kind)).counters).toMatchObject({ writes: 0, gone: 0 })
      await settle(stage)
    }
  }

  it("takes a variant along that a person lets go, with its inventory item, stock and prices", async () => {
    const { stage, from, to, variant, before } = await movedToLarge()
    expect(await approve(stage, "9999")).toEqual({ approved: 0, skipped: 1 })
    await settle(stage)
    expect(await variantOf(stage, variant)).toMatchObject({ id: before.id })
    expect(await parkedOf(stage)).toHaveLength(1)
    expect(await approve(stage)).toEqual({ approved: 1, skipped: 0 })
    await settle(stage)
    expect(await belongings(stage, variant)).toEqual(before)
    await expectMoved(stage, variant, from, to)
  })

  it.each(["before the move commits", "after it"] as const)(
    "doubles nothing where the process ends %s",
    async (moment) => {
      const { stage, from, to, variant, before } = await movedToLarge()
      const { ledger, catalog } = stage.runtime.context
      const { journal } = ledger
      const { applyStructure } = catalog
      let ended = 0
      const end = (): never => {
        ended += 1
        throw new Error("the process ended")
      }
      if (moment === "after it") catalog.applyStructure = async () => end()
      else {
        ledger.journal = async (tx, connection, entries) =>
          entries.some(({ rule }) => rule === "move_approved")
            ? end()
            : journal.call(ledger, tx, connection, entries)
      }
      await approve(stage)
      await stage.runtime.drain.untilIdle()
      catalog.applyStructure = applyStructure
      ledger.journal = journal
      expect(ended).toBeGreaterThan(0)
      await settle(stage)
      await runWell(stage, "full")
      await settle(stage)
      expect(await belongings(stage, variant)).toEqual(before)
      await expectMoved(stage, variant, from, to)
    },
  )
}
