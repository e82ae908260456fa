import { Modules } from "@medusajs/framework/utils"
import { createTranslationsWorkflow, updateTranslationsWorkflow } from "@medusajs/medusa/core-flows"
import { checkSchema, emitEvents } from "../../src/catalog"
import { readEdited } from "../../src/catalog/read-edited"
import { readSchema } from "../../src/catalog/schema-fingerprint"
import { TESTED_TRANSLATIONS } from "../../src/catalog/tested-translations"
import {
  change,
  createOne,
  eventsOf,
  given,
  nativeStore,
  ORIGIN,
  rows,
  TestStore,
  whileLocked,
  write,
} from "./catalog-fixtures"

const FRENCH = "title:fr-FR"
const context = { eventGroupId: ORIGIN.group_id }

/** Translations of a store that has Medusa's module for them, by SQL and through its service. */
export const catalogTranslationTests = (store: () => TestStore): void => {
  const native = () => nativeStore(store())
  const rowsOf = (id: string) =>
    rows<{ id: string; locale: string; texts: Record<string, string>; count: number }>(
      store(),
      `select id, locale_code as locale, translations as texts, translated_field_count as count
         from translation where reference_id = ? and deleted_at is null order by locale_code`,
      [id],
    )
  /** What somebody saves in the admin. */
  const save = async (
    reference_id: string,
    translations: Record<string, string>,
  ): Promise<string> => {
    const { result } = await createTranslationsWorkflow(store().container).run({
      input: {
        translations: [{ reference_id, reference: "product", locale_code: "fr-FR", translations }],
      },
      context,
    })
    return given(result[0]).id
  }

  it("was tested with the tables of this Medusa", async () => {
    const tables = Object.keys(TESTED_TRANSLATIONS)
    expect(await readSchema(store().knex, tables)).toEqual(TESTED_TRANSLATIONS)
    expect(await checkSchema(store().knex, true)).toEqual({ known: true, differences: [] })
  })

  it.each([
    ["guarded SQL", store],
    ["Medusa's service", native],
  ])("writes each text by itself by %s, and leaves the language's others", async (_by, writer) => {
    const { product } = await createOne(store())
    const made = await write(
      writer(),
      change("product", product.id, FRENCH, null, "Chaise"),
      change("product", product.id, "title:de-DE", null, "Stuhl"),
    )
    expect(made.outcomes).toEqual([{ outcome: "written" }, { outcome: "written" }])
    expect(made.writes).toBe(2)
    const [german, french] = await rowsOf(product.id)
    await updateTranslationsWorkflow(store().container).run({
      input: {
        translations: [
          { id: given(french).id, translations: { title: "Chaise", subtitle: "La mienne" } },
        ],
      },
    })
    const changed = await write(
      writer(),
      change("product", product.id, "description:fr-FR", null, "Solide"),
      change("product", product.id, FRENCH, "Chaise", "Fauteuil"),
      change("product", product.id, "title:de-DE", "Stuhl", null),
    )
    expect(changed.outcomes.map(({ outcome }) => outcome)).toEqual(Array(3).fill("written"))
    const [emptied, filled] = await rowsOf(product.id)
    expect(emptied).toMatchObject({ id: given(german).id, count: 0 })
    expect(filled).toEqual({
      ...given(french),
      texts: { title: "Fauteuil", description: "Solide", subtitle: "La mienne" },
      count: 3,
    })
    const again = await write(writer(), change("product", product.id, FRENCH, "Fauteuil", "Banc"))
    expect(again.outcomes).toEqual([{ outcome: "written" }])
    const moved = await write(writer(), change("product", product.id, FRENCH, "Fauteuil", "X"))
    expect(moved.outcomes).toEqual([{ outcome: "moved", present: "Banc" }])
    const read = (await writer().catalog.readProducts([product.id])).get(product.id)
    expect(read?.translations).toMatchObject({ [FRENCH]: "Banc", "title:de-DE": null })
    expect(read?.title).toBe(product.title)
  })

  it("tells of them as the module and its workflows do", async () => {
    const [one, other] = [await createOne(store()), await createOne(store())]
    const core = await eventsOf(store(), () => save(one.product.id, { title: "Chaise" }))
    const ours = await eventsOf(store(), async () => {
      const { events } = await write(
        store(),
        change("product", other.product.id, FRENCH, null, "Chaise"),
      )
      await emitEvents(store().container, ORIGIN.group_id, events)
    })
    const names = (events: typeof core): string[] => events.map(({ name }) => name).sort()
    expect(names(ours)).toEqual(names(core))
    const [row] = await rowsOf(other.product.id)
    expect(ours.map(({ data, group }) => [data, group])).toEqual(
      Array(2).fill([{ id: given(row).id }, ORIGIN.group_id]),
    )
  })

  it("never waits for a row that another session holds, nor writes over it", async () => {
    const { product } = await createOne(store())
    const id = await save(product.id, { title: "Chaise" })
    const locked = await whileLocked(
      store(),
      "select from translation where id = $1 for update",
      [id],
      () =>
        write(
          store(),
          change("product", product.id, FRENCH, "Chaise", "Banc"),
          change("product", product.id, "title", product.title, "Bench"),
        ),
    )
    expect(locked.outcomes).toEqual([{ outcome: "locked" }, { outcome: "written" }])
    expect((await rowsOf(product.id))[0]?.texts).toEqual({ title: "Chaise" })
  })

  it("makes a language anew that was deleted, and counts what the settings count", async () => {
    const { product } = await createOne(store())
    const id = await save(product.id, { title: "Chaise" })
    await store().container.resolve(Modules.TRANSLATION).softDeleteTranslations([id])
    const made = await write(store(), change("product", product.id, FRENCH, null, "Banc"))
    expect(made.outcomes).toEqual([{ outcome: "written" }])
    expect(await rowsOf(product.id)).toMatchObject([{ texts: { title: "Banc" }, count: 1 }])
  })

  it("finds what was translated though no event told of it", async () => {
    const { product } = await createOne(store())
    const [before] = await rows<{ now: string }>(store(), "select clock_timestamp()::text as now")
    await save(product.id, { title: "Chaise" })
    const [after] = await rows<{ now: string }>(store(), "select clock_timestamp()::text as now")
    const window = [given(before).now, given(after).now] as const
    expect(await readEdited(store().knex, ...window)).toEqual([])
    expect(await readEdited(store().knex, ...window, [], true)).toMatchObject([
      { entity: "product", id: product.id },
    ])
  })
}
