import { PreviewView } from "../../src/runtime"
import { ApiClient } from "./api-client"
import { given, rows } from "./catalog-fixtures"
import { editProduct } from "./sync-merchant"
import { productOf } from "./sync-readings"
import { makeProduct } from "./sync-shop"
import { CONNECTION, OpenStage, runWell, settle, Stage } from "./sync-stage"

export const previewTests = (open: OpenStage): void => {
  const show = async (admin: ApiClient, body: object): Promise<PreviewView> => {
    const answer = await admin.post(`/connections/${CONNECTION}/preview`, body)
    expect(answer.status).toBe(200)
    return answer.body.preview as PreviewView
  }

  /** Everything that a preview must not touch. */
  const state = async (stage: Stage): Promise<unknown> => ({
    links: await rows(stage, "select id, seq, xmin::text from erp_link order by id"),
    products: await rows(stage, "select id, xmin::text from product order by id"),
    journal: await rows(stage, "select count(*) from erp_journal"),
    dirty: await rows(stage, "select erp_id, generation from erp_dirty order by 1"),
    writes: stage.erp.world.search("product.template", [], { active_test: false }).length,
  })

  it("shows what a look would do, and does nothing", async () => {
    const stage = await open({ options: { foreign_edits: "report" } })
    const changed = makeProduct(stage, { name: "Before" })
    const same = makeProduct(stage, { name: "Same" })
    await runWell(stage, "full")
    stage.world.write("product.template", changed, { name: "After" })
    const fresh = makeProduct(stage, { name: "Fresh" })
    const admin = await ApiClient.administrator(stage)
    const before = await state(stage)
    const ids = [changed, same, fresh, 999_999].map(String)
    const preview = await show(admin, { ids })
    expect(preview).toMatchObject({
      connection_id: CONNECTION,
      stream: "products",
      records: { create: 1, structure: 0, values: 2, skip: 0, deleted_in_medusa: 0 },
      missing: ["999999"],
      fields: expect.objectContaining({ write: 1, push: 0, conflict: 0 }),
      differences: [
        {
          field: "title",
          erp: "After",
          base_erp: "Before",
          medusa: "Before",
          base_medusa: "Before",
          outcome: "write",
          rule: "erp_changed",
          to: "After",
        },
      ],
      count: 1,
      next: null,
    })
    const page = await show(admin, { limit: 1 })
    expect(page.records.values + page.records.create).toBe(3)
    expect(page.differences).toHaveLength(1)
    const categories = await show(admin, { stream: "categories" })
    expect(categories.fields.write).toBe(0)
    expect(await state(stage)).toEqual(before)
  })

  it("applies what is still as it was shown, and tells what is not", async () => {
    const stage = await open()
    const [one = 0, two = 0] = ["One", "Two"].map((name) => makeProduct(stage, { name }))
    await runWell(stage, "full")
    stage.world.write("product.template", one, { name: "One, new" })
    stage.world.write("product.template", two, { name: "Two, new" })
    const admin = await ApiClient.administrator(stage)
    const { differences } = await show(admin, { ids: [one, two].map(String) })
    expect(differences).toHaveLength(2)
    stage.world.write("product.template", two, { name: "Two, newer" })
    const items = differences.map(({ link_id, field, erp, medusa }) => ({
      link_id,
      field,
      erp,
      medusa,
    }))
    const gone = { link_id: "elnk_none", field: "title", erp: null, medusa: null }
    const applied = await admin.post("/preview/apply", { items: [...items, gone] })
    const stale = given(differences.find(({ erp }) => erp === "Two, new"))
    expect(applied).toEqual({
      status: 200,
      body: {
        marked: 1,
        changed: [
          {
            link_id: stale.link_id,
            field: "title",
            reason: "changed",
            erp: "Two, newer",
            medusa: "Two",
          },
          { ...gone, reason: "unknown" },
        ],
      },
    })
    await settle(stage)
    expect((await productOf(stage, one)).title).toBe("One, new")
    expect((await productOf(stage, two)).title).toBe("Two")
  })

  it("shows edits of the store that would go to the ERP", async () => {
    const stage = await open()
    const id = makeProduct(stage, { name: "Agreed" })
    await runWell(stage, "full")
    await editProduct(stage, id, { title: "Edited" })
    await settle(stage)
    const admin = await ApiClient.administrator(stage)
    const { differences } = await show(admin, { ids: [String(id)] })
    expect(differences).toMatchObject([{ field: "title", outcome: "pending", rule: "push_off" }])
  })
}
