import { pullAll } from "../../src/connectors/conformance/collect"
import type { Change, WriteOutcome } from "../../src/connectors/contract"
import { createOdooConnector } from "../../src/connectors/odoo"
import { erpId } from "../../src/sync/ids"
import type { FieldValue, Values } from "../../src/sync/values"
import type { OdooSimulator, SimulatorOptions } from "../erp/odoo"
import { startOdooSimulator } from "../erp/odoo"

const only = (process.env["ERP"] ?? "odoo") === "odoo" ? describe : describe.skip

const TEMPLATE = "product.template"
const THREE = { "fr-FR": "fr_FR", "de-DE": "de_DE" }

/** Texts in further languages, on each Odoo, and over XML-RPC besides. */
only.each([
  [17, "auto"],
  [18, "auto"],
  [19, "auto"],
  [17, "xmlrpc"],
] as const)("languages of Odoo %i over %s", (version, protocol) => {
  let odoo: OdooSimulator
  const opened: { close(): Promise<void> }[] = []

  const start = async (options: Partial<SimulatorOptions> = {}) => {
    odoo = await startOdooSimulator({ version, empty: true, ...options })
  }
  beforeEach(() => start())
  afterEach(async () => {
    for (const { close } of opened.splice(0)) await close()
    await odoo.close()
  })

  const connect = (languages: Record<string, string> = THREE, settings: object = {}) => {
    const { bot } = odoo.accounts
    const connector = createOdooConnector({
      connection_id: "odoo",
      credentials: {
        ...{ url: odoo.url, database: odoo.database, login: bot.login },
        ...(version === 19 ? { api_key: bot.apiKey } : { password: bot.password }),
      },
      settings: { protocol, ...settings },
      languages,
      http: { per_second: 10_000, max_attempts: 1 },
      log: () => {},
    })
    opened.push(connector)
    return connector
  }
  const create = (vals: object = {}) => odoo.world.create(TEMPLATE, { name: "Desk", ...vals })
  const translate = (id: number, lang: string, vals: Record<string, string>) =>
    odoo.world.write(TEMPLATE, id, vals, { lang })
  const stored = (id: number, field = "name") => odoo.world.row(TEMPLATE, id)?.[field]
  const switchLanguage = (code: string, active: boolean) =>
    odoo.world.write("res.lang", odoo.world.search("res.lang", [["code", "=", code]], NOT_HIDDEN), {
      active,
    })
  const NOT_HIDDEN = { active_test: false }
  const textsOf = async (connector: ReturnType<typeof connect>, id: number) =>
    (await connector.read("products", [erpId(id)])).records[0]?.translations
  const change = (id: number, expected: Values, patch: Values): Change => ({
    ...{ entity: "product", id: erpId(id), product_id: null, expected_version: null },
    ...{ expected, patch, weight_unit: "kg" },
  })
  const write = (
    connector: ReturnType<typeof connect>,
    ...changes: Change[]
  ): Promise<WriteOutcome[]> => connector.write?.(changes) ?? Promise.resolve([])

  describe("reading", () => {
    it("tells each language's own texts, and null where Odoo shows another language's", async () => {
      const desk = create({ description_sale: "Solid" })
      translate(desk, "fr_FR", { name: "Bureau", description_sale: "Massif" })
      translate(desk, "de_DE", { name: "Tisch" })
      const plain = create({ name: "Plain" })
      const { records } = await pullAll(connect(), "products", null)
      const [first, second] = [desk, plain].map((id) =>
        records.find((record) => record.id === String(id)),
      )
      expect(first?.title).toBe("Desk")
      expect(first?.translations).toEqual({
        "fr-FR": { title: "Bureau", description: "Massif" },
        "de-DE": { title: "Tisch", description: null },
      })
      const none = { title: null, description: null }
      expect(second?.translations).toEqual({ "fr-FR": none, "de-DE": none })
    })

    it("costs one read for each further language and page, whatever the catalog holds", async () => {
      for (let count = 0; count < 25; count += 1) {
        translate(create({ name: `Desk ${count}` }), "fr_FR", { name: `Bureau ${count}` })
      }
      const plain = connect({}, { page_size: 10 })
      await pullAll(plain, "products", null)
      const pages = odoo.requests.count("product.template.web_search_read")
      const without = plain.requests
      odoo.requests.reset()
      const spoken = connect(THREE, { page_size: 10 })
      const { records } = await pullAll(spoken, "products", null)
      expect(records).toHaveLength(25)
      expect(odoo.requests.count("product.template.web_search_read")).toBe(pages)
      expect(odoo.requests.count("product.template.read")).toBe(2 * 3)
      // German is in none of the pages: only Odoo 17 would pass it over without a word if it were off.
      const doubts = version === 17 ? 3 : 0
      expect(odoo.requests.count("res.lang.search_read")).toBe(1 + doubts)
      expect(spoken.requests - without).toBe(2 * 3 + 1 + doubts)
    })

    it("asks for English too where the products' own language is another", async () => {
      const desk = create()
      translate(desk, "de_DE", { name: "Tisch" })
      translate(desk, "fr_FR", { name: "Bureau" })
      const plain = create({ name: "Plain" })
      translate(plain, "de_DE", { name: "Schlicht" })
      const german = connect({ "fr-FR": "fr_FR", "de-AT": "de_DE" }, { language: "de_DE" })
      const { records } = await pullAll(german, "products", null)
      expect(records.map(({ title }) => title)).toEqual(["Tisch", "Schlicht"])
      const none = { title: null, description: null }
      expect(records.map(({ translations }) => translations)).toEqual([
        { "fr-FR": { title: "Bureau", description: null }, "de-AT": none },
        // French falls back to English, which is no French text.
        { "fr-FR": none, "de-AT": none },
      ])
      expect(odoo.requests.count("product.template.read")).toBe(2)
    })

    it("notices a translation that changed, and one that was taken away", async () => {
      const desk = create()
      const connector = connect({ "fr-FR": "fr_FR" })
      const { cursor } = await pullAll(connector, "products", null)
      translate(desk, "fr_FR", { name: "Bureau" })
      const changed = await pullAll(connector, "products", cursor)
      expect(changed.records[0]?.translations?.["fr-FR"]?.title).toBe("Bureau")
      odoo.world.call(TEMPLATE, "update_field_translations", {
        ...{ ids: [desk], field_name: "name", translations: { fr_FR: false } },
      })
      const gone = await pullAll(connector, "products", changed.cursor)
      expect(gone.records[0]?.translations?.["fr-FR"]?.title).toBeNull()
    })

    it("says nothing of a language that is not active, and names it in the check", async () => {
      const desk = create()
      const connector = connect({ "fr-FR": "fr_FR", "es-ES": "es_ES", "xx-XX": "xx_XX" })
      expect(await textsOf(connector, desk)).toEqual({
        "fr-FR": { title: null, description: null },
      })
      const check = await connector.check()
      expect(check.ok).toBe(true)
      expect(check.items.find(({ code }) => code === "languages")).toMatchObject({
        ok: false,
        message:
          "Texts are left out: Odoo has no language xx_XX; language es_ES is not active in Odoo.",
        remedy: expect.stringContaining("languages") as string,
      })
      switchLanguage("es_ES", true)
      const sound = connect({ "es-ES": "es_ES" })
      const item = (await sound.check()).items.find(({ code }) => code === "languages")
      expect(item).toMatchObject({ ok: true, message: "Texts are read in es_ES too." })
    })

    it("never takes a language that is turned off meanwhile for one without texts", async () => {
      const desk = create()
      translate(desk, "fr_FR", { name: "Bureau" })
      const connector = connect({ "fr-FR": "fr_FR" })
      odoo.faults.add({
        kind: "mutate",
        match: "res.lang.search_read",
        change: (result) => {
          switchLanguage("fr_FR", false)
          return result
        },
      })
      const read = connector.read("products", [erpId(desk)])
      if (version >= 18) await expect(read).rejects.toMatchObject({ name: "SyncError" })
      else expect((await read).records[0]).not.toHaveProperty("translations")
      expect(await textsOf(connector, desk)).toEqual({})
    })

    it("leaves the languages out of a product that changed between two reads", async () => {
      odoo.world.clock = () => Date.now() * 1000 - 60_000_000
      const desk = create()
      translate(desk, "fr_FR", { name: "Bureau" })
      const connector = connect({ "fr-FR": "fr_FR" })
      odoo.faults.add({
        kind: "mutate",
        match: "product.template.web_search_read",
        change: (result) => {
          odoo.world.clock = () => Date.now() * 1000
          odoo.world.write(TEMPLATE, desk, { name: "Table" })
          return result
        },
      })
      const { records } = await connector.read("products", [erpId(desk)])
      expect(records[0]).toMatchObject({ title: "Desk" })
      expect(records[0]).not.toHaveProperty("translations")
    })
  })

  describe("writing", () => {
    const FR = { title: "title:fr-FR", description: "description:fr-FR" }

    it("writes texts of each language beside the product's own, and tells what Odoo holds", async () => {
      const desk = create({ description_sale: "Solid" })
      const connector = connect()
      const patch = { title: "Table", [FR.title]: "Bureau", "title:de-DE": "Tisch" }
      const expected = { title: "Desk", [FR.title]: null, "title:de-DE": null }
      expect(await write(connector, change(desk, expected, patch))).toMatchObject([
        { outcome: "written", holds: patch },
      ])
      expect(stored(desk)).toEqual({ en_US: "Table", fr_FR: "Bureau", de_DE: "Tisch" })
      const stamp = odoo.world.row(TEMPLATE, desk)?.["write_date"]
      expect(await write(connector, change(desk, expected, patch))).toMatchObject([
        { outcome: "written", holds: patch },
      ])
      expect(odoo.world.row(TEMPLATE, desk)?.["write_date"]).toBe(stamp)
    })

    it("takes one language away and keeps the others, also where the text is the source's", async () => {
      const desk = create({ description_sale: "Solid" })
      translate(desk, "fr_FR", { name: "Bureau", description_sale: "Massif" })
      translate(desk, "de_DE", { name: "Tisch", description_sale: "Stark" })
      const connector = connect()
      const [outcome] = await write(
        connector,
        change(
          desk,
          { [FR.title]: "Bureau", [FR.description]: "Massif" },
          { [FR.title]: "Desk", [FR.description]: null },
        ),
      )
      expect(outcome).toMatchObject({
        outcome: "written",
        holds: { [FR.title]: null, [FR.description]: null },
      })
      expect(stored(desk)).toEqual({ en_US: "Desk", de_DE: "Tisch" })
      expect(stored(desk, "description_sale")).toEqual({ en_US: "Solid", de_DE: "Stark" })
      expect((await textsOf(connector, desk))?.["de-DE"]).toEqual({
        title: "Tisch",
        description: "Stark",
      })
    })

    it("refuses a text that somebody changed in Odoo meanwhile", async () => {
      const desk = create()
      translate(desk, "fr_FR", { name: "Pupitre" })
      const outcomes = await write(
        connect(),
        change(desk, { [FR.title]: null }, { [FR.title]: "Bureau" }),
      )
      expect(outcomes).toEqual([{ outcome: "refused", reason: "newer_version" }])
      expect(stored(desk)).toEqual({ en_US: "Desk", fr_FR: "Pupitre" })
    })

    it("never writes in a language that is not active, nor clears one", async () => {
      const desk = create()
      const connector = connect({ "es-ES": "es_ES" })
      for (const value of ["Mesa", null] as FieldValue[]) {
        const [outcome] = await write(
          connector,
          change(desk, { "title:es-ES": null }, { "title:es-ES": value }),
        )
        expect(outcome).toMatchObject({
          ...{ outcome: "unsupported", field: "title:es-ES" },
          message: "Language es_ES is not active in Odoo.",
        })
      }
      expect(stored(desk)).toBe("Desk")
      expect(odoo.requests.count(/web_save|update_field/)).toBe(0)
    })

    it("makes no translation the text of all languages", async () => {
      const desk = create()
      const patch = { [FR.description]: "Massif" }
      const connector = connect()
      const [outcome] = await write(connector, change(desk, { [FR.description]: null }, patch))
      expect(outcome).toMatchObject({ outcome: "unsupported", field: FR.description })
      expect(stored(desk, "description_sale")).toBe(false)
      const both = { description: "Solid", ...patch }
      const first = { description: null, [FR.description]: null }
      expect(await write(connector, change(desk, first, both))).toMatchObject([
        { outcome: "written", holds: both },
      ])
      expect(stored(desk, "description_sale")).toEqual({ en_US: "Solid", fr_FR: "Massif" })
    })

    it("refuses a locale whose language is the products' own", async () => {
      const desk = create()
      const [outcome] = await write(
        connect({ "en-GB": "en_US" }),
        change(desk, { "title:en-GB": null }, { "title:en-GB": "Bureau desk" }),
      )
      expect(outcome).toMatchObject({ outcome: "unsupported", field: "title:en-GB" })
      expect(stored(desk)).toBe("Desk")
    })

    it("takes one read and one save for each language of many products", async () => {
      const desks = Array.from({ length: 10 }, () => create())
      const connector = connect({ "fr-FR": "fr_FR" })
      await write(connector, change(create(), { [FR.title]: null }, { [FR.title]: "Bureau" }))
      const before = connector.requests
      const outcomes = await write(
        connector,
        ...desks.map((id, at) => change(id, { [FR.title]: null }, { [FR.title]: `Bureau ${at}` })),
      )
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array(10).fill("written"))
      // The products, their French, whether French is active; then the save.
      expect(connector.requests - before).toBe(3 + (version === 19 ? 1 : 10))
    })

    it("says that the outcome is unknown where a language did not arrive after the rest", async () => {
      const desk = create()
      const connector = connect({ "fr-FR": "fr_FR" })
      odoo.faults.add({ kind: "reset", match: /web_save/, after: 1 })
      const patch = { title: "Table", [FR.title]: "Bureau" }
      const expected = { title: "Desk", [FR.title]: null }
      const [outcome] = await write(connector, change(desk, expected, patch))
      expect(outcome).toMatchObject({ outcome: "failed", error: { outcome_unknown: true } })
      expect(await write(connector, change(desk, expected, patch))).toMatchObject([
        { outcome: "written", holds: patch },
      ])
    })
  })
})
