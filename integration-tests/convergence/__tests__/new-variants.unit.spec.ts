import { VariantCreationOutcome } from "../../../src/connectors/contract"
import { createVariantsInErp } from "../../../src/engine/create-variants-in-erp"
import { reconcileProducts } from "../../../src/engine/reconcile-products"
import { ErpProduct, Stream, StreamRecords } from "../../../src/sync/canonical"
import { SyncError } from "../../../src/sync/errors"
import { erpId, MedusaId, medusaId, newKey } from "../../../src/sync/ids"
import { product, pushing, variant } from "../../../src/sync/__tests__/fixtures"
import { CONNECTION } from "../real/replay/side"
import { VariantRow } from "../store/rows"
import { aloneStore, batchOf, connectedWith, contextOf, done } from "./alone"

const RED = medusaId("variant_red")

const COLOURS = { 1: ["10", "11"] }
const chair = (): ErpProduct => product(COLOURS, [variant("21", ["1:10"]), variant("22", ["1:11"])])

/** The chair as the ERP has it once it has made the red one, as `sku`. */
const withRed = (sku: string): ErpProduct =>
  product({ 1: ["10", "11", "12"] }, [
    ...chair().variants,
    variant("23", ["1:12"], { sku, tracked: false }),
  ])

const rules = () => {
  const standing = pushing()
  return {
    ...standing,
    owners: { sku: "both" as const },
    push: { ...standing.push, create: true, create_variants: true },
  }
}

const lost: VariantCreationOutcome = {
  outcome: "failed",
  error: new SyncError({
    ...{ kind: "transient", code: "reply_lost", message: "No answer.", remedy: "" },
    outcome_unknown: true,
  }),
}

interface Erp {
  present: ErpProduct
  /** What it has under keys of ours. */
  made: Map<string, string>
  /** What it says to each new variant. */
  answer: VariantCreationOutcome
  /** How many it was asked for. */
  sent: number
}

/** A linked chair, to which the merchant has added a red one. */
const open = async () => {
  const store = aloneStore()
  const { db, ledger, clock } = store
  const erp: Erp = { present: chair(), made: new Map(), answer: lost, sent: 0 }
  const connected = connectedWith(rules(), {
    read: async <S extends Stream>() => ({
      records: [erp.present as StreamRecords[S]],
      rejected: [],
      missing: [],
    }),
    findCreated: async (keys) =>
      new Map(keys.flatMap((key) => (erp.made.has(key) ? [[key, erpId("23")] as const] : []))),
    async createVariants(creations) {
      erp.sent += creations.length
      return creations.map(() => erp.answer)
    },
  })
  const pull = async (): Promise<void> => {
    clock.advance(1_000_000)
    await reconcileProducts(contextOf(store), connected, await batchOf(store, [erp.present]), done)
  }
  await pull()
  const given = db.read((view) => view.all("products"))[0]
  if (!given) throw new Error("not made")
  const change = (id: MedusaId, changes: Partial<VariantRow>): void =>
    db.run(null, "merchant", (view) => {
      const held = view.get("variants", id)
      if (held) view.put("variants", id, { ...held, ...changes })
    })
  db.run(null, "merchant", (view) => {
    const [option] = given.options
    const [like] = view.all("variants")
    if (!option || !like) throw new Error("not made")
    const value = { id: medusaId("optval_red"), value: "Value 12" }
    const options = [{ ...option, values: [...option.values, value] }]
    view.put("products", given.id, { ...given, options })
    view.put("variants", RED, {
      ...{ ...like, id: RED, title: "Red", sku: "RED", item_id: null, manage_inventory: false },
      option_value_ids: [value.id],
    })
  })
  const look = async (): Promise<void> => {
    clock.advance(1_000_000)
    await ledger.markDirty(CONNECTION, [
      { stream: "products", erp_id: newKey(given.id), reason: "x" },
    ])
    const [key] = await ledger.claimDirty(CONNECTION, ["products"], 1, { owner: "w1", ms: 1000 })
    const [link] = await ledger.linksByErp(CONNECTION, "product", [erpId(1)])
    const medusa = (await store.catalog.readProducts([given.id])).get(given.id)
    if (!key || !link || !medusa) throw new Error("not there")
    await createVariantsInErp(contextOf(store), connected, key, link, medusa)
  }
  const linkOfRed = async () =>
    (await ledger.linksByMedusa(CONNECTION, "variant", [RED]))[0] ?? null
  const keptOf = async () =>
    Object.keys((await ledger.linksByErp(CONNECTION, "product", [erpId(1)]))[0]?.kept ?? {})
  return { store, erp, change, look, pull, linkOfRed, keptOf }
}

describe("a new variant whose reply was lost", () => {
  it.each(["looked for", "pulled"])(
    "is linked by what was announced when it is %s, whatever either side holds by then",
    async (how) => {
      const { erp, change, look, pull, linkOfRed, keptOf } = await open()
      await look()
      expect(await keptOf()).toEqual([`announced:${RED}`])
      erp.present = withRed("RED-IN-ERP")
      erp.made.set(RED, "23")
      change(RED, { sku: "RED-IN-STORE" })
      await (how === "pulled" ? pull() : look())
      expect(await linkOfRed()).toMatchObject({
        ...{ erp_id: "23", state: "linked" },
        ...(how === "pulled" ? {} : { base_erp: { sku: "RED" }, base_medusa: { sku: "RED" } }),
      })
      expect(erp.sent).toBe(1)
      await look()
      expect(await keptOf()).toEqual([])
      expect(erp.sent).toBe(1)
    },
  )

  it("is not sent again before it is certain not to arrive, and then as the store has it", async () => {
    const { store, erp, change, look, linkOfRed, keptOf } = await open()
    await look()
    change(RED, { sku: "ANOTHER" })
    await look()
    expect(erp.sent).toBe(1)
    store.clock.advance(10 * 60_000_000)
    erp.present = withRed("ANOTHER")
    erp.answer = { outcome: "created", id: erpId("23") }
    await look()
    expect(erp.sent).toBe(2)
    expect(await linkOfRed()).toMatchObject({ base_erp: { sku: "ANOTHER" } })
    expect(await keptOf()).toEqual([])
  })

  it("is not made again in the store where the merchant has deleted it meanwhile", async () => {
    const { store, erp, change, look, pull, linkOfRed, keptOf } = await open()
    await look()
    change(RED, { deleted: true })
    erp.present = withRed("RED")
    erp.made.set(RED, "23")
    await pull()
    await look()
    await pull()
    expect(await linkOfRed()).toMatchObject({ erp_id: "23", state: "tombstone" })
    const live = store.db.read((view) => view.all("variants").filter((row) => !row.deleted))
    expect(live).toHaveLength(2)
    expect(await keptOf()).toEqual([])
  })

  it("is told of at once where the ERP has answered that it was not made", async () => {
    const { erp, look, keptOf } = await open()
    erp.answer = {
      ...{ outcome: "invalid", field: "sku", value: "RED", message: "No.", remedy: "Another." },
    }
    await look()
    expect(await keptOf()).toEqual([`refused:variant:${RED}`])
  })
})
