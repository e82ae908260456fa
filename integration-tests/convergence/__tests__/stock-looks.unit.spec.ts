import { pushStock } from "../../../src/engine/push-stock"
import { ErpVariantStock } from "../../../src/sync/canonical"
import { erpId, medusaId } from "../../../src/sync/ids"
import { Difference, Intent, Link } from "../../../src/sync/values"
import { rules } from "../../../src/sync/__tests__/fixtures"
import { CONNECTION } from "../real/replay/side"
import { aloneStore, batchOf, connectedWith, contextOf, done } from "./alone"

const FIELD = "stock:sloc_1"

/** One counted variant: the store holds twelve of it. */
const open = async () => {
  const store = aloneStore()
  const { db, ledger } = store
  db.run(null, "set up", (view) => {
    view.put("variants", "variant_1", {
      id: medusaId("variant_1"),
      product_id: medusaId("prod_1"),
      deleted: false,
      title: "Chair",
      sku: "CHAIR",
      barcode: null,
      weight: null,
      manage_inventory: true,
      allow_backorder: false,
      option_value_ids: [],
      item_id: medusaId("iitem_1"),
      former_item_id: null,
      prices: null,
    })
    view.put("items", "iitem_1", { id: medusaId("iitem_1"), sku: "CHAIR" })
    view.put("levels", "iitem_1/sloc_1", {
      id: medusaId("ilev_1"),
      item_id: medusaId("iitem_1"),
      location_id: medusaId("sloc_1"),
      stocked: 12,
      reserved: 0,
    })
  })
  await ledger.transaction((tx) =>
    ledger.insertLinks(tx, CONNECTION, [
      {
        entity: "variant",
        erp_id: erpId(5),
        parent_erp_id: erpId(1),
        medusa_id: medusaId("variant_1"),
        state: "linked",
        fingerprint: "f1",
        match_key: null,
        base_erp: {},
        base_medusa: {},
      },
    ]),
  )
  const link = async (): Promise<Link> => {
    const [found] = await ledger.linksByErp(CONNECTION, "variant", [erpId(5)])
    if (!found) throw new Error("not linked")
    return found
  }
  const patch = async (intents?: Record<string, Intent>): Promise<void> => {
    const { id, stock_seq } = await link()
    await ledger.transaction((tx) =>
      ledger.patchLinks(tx, [
        { id, expected: { lane: "stock", seq: stock_seq }, base_erp: { [FIELD]: "9" }, intents },
      ]),
    )
  }
  const say = async (message: string): Promise<void> => {
    const { id } = await link()
    const pending: Difference = {
      ...{ link_id: id, field: FIELD, kind: "pending", reason: "push_off", message },
      ...{ erp: "9", medusa: "12" },
    }
    await ledger.transaction((tx) =>
      ledger.saveDifferences(tx, CONNECTION, [{ link_id: id, fields: [FIELD] }], [pending]),
    )
  }
  return { ...store, patch, say }
}

type Store = Awaited<ReturnType<typeof open>>

/** A look at the ERP's figure; `meanwhile` happens between what it reads in the store and what it stores. */
const look = async (
  store: Store,
  onHand: string,
  given: { read_seq?: number; meanwhile?: () => Promise<void> } = {},
): Promise<void> => {
  const context = contextOf(store, {
    catalog: {
      async readLevels(pairs) {
        const levels = await store.catalog.readLevels(pairs)
        await given.meanwhile?.()
        return levels
      },
    },
  })
  const standing = rules({ owners: { stock: "medusa" } })
  const connected = connectedWith({ ...standing, push: { ...standing.push, stock: true } })
  const record: ErpVariantStock = {
    ...{ id: erpId(5), product_id: erpId(1), version: null, tracked: true },
    levels: [{ warehouse: "WH", on_hand: onHand, available: onHand }],
  }
  const batch = await batchOf(store, [record])
  const read_seq = given.read_seq ?? batch.read_seq
  await pushStock(context, connected, { ...batch, read_seq }, done)
}

const openOf = ({ db }: Store) => db.read((view) => view.all("differences"))
const dirtyOf = ({ db }: Store) =>
  db.read((view) => view.all("dirty")).map(({ erp_id, reason }) => [erp_id, reason])

describe("what stands open of a count", () => {
  it("is what the look found, and nothing once the sides agree", async () => {
    const store = await open()
    await look(store, "7")
    expect(openOf(store)).toMatchObject([{ field: FIELD, reason: "push_off", erp: "7" }])
    await look(store, "12")
    expect(openOf(store)).toEqual([])
    expect(dirtyOf(store)).toEqual([])
  })

  it("stays as a newer look has said, which overtook this one", async () => {
    const store = await open()
    const meanwhile = async (): Promise<void> => {
      await store.patch()
      await store.say("newer")
    }
    await look(store, "12", { meanwhile })
    expect(openOf(store)).toMatchObject([{ message: "newer" }])
    expect(dirtyOf(store)).toEqual([["5", "moved"]])
  })

  it("stays where the figure was read before the link last changed", async () => {
    const store = await open()
    const read_seq = await store.ledger.nextSeq()
    await store.patch()
    await store.say("newer")
    await look(store, "12", { read_seq })
    expect(openOf(store)).toMatchObject([{ message: "newer" }])
    expect(dirtyOf(store)).toEqual([["5", "moved"]])
  })

  it("stays while a count is under way", async () => {
    const store = await open()
    await store.patch({
      [FIELD]: {
        ...{ source: "medusa", source_value: "12", target_value: "12", replaced_value: "7" },
        ...{ target_version: null, at: store.clock.iso() },
        until: store.clock.iso(store.clock.micros + 60_000_000),
      },
    })
    await store.say("before")
    await look(store, "7")
    expect(openOf(store)).toMatchObject([{ message: "before" }])
    expect(dirtyOf(store)).toEqual([["5", "under_way"]])
  })
})
