import { Modules } from "@medusajs/framework/utils"
import {
  createTranslationsWorkflow,
  deleteTranslationsWorkflow,
  updateTranslationsWorkflow,
} from "@medusajs/medusa/core-flows"
import { ConnectionOptions } from "../../src/modules/erp/options"
import { JsonObject } from "../erp/odoo"
import { given, rows } from "./catalog-fixtures"
import { beforeNextWrite, editProduct } from "./sync-merchant"
import { expectQuiet, openOf, openPushing, template } from "./sync-push"
import { journalOf, productOf } from "./sync-readings"
import { makeProduct } from "./sync-shop"
import { CONNECTION, eventually, OpenStage, runWell, settle, Stage } from "./sync-stage"

const FRENCH = { locale: "fr-FR", erp: "fr_FR" }
const GERMAN = { locale: "de-DE", erp: "de_DE" }
const SPANISH = { locale: "es-ES", erp: "es_ES" }
const BOTH: Partial<ConnectionOptions> = { languages: [FRENCH, GERMAN] }

const translate = ({ world }: Stage, id: number, lang: string, vals: JsonObject): void =>
  world.write("product.template", id, vals, { lang })

/** A language's text falls back again, as in Odoo's dialogue for translations. */
const untranslate = ({ world }: Stage, id: number, field: string, code: string): unknown =>
  world.call("product.template", "update_field_translations", {
    ...{ ids: [id], field_name: field, translations: { [code]: false } },
  })

interface Row {
  id: string
  locale: string
  texts: Record<string, string>
  count: number
}

const translationsOf = async (stage: Stage, id: number): Promise<Row[]> => {
  const product = await productOf(stage, id)
  return rows<Row>(
    stage,
    `select id, locale_code as locale, translations as texts, translated_field_count as count
       from translation where reference = 'product' and reference_id = ? and deleted_at is null
      order by locale_code`,
    [product.id],
  )
}

/** What stands in the store, without ids. */
const textsOf = async (stage: Stage, id: number): Promise<Record<string, object>> =>
  Object.fromEntries((await translationsOf(stage, id)).map(({ locale, texts }) => [locale, texts]))

/** What the admin's page of translations saves. */
const translateInStore = async (
  stage: Stage,
  id: number,
  locale_code: string,
  translations: Record<string, string>,
): Promise<void> => {
  const row = (await translationsOf(stage, id)).find(({ locale }) => locale === locale_code)
  const { id: reference_id } = await productOf(stage, id)
  if (row) {
    await updateTranslationsWorkflow(stage.container).run({
      input: { translations: [{ id: row.id, translations: { ...row.texts, ...translations } }] },
    })
    return
  }
  await createTranslationsWorkflow(stage.container).run({
    input: { translations: [{ reference_id, reference: "product", locale_code, translations }] },
  })
}

const problemsOf = async (stage: Stage) =>
  ((await stage.sync.connection(CONNECTION))?.checks ?? []).filter(({ ok }) => !ok)

export const languageTests = (open: OpenStage): void => {
  it("brings what each language says of its own, follows it, and writes nothing twice", async () => {
    const stage = await open({ options: BOTH })
    const id = makeProduct(stage, { name: "Desk", description_sale: "Solid" })
    translate(stage, id, "fr_FR", { name: "Bureau", description_sale: "Massif" })
    translate(stage, id, "de_DE", { name: "Tisch" })
    const plain = makeProduct(stage, { name: "Plain" })
    await runWell(stage, "full")
    expect(await translationsOf(stage, id)).toMatchObject([
      { locale: "de-DE", texts: { title: "Tisch" }, count: 1 },
      { locale: "fr-FR", texts: { title: "Bureau", description: "Massif" }, count: 2 },
    ])
    // What falls back in Odoo falls back in the store.
    expect(await textsOf(stage, plain)).toEqual({})
    await expectQuiet(stage)

    translate(stage, id, "fr_FR", { name: "Pupitre" })
    untranslate(stage, id, "name", "de_DE")
    translate(stage, plain, "de_DE", { name: "Schlicht" })
    const changed = await runWell(stage, "delta")
    expect(changed.counters).toMatchObject({ writes: 3 })
    expect(await textsOf(stage, id)).toEqual({
      "de-DE": {},
      "fr-FR": { title: "Pupitre", description: "Massif" },
    })
    expect(await textsOf(stage, plain)).toEqual({ "de-DE": { title: "Schlicht" } })
    expect(await journalOf(stage, "product", id, "title:fr-FR")).toMatchObject([
      { from: null, to: "Bureau" },
      { from: "Bureau", to: "Pupitre", rule: "erp_changed" },
    ])
    await expectQuiet(stage)
    expect((await productOf(stage, id)).title).toBe("Desk")
  })

  it("shows them to who asks the store in that language", async () => {
    const stage = await open({ options: BOTH })
    const id = makeProduct(stage, { name: "Desk" })
    translate(stage, id, "fr_FR", { name: "Bureau" })
    await runWell(stage, "full")
    const product = await productOf(stage, id)
    const service = stage.container.resolve(Modules.TRANSLATION)
    expect(
      await service.listTranslations({ reference_id: product.id, locale_code: "fr-FR" }),
    ).toMatchObject([{ reference: "product", translations: { title: "Bureau" } }])
  })

  it("carries an edit of a translation into that language alone, and hears no echo", async () => {
    const stage = await openPushing(open, BOTH)
    const id = makeProduct(stage, { name: "Desk", description_sale: "Solid" })
    translate(stage, id, "de_DE", { name: "Tisch" })
    await runWell(stage, "full")
    await translateInStore(stage, id, "fr-FR", { title: "Bureau", description: "Massif" })
    await translateInStore(stage, id, "de-DE", { title: "Schreibtisch" })
    await eventually(async () => {
      await settle(stage)
      expect(template(stage, id)).toMatchObject({
        name: { en_US: "Desk", fr_FR: "Bureau", de_DE: "Schreibtisch" },
        description_sale: { en_US: "Solid", fr_FR: "Massif" },
      })
    })
    expect(await journalOf(stage, "product", id, "title:de-DE")).toMatchObject([
      { from: null, to: "Tisch" },
      { from: "Tisch", to: "Schreibtisch", rule: "medusa_changed" },
    ])
    await expectQuiet(stage)
    expect(await openOf(stage)).toEqual([])
  })

  it("takes a translation away in Odoo that was deleted in the store, and keeps the others", async () => {
    const stage = await openPushing(open, BOTH)
    const id = makeProduct(stage, { name: "Desk", description_sale: "Solid" })
    translate(stage, id, "fr_FR", { name: "Bureau", description_sale: "Massif" })
    translate(stage, id, "de_DE", { name: "Tisch" })
    await runWell(stage, "full")
    // A quarter of an hour later it is no form's stale return any more.
    await rows(stage, "update erp_link set replaced = '{}'")
    const french = given((await translationsOf(stage, id)).find((row) => row.locale === "fr-FR"))
    await deleteTranslationsWorkflow(stage.container).run({ input: { ids: [french.id] } })
    await eventually(async () => {
      await settle(stage)
      expect(template(stage, id)).toMatchObject({
        name: { en_US: "Desk", de_DE: "Tisch" },
        description_sale: "Solid",
      })
    })
    await expectQuiet(stage)
    translate(stage, id, "fr_FR", { name: "Pupitre" })
    await runWell(stage, "delta")
    expect(await textsOf(stage, id)).toEqual({
      "de-DE": { title: "Tisch" },
      "fr-FR": { title: "Pupitre" },
    })
  })

  it("merges edits of different languages, and journals the loser of one that both changed", async () => {
    const stage = await openPushing(open, BOTH)
    const id = makeProduct(stage, { name: "Desk" })
    translate(stage, id, "fr_FR", { name: "Bureau" })
    await runWell(stage, "full")
    stage.runtime.wake = () => undefined
    await translateInStore(stage, id, "fr-FR", { title: "Mine" })
    await translateInStore(stage, id, "de-DE", { title: "Tisch" })
    await editProduct(stage, id, { title: "Table" })
    translate(stage, id, "fr_FR", { name: "Theirs" })
    await runWell(stage, "delta")
    await settle(stage)
    expect(template(stage, id)).toMatchObject({
      name: { en_US: "Table", fr_FR: "Theirs", de_DE: "Tisch" },
    })
    expect(await textsOf(stage, id)).toMatchObject({
      "fr-FR": { title: "Theirs" },
      "de-DE": { title: "Tisch" },
    })
    const lost = (await journalOf(stage, "product", id, "title:fr-FR")).at(-1)
    expect(lost).toMatchObject({ kind: "superseded", from: "Mine", to: "Theirs" })
    await expectQuiet(stage)
  })

  it("gives back a former translation from the journal, as an edit of the store's", async () => {
    const stage = await openPushing(open, BOTH)
    const id = makeProduct(stage, { name: "Desk" })
    translate(stage, id, "fr_FR", { name: "Bureau" })
    await runWell(stage, "full")
    translate(stage, id, "fr_FR", { name: "Pupitre" })
    await runWell(stage, "delta")
    const [entry] = await rows<{ id: string }>(
      stage,
      "select id from erp_journal where field = 'title:fr-FR' and to_value = '\"Pupitre\"'",
    )
    const restored = await stage.sync.restore(given(entry).id)
    expect(restored).toMatchObject({ restored: true, value: "Bureau", replaced: "Pupitre" })
    await eventually(async () => {
      await settle(stage)
      expect(template(stage, id)).toMatchObject({ name: { fr_FR: "Bureau" } })
    })
  })

  it("holds who owns the title for all its languages, unless one is said to be another's", async () => {
    const stage = await openPushing(open, {
      ...BOTH,
      owners: { title: "erp", "title:de-DE": "medusa" },
    })
    const id = makeProduct(stage, { name: "Desk" })
    translate(stage, id, "fr_FR", { name: "Bureau" })
    await runWell(stage, "full")
    await translateInStore(stage, id, "fr-FR", { title: "Mine" })
    await translateInStore(stage, id, "de-DE", { title: "Tisch" })
    await eventually(async () => {
      await settle(stage)
      expect(await textsOf(stage, id)).toMatchObject({
        "fr-FR": { title: "Bureau" },
        "de-DE": { title: "Tisch" },
      })
      expect(template(stage, id)).toMatchObject({
        name: { en_US: "Desk", fr_FR: "Bureau", de_DE: "Tisch" },
      })
    })
    translate(stage, id, "de_DE", { name: "Theirs" })
    await runWell(stage, "delta")
    expect(await openOf(stage)).toEqual([
      { field: "title:de-DE", kind: "drift", reason: "owner_medusa" },
    ])
    expect(await textsOf(stage, id)).toMatchObject({ "de-DE": { title: "Tisch" } })
  })

  it("writes nothing in a language that Odoo does not use, and lets its edits go once it does", async () => {
    const stage = await openPushing(open, { languages: [FRENCH, SPANISH] })
    const id = makeProduct(stage, { name: "Desk" })
    await runWell(stage, "full")
    await stage.sync.check(CONNECTION)
    expect(await problemsOf(stage)).toMatchObject([
      {
        code: "languages",
        message: "Texts are left out: language es_ES is not active in Odoo.",
        remedy: "Activate it in Odoo under Settings, Languages.",
      },
    ])
    await translateInStore(stage, id, "es-ES", { title: "Mesa" })
    await eventually(async () => {
      await settle(stage)
      expect(await openOf(stage)).toEqual([
        { field: "title:es-ES", kind: "pending", reason: "unsupported" },
      ])
    })
    expect(template(stage, id)["name"]).toBe("Desk")
    const languages = stage.world.search("res.lang", [["code", "=", "es_ES"]], {
      active_test: false,
    })
    stage.world.write("res.lang", languages, { active: true })
    await runWell(stage, "full")
    await settle(stage)
    expect(template(stage, id)["name"]).toEqual({ en_US: "Desk", es_ES: "Mesa" })
    expect(await openOf(stage)).toEqual([])
    // Turned off again, it is no language of which all texts are gone.
    stage.world.write("res.lang", languages, { active: false })
    stage.world.write("product.template", id, { name: "Table" })
    await runWell(stage, "full")
    expect(await textsOf(stage, id)).toEqual({ "es-ES": { title: "Mesa" } })
    expect(await openOf(stage)).toEqual([])
  })

  it("names a locale that the store does not have, and goes on with the others", async () => {
    const stage = await open({
      options: { languages: [{ locale: "it-IT", erp: "de_DE" }, FRENCH] },
    })
    const id = makeProduct(stage, { name: "Desk" })
    translate(stage, id, "fr_FR", { name: "Bureau" })
    translate(stage, id, "de_DE", { name: "Tisch" })
    await runWell(stage, "full")
    expect(await problemsOf(stage)).toMatchObject([
      { code: "unknown_locale", remedy: expect.stringContaining("it-IT") },
    ])
    expect(await textsOf(stage, id)).toEqual({ "fr-FR": { title: "Bureau" } })
  })

  it("fills the languages of products that were linked before any was mapped", async () => {
    const stage = await openPushing(open)
    const id = makeProduct(stage, { name: "Desk" })
    translate(stage, id, "fr_FR", { name: "Bureau" })
    await runWell(stage, "full")
    expect(await textsOf(stage, id)).toEqual({})
    await translateInStore(stage, id, "de-DE", { title: "Tisch" })
    await runWell(stage, "full")
    expect(template(stage, id)["name"]).toEqual({ en_US: "Desk", fr_FR: "Bureau" })
    await stage.runtime.connections.close()
    Object.assign(stage.options, BOTH)
    await runWell(stage, "full")
    await settle(stage)
    expect(await textsOf(stage, id)).toEqual({
      "fr-FR": { title: "Bureau" },
      "de-DE": { title: "Tisch" },
    })
    expect(template(stage, id)["name"]).toEqual({
      ...{ en_US: "Desk", fr_FR: "Bureau", de_DE: "Tisch" },
    })
    await expectQuiet(stage)
  })

  it("never overwrites a translation that was saved between the look and the write", async () => {
    const stage = await openPushing(open, { ...BOTH, conflicts: "medusa" })
    const id = makeProduct(stage, { name: "Desk" })
    await runWell(stage, "full")
    translate(stage, id, "fr_FR", { name: "Theirs" })
    const met = beforeNextWrite(stage, () =>
      translateInStore(stage, id, "fr-FR", { title: "Mine" }),
    )
    await runWell(stage, "delta")
    await settle(stage)
    expect(met()).toBe(true)
    expect(await textsOf(stage, id)).toEqual({ "fr-FR": { title: "Mine" } })
    expect(template(stage, id)["name"]).toEqual({ en_US: "Desk", fr_FR: "Mine" })
  })
}
