import type { Change } from "../../src/connectors/contract"
import { createOdooConnector } from "../../src/connectors/odoo"
import { erpId } from "../../src/sync/ids"
import type { Values } from "../../src/sync/values"
import { Client } from "./client"
import { RunningOdoo, startOdoo } from "./server"

jest.setTimeout(120_000)

const TEMPLATE = "product.template"
const FR = { title: "title:fr-FR", description: "description:fr-FR" }

/** A second language on the real thing: what its texts fall back to, and how one is taken away. */
describe.each(["json2", "jsonrpc", "xmlrpc"] as const)(
  "languages of a real Odoo 19 over %s",
  (protocol) => {
    let odoo: RunningOdoo
    let admin: Client

    beforeAll(async () => {
      odoo = await startOdoo()
      admin = await Client.asAdmin(odoo)
    }, 600_000)
    afterAll(() => odoo.stop())

    const withConnector = async (
      work: (connector: ReturnType<typeof createOdooConnector>) => Promise<void>,
      languages: Record<string, string> = { "fr-FR": "fr_FR" },
      settings: object = {},
    ): Promise<void> => {
      const { url, database, login, password, apiKey } = odoo
      const connector = createOdooConnector({
        connection_id: "languages",
        credentials: {
          url,
          database,
          login,
          password,
          ...(protocol === "json2" && { api_key: apiKey }),
        },
        settings: { protocol, ...settings },
        languages,
        http: { per_second: 1000 },
        log: () => {},
      })
      try {
        await work(connector)
      } finally {
        await connector.close()
      }
    }
    const create = async (vals: object = {}): Promise<number> =>
      Number(await admin.call(TEMPLATE, "create", [{ name: "Desk", sale_ok: true, ...vals }]))
    const translate = (id: number, vals: object) =>
      admin.call(TEMPLATE, "write", [[id], vals], { context: { lang: "fr_FR" } })
    const shown = async (id: number, lang: string) =>
      (
        await admin.searchRead(TEMPLATE, [["id", "=", id]], ["name", "description_sale"], {
          context: { lang },
        })
      )[0]
    const change = (id: number, expected: Values, patch: Values): Change => ({
      ...{ entity: "product", id: erpId(id), product_id: null, expected_version: null },
      ...{ expected, patch, weight_unit: "kg" },
    })

    it("tells a language's own texts, and null where Odoo shows the English ones", async () => {
      const [desk, plain] = [await create({ description_sale: "Solid" }), await create()]
      await translate(desk, { name: "Bureau" })
      await withConnector(async (connector) => {
        const { records } = await connector.read("products", [erpId(desk), erpId(plain)])
        expect(records.map(({ title, translations }) => [title, translations])).toEqual([
          ["Desk", { "fr-FR": { title: "Bureau", description: null } }],
          ["Desk", { "fr-FR": { title: null, description: null } }],
        ])
      })
    })

    it("writes one language and takes it away again, and never another", async () => {
      const desk = await create({ description_sale: "Solid" })
      await withConnector(async (connector) => {
        const filled = { title: "Table", [FR.title]: "Bureau", [FR.description]: "Massif" }
        const first = { title: "Desk", [FR.title]: null, [FR.description]: null }
        const written = await connector.write?.([change(desk, first, filled)])
        expect(written).toMatchObject([{ outcome: "written", holds: filled }])
        expect(await shown(desk, "fr_FR")).toMatchObject({
          ...{ name: "Bureau", description_sale: "Massif" },
        })
        expect(await shown(desk, "en_US")).toMatchObject({
          ...{ name: "Table", description_sale: "Solid" },
        })
        const emptied = { [FR.title]: null, [FR.description]: null }
        const cleared = await connector.write?.([change(desk, filled, emptied)])
        expect(cleared).toMatchObject([{ outcome: "written", holds: emptied }])
        const again = await connector.read("products", [erpId(desk)])
        expect(again.records[0]?.translations).toEqual({
          "fr-FR": { title: null, description: null },
        })
      })
      for (const lang of ["fr_FR", "en_US"]) {
        expect(await shown(desk, lang)).toMatchObject({ name: "Table", description_sale: "Solid" })
      }
    })

    it("neither reads nor writes a language that is not active", async () => {
      const desk = await create()
      await withConnector(
        async (connector) => {
          const { records } = await connector.read("products", [erpId(desk)])
          expect(records[0]?.translations).toEqual({})
          const patch = { "title:de-DE": "Tisch" }
          const outcomes = await connector.write?.([change(desk, { "title:de-DE": null }, patch)])
          expect(outcomes).toMatchObject([{ outcome: "unsupported", field: "title:de-DE" }])
          const item = (await connector.check()).items.find(({ code }) => code === "languages")
          expect(item).toMatchObject({
            ok: false,
            message: "Texts are left out: language de_DE is not active in Odoo.",
          })
        },
        { "de-DE": "de_DE" },
      )
      expect(await shown(desk, "en_US")).toMatchObject({ name: "Desk" })
    })

    it("would take a first text in one language for all of them, and is not given it", async () => {
      const desk = await create()
      await translate(desk, { description_sale: "Massif" })
      // What Odoo does with it, and why the connector refuses.
      expect(await shown(desk, "en_US")).toMatchObject({ description_sale: "Massif" })
      const other = await create()
      await withConnector(async (connector) => {
        const patch = { [FR.description]: "Massif" }
        const outcomes = await connector.write?.([change(other, { [FR.description]: null }, patch)])
        expect(outcomes).toMatchObject([{ outcome: "unsupported", field: FR.description }])
      })
      expect(await shown(other, "en_US")).toMatchObject({ description_sale: false })
    })
  },
)
