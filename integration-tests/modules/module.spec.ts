import type { MedusaContainer } from "@medusajs/framework/types"
import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils"
import { medusaIntegrationTestRunner } from "@medusajs/test-utils"
import { resolve } from "node:path"
import { ERP_MODULE, type ErpModuleService } from "../../src/modules/erp"
import { connectionId, erpId, medusaId } from "../../src/sync/ids"

const CONNECTION = connectionId("odoo-main")

medusaIntegrationTestRunner({
  cwd: resolve(__dirname, "store"),
  medusaConfigFile: resolve(__dirname, "store"),
  inApp: true,
  testSuite: ({ getContainer }) => {
    const service = (): ErpModuleService => getContainer().resolve(ERP_MODULE)

    describe("the module in a store", () => {
      it("has configured the connections of the options, paused while credentials are missing", async () => {
        const { connections } = await service().getOptions()
        expect(connections.map(({ id }) => id)).toEqual([CONNECTION])
        expect(await service().ledger.connection(CONNECTION)).toMatchObject({
          erp: "odoo",
          state: "paused",
          reason: { code: "missing_credentials", message: expect.stringContaining("url") },
        })
      })

      it("reads its own rows through Medusa's service and through the ledger alike", async () => {
        await linkOne(getContainer(), service())
        const [link] = await service().listErpLinks({ entity: "product" })
        const [same] = await service().ledger.linksByErp(CONNECTION, "product", [erpId(1)])
        expect(link).toMatchObject({ id: same?.id, base_erp: { title: "Chair" } })
        expect(same).toMatchObject({ seq: expect.any(Number), base_erp: { title: "Chair" } })
      })

      it("stops the engine and whatever asked for it, and survives one that fails", async () => {
        const stopped: string[] = []
        await service().setEngine({
          kick: () => {},
          stop: async () => {
            stopped.push("engine")
          },
        })
        await service().onShutdown(async () => {
          throw new Error("late")
        })
        await service().onShutdown(async () => {
          stopped.push("other")
        })
        await service().__hooks.onApplicationPrepareShutdown()
        expect(stopped).toEqual(["engine", "other"])
      })
    })

    describe("query.graph", () => {
      it.each([
        ["product", "product"],
        ["variant", "product_variant"],
        ["product_category", "product_category"],
      ] as const)("goes from a link to its %s and back", async (entity, property) => {
        const ids = await linkOne(getContainer(), service())
        const query = getContainer().resolve(ContainerRegistrationKeys.QUERY)
        const { data: links } = await query.graph({
          entity: "erp_link",
          fields: ["erp_id", `${property}.id`],
          filters: { medusa_id: ids[property] },
        })
        expect(links).toEqual([
          expect.objectContaining({ [property]: expect.objectContaining({ id: ids[property] }) }),
        ])
        const { data: records } = await query.graph({
          entity,
          fields: ["id", "erp_links.erp_id", "erp_links.state"],
          filters: { id: ids[property] },
        })
        expect(records).toEqual([
          expect.objectContaining({
            id: ids[property],
            erp_links: [expect.objectContaining({ erp_id: "1", state: "linked" })],
          }),
        ])
      })
    })
  },
})

/** A product, its variant and a category, each linked to the ERP's number 1. */
async function linkOne(container: MedusaContainer, service: ErpModuleService) {
  const products = container.resolve(Modules.PRODUCT)
  const product = await products.createProducts({
    title: "Chair",
    options: [{ title: "Size", values: ["M"] }],
    variants: [{ title: "M", options: { Size: "M" } }],
  })
  const category = await products.createProductCategories({ name: "Chairs" })
  const ids = {
    product: product.id,
    product_variant: product.variants[0]?.id ?? "",
    product_category: category.id,
  }
  const entities = { product: "product", variant: "product_variant", category: "product_category" }
  await service.ledger.transaction((tx) =>
    service.ledger.insertLinks(
      tx,
      CONNECTION,
      (["product", "variant", "category"] as const).map((entity) => ({
        entity,
        erp_id: erpId(1),
        parent_erp_id: entity === "variant" ? erpId(1) : null,
        medusa_id: medusaId(ids[entities[entity] as keyof typeof ids]),
        state: "linked",
        fingerprint: "f",
        match_key: null,
        base_erp: { title: "Chair" },
        base_medusa: { title: "Chair" },
      })),
    ),
  )
  return ids
}
