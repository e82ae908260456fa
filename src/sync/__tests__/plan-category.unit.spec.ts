import { erpId, medusaId } from "../ids"
import { CategoryContext, planCategory } from "../plan-category"
import { Link } from "../values"
import { link, NOW, pushing, rules } from "./fixtures"

const linked = (changes: Partial<Link> = {}): Link =>
  link({
    entity: "category",
    erp_id: erpId("2"),
    medusa_id: medusaId("pcat_2"),
    base_erp: { name: "Chairs", parent: "1" },
    base_medusa: { name: "Chairs", parent: "1" },
    ...changes,
  })

const context = (changes: Partial<CategoryContext> = {}): CategoryContext => ({
  rules: rules(),
  now: NOW,
  erp: { id: erpId("2"), version: null, active: true, parent_id: erpId("1"), name: "Chairs" },
  link: linked(),
  medusa: {
    id: medusaId("pcat_2"),
    deleted: false,
    name: "Chairs",
    is_active: true,
    parent_id: medusaId("pcat_1"),
  },
  parent: medusaId("pcat_1"),
  medusa_parent_erp_id: erpId("1"),
  ...changes,
})

const decisions = (given: CategoryContext) => {
  const plan = planCategory(given)
  return plan.kind === "values"
    ? Object.fromEntries(plan.fields.map((entry) => [entry.field, entry.decision]))
    : {}
}

describe("a category's plan", () => {
  it("is nothing where both sides agree", () => {
    expect(decisions(context())).toEqual({
      name: { outcome: "unchanged" },
      parent: { outcome: "unchanged" },
    })
  })

  it("creates what is new, and what a dead run left uncreated", () => {
    expect(planCategory(context({ link: null, medusa: null })).kind).toBe("create")
    const creating = linked({ state: "creating" })
    expect(planCategory(context({ link: creating, medusa: null })).kind).toBe("create")
    expect(planCategory(context({ link: creating })).kind).toBe("values")
  })

  it("skips tombstones, and what was archived before it was seen", () => {
    const skip = (reason: string) => ({ kind: "skip", reason })
    expect(planCategory(context({ link: linked({ state: "tombstone" }) }))).toEqual(
      skip("tombstone"),
    )
    const archived = { ...context().erp, active: false }
    const unseen = context({ link: null, medusa: null, erp: archived })
    expect(planCategory(unseen)).toEqual(skip("archived"))
    const create = { ...rules().create, archived: true }
    expect(planCategory({ ...unseen, rules: rules({ create }) }).kind).toBe("create")
    const creating = linked({ state: "creating" })
    expect(planCategory({ ...unseen, link: creating }).kind).toBe("create")
  })

  it("sees that the merchant deleted it", () => {
    expect(planCategory(context({ medusa: null })).kind).toBe("deleted_in_medusa")
    const medusa = context().medusa
    const deleted = medusa && { ...medusa, deleted: true }
    expect(planCategory(context({ medusa: deleted })).kind).toBe("deleted_in_medusa")
  })

  it("moves with the ERP, unless the merchant moved it and the ERP did not", () => {
    const root = { ...context().erp, parent_id: null }
    expect(decisions(context({ erp: root, parent: null })).parent).toMatchObject({
      outcome: "write",
      to: null,
      rule: "erp_changed",
    })
    const moved = context({ medusa_parent_erp_id: erpId("5") })
    expect(decisions(moved).parent).toMatchObject({ outcome: "pending", value: "5" })
  })

  it("knows a parent of the merchant's own by Medusa's id", () => {
    const own = context({ medusa_parent_erp_id: null })
    expect(decisions(own).parent).toMatchObject({ outcome: "pending", value: "medusa:pcat_1" })
  })

  it("carries a move to the ERP under a linked parent, or to the root; under another one it waits", () => {
    const moved = (changes: Partial<CategoryContext>) =>
      decisions(context({ rules: pushing(), ...changes }))
    expect(moved({ medusa_parent_erp_id: erpId("5") }).parent).toMatchObject({
      outcome: "push",
      from: "1",
      to: "5",
    })
    const medusa = context().medusa
    expect(moved({ medusa: medusa && { ...medusa, parent_id: null } }).parent).toMatchObject({
      outcome: "push",
      to: null,
    })
    expect(moved({ medusa_parent_erp_id: null }).parent).toEqual({
      outcome: "pending",
      reason: "unsupported",
      message: "The category it was moved under is not linked to one of the ERP's.",
      value: "medusa:pcat_1",
      loses_erp: false,
    })
    const both = { ...context().erp, parent_id: erpId("9") }
    const conflict = pushing({ conflicts: "medusa" })
    expect(moved({ rules: conflict, erp: both, medusa_parent_erp_id: null }).parent).toMatchObject({
      outcome: "pending",
      loses_erp: true,
    })
    const named = medusa && { ...medusa, name: "medusa:sofas" }
    expect(moved({ medusa: named }).name).toMatchObject({ outcome: "push", to: "medusa:sofas" })
  })

  it("has a place at the root of either tree, which waits for nobody", () => {
    const root = { ...context().erp, parent_id: null }
    const based = linked({
      base_erp: { name: "Chairs", parent: null },
      base_medusa: { name: "Chairs", parent: null },
    })
    const standing = context().medusa
    const medusa = standing && { ...standing, parent_id: null }
    const plan = planCategory(
      context({ erp: root, parent: null, link: based, medusa, medusa_parent_erp_id: null }),
    )
    expect(plan).toMatchObject({ waits_for_parent: null })
    expect(plan.kind === "values" && plan.fields.map(({ decision }) => decision.outcome)).toEqual([
      "unchanged",
      "unchanged",
    ])
  })

  it("leaves the parent out until it arrives", () => {
    const plan = planCategory(context({ parent: null }))
    expect(plan).toMatchObject({ kind: "values", waits_for_parent: "1" })
    expect(Object.keys(decisions(context({ parent: null })))).toEqual(["name"])
  })

  it("retires and revives with the ERP, once", () => {
    const life = (active: boolean, state: Link["state"], changes = {}) => {
      const erp = { ...context().erp, active }
      const plan = planCategory(context({ erp, link: linked({ state }), rules: rules(changes) }))
      return plan.kind === "values" && plan.life
    }
    expect([life(false, "linked"), life(false, "gone")]).toEqual(["retire", "keep"])
    expect([life(true, "gone"), life(true, "linked")]).toEqual(["revive", "keep"])
    expect(life(false, "linked", { gone: "ignore" })).toBe("keep")
  })
})
