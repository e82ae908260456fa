import { MedusaContainer } from "@medusajs/framework/types"
import { Modules } from "@medusajs/framework/utils"
import { erpId } from "../../src/sync/ids"
import erpTranslationEdited from "../../src/subscribers/erp-translation-edited"
import { rows } from "./catalog-fixtures"
import { childrenOf, linkOf, productOf } from "./sync-readings"
import { addLine, makeAttribute, makeProduct, variantsOf } from "./sync-shop"
import { CONNECTION, OpenStage, runWell, settle, Stage } from "./sync-stage"

/** Translations as Medusa's module keeps them, and its events, which name a translation alone. */
export const translationTests = (open: OpenStage): void => {
  /** A store at rest with a product of two variants, in a category. */
  const atRest = async () => {
    const stage = await open()
    const categ_id = stage.world.create("product.category", { name: "Lamps" })
    const product = makeProduct(stage, { categ_id })
    addLine(stage, product, makeAttribute(stage, "Colour", ["Red", "Blue"]))
    await runWell(stage, "full")
    await settle(stage)
    await rows(
      stage,
      `create table translation (
         id text primary key, reference text, reference_id text, deleted_at timestamptz)`,
    )
    return { stage, product, category: categ_id }
  }

  /** What the subscriber marks when Medusa tells of a translation of this record. */
  const marked = async (
    stage: Stage,
    reference: string,
    id: string,
    { enabled = true, group = "somebody", deleted = false } = {},
  ): Promise<string[]> => {
    await rows(stage, "truncate translation")
    await rows(
      stage,
      `insert into translation values
         ('trans_1', ?, ?, ${deleted ? "now()" : "null"}), ('trans_2', 'product', 'prod_none', null)`,
      [reference, id],
    )
    const container = enabled ? withTranslations(stage.container) : stage.container
    // The drain takes at once what is due: the marks are what it was given.
    const before = await generation(stage)
    await holdBack(stage, () =>
      erpTranslationEdited({
        event: {
          name: `translation.${deleted ? "deleted" : "updated"}`,
          data: { id: "trans_1" },
          metadata: { eventGroupId: group },
        },
        container,
        pluginOptions: {},
      }),
    )
    const found = await rows<{ key: string }>(
      stage,
      `select stream || ' ' || erp_id as key from erp_dirty where generation > ? order by key`,
      [before],
    )
    await rows(stage, "delete from erp_dirty")
    return found.map(({ key }) => key)
  }

  it("marks the product, variant or category behind a translation, and what an option belongs to", async () => {
    const { stage, product, category } = await atRest()
    const children = await childrenOf(stage, product)
    const medusaOf = (entity: string): string =>
      children.find((link) => link.entity === entity)?.medusa_id ?? ""
    const own = [`products ${erpId(product)}`]
    const { medusa_id } = await linkOf(stage, "product", product)
    expect(await marked(stage, "product", medusa_id)).toEqual(own)
    expect(await marked(stage, "product", medusa_id, { deleted: true })).toEqual(own)
    expect(variantsOf(stage, product)).toHaveLength(2)
    expect(await marked(stage, "product_variant", medusaOf("variant"))).toEqual(own)
    expect(await marked(stage, "product_option", medusaOf("option"))).toEqual(own)
    expect(await marked(stage, "product_option_value", medusaOf("option_value"))).toEqual(own)
    const { medusa_id: lamps } = await linkOf(stage, "category", category)
    expect(await marked(stage, "product_category", lamps)).toEqual([`categories ${category}`])
  })

  it("keeps to the default language where the store has no module for others, and says so", async () => {
    const stage = await open({ options: { languages: [{ locale: "fr-FR", erp: "fr_FR" }] } })
    const product = makeProduct(stage, { name: "Desk" })
    stage.world.write("product.template", product, { name: "Bureau" }, { lang: "fr_FR" })
    await runWell(stage, "full")
    expect((await productOf(stage, product)).title).toBe("Desk")
    expect(stage.erp.requests.count("product.template.read")).toBe(0)
    const checks = (await stage.sync.connection(CONNECTION))?.checks ?? []
    expect(checks.filter(({ ok }) => !ok)).toMatchObject([{ code: "no_translations" }])
  })

  it("passes over what the sync does not know, what it told itself, and a store without the module", async () => {
    const { stage, product } = await atRest()
    const { medusa_id } = await linkOf(stage, "product", product)
    expect(await marked(stage, "region", "reg_1")).toEqual([])
    expect(await marked(stage, "product", "prod_other")).toEqual([])
    expect(await marked(stage, "product", medusa_id, { group: "erp-sync:run:1" })).toEqual([])
    expect(await marked(stage, "product", medusa_id, { enabled: false })).toEqual([])
  })
}

/** The container of a store that has Medusa's translation module. */
const withTranslations = (container: MedusaContainer): MedusaContainer =>
  new Proxy(container, {
    get: (target, name, receiver) =>
      name === "hasRegistration"
        ? (key: string) => key === Modules.TRANSLATION || target.hasRegistration(key)
        : Reflect.get(target, name, receiver),
  })

/** Wakes nobody meanwhile. */
const holdBack = async ({ runtime }: Stage, work: () => Promise<unknown>): Promise<void> => {
  const { wake } = runtime
  runtime.wake = () => undefined
  try {
    await work()
  } finally {
    runtime.wake = wake
  }
}

const generation = async (stage: Stage): Promise<string> =>
  (await rows<{ last: string }>(stage, "select nextval('erp_seq')::text as last"))[0]?.last ?? "0"
