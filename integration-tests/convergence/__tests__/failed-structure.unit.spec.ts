import { reconcileProducts } from "../../../src/engine/reconcile-products"
import { ErpProduct } from "../../../src/sync/canonical"
import { SyncError } from "../../../src/sync/errors"
import { product, rules, variant } from "../../../src/sync/__tests__/fixtures"
import { aloneStore, AloneStore, batchOf, connectedWith, contextOf, done } from "./alone"

/** A chair in two colours. */
const chair = (changes: Partial<ErpProduct> = {}): ErpProduct =>
  product({ 1: ["10", "11"] }, [variant("21", ["1:10"]), variant("22", ["1:11"])], changes)

/** The same, its option renamed. */
const renamed = (title: string): ErpProduct => {
  const plain = chair()
  return { ...plain, options: plain.options.map((option) => ({ ...option, title })) }
}

const refused = new SyncError({
  kind: "data",
  code: "refused_by_store",
  message: "It will not have it.",
  remedy: "Change it.",
})

const look = async (store: AloneStore, erp: ErpProduct, refuses = false): Promise<void> => {
  const applyStructure = refuses ? () => Promise.reject(refused) : store.catalog.applyStructure
  const context = contextOf(store, { catalog: { applyStructure } })
  store.clock.advance(60_000_000)
  await reconcileProducts(context, connectedWith(rules()), await batchOf(store, [erp]), done)
}

const linesOf = ({ db }: AloneStore) =>
  db
    .read((view) => view.all("journal"))
    .filter(({ kind }) => kind === "structure")
    .map(({ from, to }) => [from, to])

const parkedOf = ({ db }: AloneStore) =>
  db.read((view) => view.all("parked")).map(({ reason }) => reason)

describe("a change of structure that the store refuses", () => {
  it("is journaled once, however often it is looked at, and stands parked", async () => {
    const store = aloneStore()
    await look(store, chair())
    for (let looks = 0; looks < 3; looks += 1) {
      await look(store, renamed("Colour"), true)
    }
    expect(linesOf(store)).toEqual([["Option 1", "Colour"]])
    expect(parkedOf(store)).toEqual(["refused_by_store"])
  })

  it("is journaled again when it is another one", async () => {
    const store = aloneStore()
    await look(store, chair())
    for (const title of ["Colour", "Colour", "Shade", "Shade", "Colour"]) {
      await look(store, renamed(title), true)
    }
    expect(linesOf(store).map(([, to]) => to)).toEqual(["Colour", "Shade", "Colour"])
  })

  it("is journaled again when it had been done, or given up, in between", async () => {
    const store = aloneStore()
    await look(store, chair())
    await look(store, renamed("Colour"), true)
    await look(store, chair())
    await look(store, renamed("Colour"), true)
    await look(store, renamed("Colour"))
    expect(parkedOf(store)).toEqual([])
    await look(store, chair())
    await look(store, renamed("Colour"), true)
    expect(linesOf(store)).toEqual([
      ["Option 1", "Colour"],
      ["Option 1", "Colour"],
      ["Colour", "Option 1"],
      ["Option 1", "Colour"],
    ])
  })
})
