import { given } from "./catalog-fixtures"
import { countOf, levelsOf, linkOf, parkedOf, productOf, variantOf } from "./sync-readings"
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
            remedy: expect.stringContaining("Move the variant back"),
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
}
