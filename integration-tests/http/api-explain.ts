import { ContainerRegistrationKeys, dynamicImport } from "@medusajs/framework/utils"
import { resolve } from "node:path"
import { ExplainView } from "../../src/runtime"
import { ApiClient } from "./api-client"
import { given } from "./catalog-fixtures"
import { inStore } from "./sync-first-link"
import { editProduct } from "./sync-merchant"
import { linkOf } from "./sync-readings"
import { makeProduct, onlyVariant } from "./sync-shop"
import { CONNECTION, OpenStage, runWell, settle } from "./sync-stage"

export const explainTests = (open: OpenStage): void => {
  const ask = async (admin: ApiClient, q: string): Promise<ExplainView> => {
    const answer = await admin.get(`/explain?q=${encodeURIComponent(q)}`)
    expect(answer.status).toBe(200)
    return answer.body.explanation as ExplainView
  }

  it("tells both sides, what was agreed, who decides, and what comes next", async () => {
    const stage = await open()
    const id = makeProduct(stage, { name: "Reading lamp", default_code: "READ" })
    await runWell(stage, "full")
    await editProduct(stage, id, { title: "Edited lamp" })
    await settle(stage)
    const admin = await ApiClient.administrator(stage)
    const { records } = await ask(admin, "edited LAMP")
    const product = given(records[0])
    expect(product).toMatchObject({
      link: { entity: "product", erp_id: String(id), state: "linked" },
      erp_failure: null,
      plan: { kind: "values" },
      differences: [{ field: "title", kind: "pending" }],
      journal: expect.arrayContaining([expect.objectContaining({ entity: "product" })]),
    })
    expect(
      product.fields.find(({ field, entity }) => `${entity} ${field}` === "product title"),
    ).toEqual(
      expect.objectContaining({
        owner: "both",
        erp: "Reading lamp",
        base_erp: "Reading lamp",
        medusa: "Edited lamp",
        base_medusa: "Reading lamp",
        outcome: "pending",
        rule: "push_off",
      }),
    )
    expect(product.why.join(" ")).toContain("the store's edit waits (push_off)")
    for (const q of ["READ", String(onlyVariant(stage, id))]) {
      const found = await ask(admin, q)
      expect(found.records.map(({ link }) => link.entity)).toContain("variant")
    }
    const link = await linkOf(stage, "product", id)
    expect((await ask(admin, link.medusa_id)).records[0]?.link.id).toBe(link.id)
  })

  it("says so when the ERP does not answer, and shows the rest", async () => {
    const stage = await open()
    const id = makeProduct(stage, { name: "Lamp" })
    await runWell(stage, "full")
    const admin = await ApiClient.administrator(stage)
    stage.erp.accounts.revokeKey(stage.erp.accounts.bot)
    await stage.runtime.connections.close()
    const link = await linkOf(stage, "product", id)
    const [record] = (await ask(admin, link.medusa_id)).records
    expect(record).toMatchObject({ erp_failure: expect.any(String), fields: [], plan: null })
    expect(record?.why).toContain(record?.erp_failure)
  })

  it("tells why a record is not linked", async () => {
    const stage = await open()
    const archived = makeProduct(stage, { active: false })
    const nameless = makeProduct(stage, { name: "   " })
    await runWell(stage, "full")
    const admin = await ApiClient.administrator(stage)
    expect((await ask(admin, String(archived))).unlinked).toMatchObject([
      { erp_id: String(archived), why: expect.stringContaining("archived") },
    ])
    expect((await ask(admin, String(nameless))).unlinked).toMatchObject([
      { why: expect.stringContaining("Parked (invalid)") },
    ])
    expect(await ask(admin, "nothing of this name")).toEqual({
      q: "nothing of this name",
      records: [],
      unlinked: [],
      unlinked_in_store: [],
    })
  })

  it("finds a number as a SKU and as an id, and the ERP's unlinked records by their keys", async () => {
    const stage = await open()
    const first = makeProduct(stage, { name: "First" })
    const numbered = makeProduct(stage, { name: "Numbered", default_code: String(first) })
    const archived = makeProduct(stage, { default_code: "OLD", active: false })
    await runWell(stage, "full")
    const late = makeProduct(stage, { default_code: "LATE" })
    const admin = await ApiClient.administrator(stage)
    const { records } = await ask(admin, String(first))
    const found = records.map(({ link }) => `${link.entity} ${link.erp_id}`)
    expect(found).toContain(`product ${first}`)
    expect(found[0]).toBe(`variant ${onlyVariant(stage, numbered)}`)
    expect((await ask(admin, "LATE")).unlinked).toMatchObject([
      { erp_id: String(late), why: expect.stringContaining("creates it") },
    ])
    expect((await ask(admin, String(archived))).unlinked).toMatchObject([
      { erp_id: String(archived), why: expect.stringContaining("archived") },
    ])
  })

  it("tells why a product of the store is not in the ERP", async () => {
    const stage = await open()
    await runWell(stage, "full")
    const held = await inStore(stage, "Only here", "HERE-1")
    const admin = await ApiClient.administrator(stage)
    for (const q of ["only HERE", "HERE-1", held]) {
      expect((await ask(admin, q)).unlinked_in_store).toEqual([
        {
          connection_id: CONNECTION,
          medusa_id: held,
          title: "Only here",
          why: expect.stringContaining("write-back is off"),
        },
      ])
    }
    Object.assign(stage.options, { push: { create: false, stock: false } })
    expect((await ask(admin, held)).unlinked_in_store).toMatchObject([
      { why: expect.stringContaining("`push.create` is off") },
    ])
  })

  it("prints the same by a script of the command line", async () => {
    const stage = await open()
    const id = makeProduct(stage, { name: "Reading lamp", default_code: "READ" })
    await runWell(stage, "full")
    const logger = stage.container.resolve(ContainerRegistrationKeys.LOGGER)
    const printed = jest.spyOn(logger, "info").mockImplementation(() => undefined)
    // As `medusa exec` does: the file by its path, its default export with the words that follow.
    const script = await dynamicImport(resolve(__dirname, "../../src/scripts/erp-explain.ts"))
    try {
      await script.default({ container: stage.container, args: ["Reading", "lamp"] })
      const [text] = given(printed.mock.calls.at(-1))
      const explained = JSON.parse(String(text)) as ExplainView
      expect(explained).toMatchObject({
        q: "Reading lamp",
        records: [{ link: { entity: "product", erp_id: String(id) }, erp_failure: null }],
      })
      const admin = await ApiClient.administrator(stage)
      expect(explained).toEqual(await ask(admin, "Reading lamp"))
    } finally {
      printed.mockRestore()
    }
    await expect(script.default({ container: stage.container, args: [" "] })).rejects.toThrow(
      "Usage: medusa exec",
    )
  })
}
