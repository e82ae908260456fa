import { CreateCategory } from "../../src/engine/ports"
import { erpId, MedusaId } from "../../src/sync/ids"
import { eventsOf, given, ORIGIN, rows, TestStore } from "./catalog-fixtures"

export const categoryTests = (store: () => TestStore): void => {
  it("creates parents before children, whatever the order", async () => {
    const tree = categoriesOf(store(), { a: null, b: "a", c: "b", d: null })
    const outcomes = await store().catalog.createCategories(
      [tree.c, tree.d, tree.b, tree.a],
      ORIGIN,
    )
    expect(outcomes.map((outcome) => outcome.outcome)).toEqual(Array(4).fill("created"))
    expect(await pathsOf(store(), tree)).toEqual({ a: "a", b: "a.b", c: "a.b.c", d: "d" })
    const [again] = await store().catalog.createCategories([tree.c], ORIGIN)
    expect(again).toEqual({ outcome: "created", created: { id: tree.c.id, writes: 0, events: 0 } })
  })

  it("gives equal names different handles", async () => {
    const tree = categoriesOf(store(), { a: null, b: null, c: null })
    const named = [tree.a, tree.b, tree.c].map((category) => ({ ...category, name: "Стол" }))
    await store().catalog.createCategories(named, ORIGIN)
    const handles = await rows(store(), "select handle from product_category order by handle")
    expect(handles).toEqual([{ handle: "стол" }, { handle: "стол-2" }, { handle: "стол-3" }])
  })

  it("fails the children of a parent that is gone, and the others not", async () => {
    const tree = categoriesOf(store(), { a: null, b: "a", c: "b", d: null })
    await store().catalog.createCategories([tree.a], ORIGIN)
    await rows(store(), "update product_category set deleted_at = now()")
    const outcomes = await store().catalog.createCategories([tree.b, tree.c, tree.d], ORIGIN)
    expect(outcomes).toMatchObject([
      { outcome: "failed", error: { kind: "data", code: "missing_parent", field: "parent_id" } },
      { outcome: "failed", error: { code: "missing_parent" } },
      { outcome: "created" },
    ])
  })

  it("moves a subtree, to the root too, with right paths", async () => {
    const { catalog } = store()
    const tree = categoriesOf(store(), { a: null, b: "a", c: "b", d: null })
    await catalog.createCategories([tree.a, tree.b, tree.c, tree.d], ORIGIN)
    const events = await eventsOf(store(), () => catalog.moveCategory(tree.b.id, null, ORIGIN))
    expect(await pathsOf(store(), tree)).toEqual({ a: "a", b: "b", c: "b.c", d: "d" })
    expect(events.filter((event) => event.name === "product-category.updated")).toMatchObject([
      { data: { id: tree.b.id }, group: ORIGIN.group_id },
    ])
    expect(await catalog.moveCategory(tree.b.id, tree.d.id, ORIGIN)).toEqual({
      writes: 1,
      events: 1,
    })
    expect(await pathsOf(store(), tree)).toEqual({ a: "a", b: "d.b", c: "d.b.c", d: "d" })
    expect(await catalog.moveCategory(tree.b.id, tree.d.id, ORIGIN)).toEqual({
      writes: 0,
      events: 0,
    })
    expect((await catalog.readCategories([tree.c.id])).get(tree.c.id)?.parent_id).toBe(tree.b.id)
  })

  it("refuses a move that would close a cycle, or under a category that is gone", async () => {
    const { catalog } = store()
    const tree = categoriesOf(store(), { a: null, b: "a", c: "b" })
    await catalog.createCategories([tree.a, tree.b, tree.c], ORIGIN)
    await expect(catalog.moveCategory(tree.a.id, tree.c.id, ORIGIN)).rejects.toMatchObject({
      kind: "data",
      code: "category_cycle",
    })
    await expect(catalog.moveCategory(tree.a.id, tree.a.id, ORIGIN)).rejects.toMatchObject({
      code: "category_cycle",
    })
    await expect(
      catalog.moveCategory(tree.a.id, catalog.newId("category"), ORIGIN),
    ).rejects.toMatchObject({ code: "missing_parent" })
    expect(await pathsOf(store(), tree)).toEqual({ a: "a", b: "a.b", c: "a.b.c" })
  })
}

/** Categories by a letter, with the letter of the parent. */
const categoriesOf = <K extends string>(
  { catalog }: TestStore,
  tree: Record<K, string | null>,
): Record<K, CreateCategory> => {
  const ids = new Map(Object.keys(tree).map((letter) => [letter, catalog.newId("category")]))
  return Object.fromEntries(
    Object.entries<string | null>(tree).map(([letter, parent], index) => [
      letter,
      {
        id: given(ids.get(letter)),
        erp_id: erpId(index + 1),
        name: `Category ${letter}`,
        is_active: true,
        parent_id: parent === null ? null : given(ids.get(parent)),
      },
    ]),
  ) as Record<K, CreateCategory>
}

/** Paths with letters for ids. */
const pathsOf = async (
  store: TestStore,
  tree: Record<string, { id: MedusaId }>,
): Promise<Record<string, string>> => {
  const letters = new Map(Object.entries(tree).map(([letter, { id }]) => [String(id), letter]))
  const found = await rows<{ id: string; mpath: string }>(
    store,
    "select id, mpath from product_category order by id",
  )
  return Object.fromEntries(
    found.map(({ id, mpath }) => [
      letters.get(id),
      mpath
        .split(".")
        .map((part) => letters.get(part))
        .join("."),
    ]),
  )
}
