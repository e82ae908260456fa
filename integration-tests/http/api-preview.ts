import { ExplainView, PreviewView } from "../../src/runtime"
import { FieldView } from "../../src/runtime/two-way-views"
import { ApiClient } from "./api-client"
import { given, rows } from "./catalog-fixtures"
import { editProduct } from "./sync-merchant"
import { inStore } from "./sync-first-link"
import { openPushing } from "./sync-push"
import { journalOf, productOf, variantOf } from "./sync-readings"
import { makeProduct, onlyVariant } from "./sync-shop"
import { CONNECTION, OpenStage, run, runWell, settle, Stage } from "./sync-stage"

const NO_RECORDS: PreviewView["records"] = {
  create: 0,
  adopt: 0,
  ambiguous: 0,
  structure: 0,
  values: 0,
  skip: 0,
  deleted_in_medusa: 0,
}

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
      records: { ...NO_RECORDS, create: 1, values: 2 },
      plans: [{ erp_id: String(fresh), kind: "create", title: "Fresh", medusa_id: null }],
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

  const chosenOf = ({ link_id, field, erp, medusa, outcome, to }: FieldView) => ({
    link_id,
    field,
    erp,
    medusa,
    outcome,
    to,
  })

  it("writes what was chosen and is still as it was shown, and nothing else", async () => {
    const stage = await open()
    const id = makeProduct(stage, { name: "One", list_price: 10, weight: 1, barcode: "111" })
    await runWell(stage, "full")
    stage.world.write("product.template", id, {
      name: "One, new",
      list_price: 11,
      weight: 2,
      barcode: "112",
    })
    const admin = await ApiClient.administrator(stage)
    const { differences } = await show(admin, { ids: [String(id)] })
    expect(differences.map(({ field, outcome }) => `${field} ${outcome}`).sort()).toEqual([
      "barcode write",
      "price:usd write",
      "title write",
      "weight write",
    ])
    const shown = (field: string, entity = "variant"): FieldView =>
      given(differences.find((view) => view.field === field && view.entity === entity))
    // Chosen: the title, the price and the weight; by now the price is another one.
    stage.world.write("product.template", id, { list_price: 12 })
    const gone = { link_id: "elnk_none", field: "title", erp: null, medusa: null }
    const applied = await admin.post("/preview/apply", {
      items: [
        ...[shown("title", "product"), shown("price:usd")].map(chosenOf),
        { ...chosenOf(shown("weight")), to: "3" },
        { ...gone, outcome: "write", to: null },
      ],
    })
    expect(applied).toEqual({
      status: 200,
      body: {
        applied: 1,
        changed: [
          { ...gone, reason: "unknown", outcome: null, to: null },
          {
            ...chosenOf(shown("price:usd")),
            reason: "changed",
            erp: "12",
            to: "12",
          },
          { ...chosenOf(shown("weight")), reason: "changed" },
        ],
      },
    })
    await settle(stage)
    expect((await productOf(stage, id)).title).toBe("One, new")
    const variant = await variantOf(stage, onlyVariant(stage, id))
    expect(variant).toMatchObject({ barcode: "111", weight: "1000" })
    expect(variant.prices).toMatchObject([{ amount: "10" }])
    // The next look finds what was left, as if nobody had chosen anything.
    await runWell(stage, "full")
    expect(await productOf(stage, id)).toMatchObject({ variants: [{ barcode: "112" }] })
  })

  it("sends chosen edits of the store to the ERP, and leaves the others", async () => {
    const stage = await openPushing(open)
    const id = makeProduct(stage, { name: "Agreed" })
    await runWell(stage, "full")
    // An edit that no event tells of: no look at the record is due.
    const { id: product } = await productOf(stage, id)
    await rows(stage, "update product set title = 'Edited', description = 'New' where id = ?", [
      product,
    ])
    const admin = await ApiClient.administrator(stage)
    const { differences } = await show(admin, { ids: [String(id)] })
    expect(differences).toMatchObject([
      { field: "title", outcome: "push", to: "Edited" },
      { field: "description", outcome: "push" },
    ])
    const [title] = differences.map(chosenOf)
    const answer = await admin.post("/preview/apply", { items: [title] })
    expect(answer.body).toEqual({ applied: 1, changed: [] })
    await settle(stage)
    const [record] = stage.world.read("product.template", [id], ["name", "description_sale"])
    expect(record).toMatchObject({ name: "Edited", description_sale: false })
  })

  it("moves a category that was chosen, and leaves its name", async () => {
    const stage = await open()
    const [one, two] = ["One", "Two"].map((name) =>
      stage.world.create("product.category", { name }),
    )
    await runWell(stage, "full")
    stage.world.write("product.category", given(two), { parent_id: given(one), name: "2" })
    const admin = await ApiClient.administrator(stage)
    const { differences } = await show(admin, { stream: "categories" })
    expect(differences.map(({ field }) => field).sort()).toEqual(["name", "parent"])
    const chosen = differences.filter(({ field }) => field === "parent").map(chosenOf)
    const answer = await admin.post("/preview/apply", { items: chosen })
    expect(answer.body).toEqual({ applied: 1, changed: [] })
    await settle(stage)
    const below = await rows<{ name: string; parent: string | null }>(
      stage,
      `select c.name, p.name as parent from product_category c
       left join product_category p on p.id = c.parent_category_id where c.name in ('Two', '2')`,
    )
    expect(below).toEqual([{ name: "Two", parent: "One" }])
  })

  it("shows what the first link would tie, create and leave to a person, in a store that has products", async () => {
    const stage = await open()
    const [desk, fresh, twice, again] = ["DESK", "FRESH", "TWICE", "TWICE"].map((default_code) =>
      makeProduct(stage, { name: `${default_code}, ERP`, default_code }),
    )
    const held = await inStore(stage, "Desk, store", "DESK")
    await inStore(stage, "Twice, store", "TWICE")
    const admin = await ApiClient.administrator(stage)
    await admin.post(`/connections/${CONNECTION}/check`, {})
    const before = await state(stage)
    const preview = await show(admin, { ids: [desk, fresh, twice].map(String) })
    expect(preview.records).toEqual({ ...NO_RECORDS, adopt: 1, create: 1, ambiguous: 1 })
    expect(preview.plans).toEqual([
      { erp_id: String(desk), medusa_id: held, title: "DESK, ERP", kind: "adopt", reason: null },
      { erp_id: String(fresh), medusa_id: null, title: "FRESH, ERP", kind: "create", reason: null },
      {
        erp_id: String(twice),
        medusa_id: null,
        title: "TWICE, ERP",
        kind: "ambiguous",
        reason: expect.stringContaining('sku "TWICE" occurs more than once in the ERP'),
      },
    ])
    const title = preview.differences.find(
      ({ entity, field }) => entity === "product" && field === "title",
    )
    expect(title).toMatchObject({
      link_id: null,
      medusa_id: held,
      erp: "DESK, ERP",
      medusa: "Desk, store",
      outcome: "write",
      rule: "first_link",
      to: "DESK, ERP",
    })
    expect(await state(stage)).toEqual(before)

    const explained = async (id: number | undefined): Promise<string> => {
      const { body } = await admin.get(`/explain?q=${id}`)
      const { unlinked } = body.explanation as ExplainView
      return given(unlinked[0]).why
    }
    expect(await explained(desk)).toContain(`links it to ${held}`)
    expect(await explained(fresh)).toContain("creates it")
    expect(await explained(again)).toContain("occurs more than once in the ERP")

    // What the run writes is what was shown.
    const waiting = await run(stage, "full")
    await stage.sync.approve(waiting.id)
    await stage.runtime.drain.untilIdle()
    expect(await productOf(stage, given(desk))).toMatchObject({ id: held, title: "DESK, ERP" })
    for (const { field, medusa, to } of preview.differences.filter(
      ({ outcome, entity }) => outcome === "write" && entity === "product",
    )) {
      const entries = await journalOf(stage, "product", given(desk), field)
      expect(entries.at(-1)).toMatchObject({ from: medusa, to, rule: "first_link" })
    }
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
