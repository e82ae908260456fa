import { Decision } from "../decide"
import { erpId } from "../ids"
import { FieldPlan } from "../plan-fields"
import { forSingleCategory } from "../primary-category"
import { Rules } from "../rules"
import { FieldValue } from "../values"
import { pushing } from "./fixtures"

const plan = (field: string, decision: Decision): FieldPlan => ({
  field,
  medusa_field: field,
  voided: false,
  erp: null,
  medusa: null,
  decision,
})

const push = (to: FieldValue, loses = false): Decision => ({
  outcome: "push",
  from: to === null ? true : null,
  to,
  base_medusa: to,
  rule: "medusa_changed",
  loses,
})

const added = (id: string): FieldPlan => plan(`category:${id}`, push(true))
const removed = (id: string): FieldPlan => plan(`category:${id}`, push(null))

const single = (given: FieldPlan[], held: string[], one = true): FieldPlan[] => {
  const standing = pushing()
  const rules: Rules = { ...standing, push: { ...standing.push, single_category: one } }
  return forSingleCategory(rules, held.map(erpId), given)
}

describe("an ERP that holds one category per product", () => {
  it.each<[string, FieldPlan[], string[]]>([
    ["a first one", [added("7")], []],
    ["another one in its place", [removed("7"), added("8")], ["7"]],
    ["another one in its place, named first", [added("8"), removed("7")], ["7"]],
    ["none", [removed("7")], ["7"]],
    ["the same one", [added("7")], ["7"]],
    ["one of the two that it holds by mistake", [removed("8")], ["7", "8"]],
  ])("is given %s", (_case, given, held) => {
    expect(single(given, held)).toEqual(given)
  })

  it.each<[string, FieldPlan[], string[]]>([
    ["a second one", [added("8")], ["7"]],
    ["two at once", [added("7"), added("8")], []],
    ["two in place of one", [removed("7"), added("8"), added("9")], ["7"]],
    ["two of the three that it holds by mistake", [removed("9")], ["7", "8", "9"]],
  ])("is not given %s: every edit of the set waits, and says why", (_case, given, held) => {
    expect(single(given, held).map(({ decision }) => decision)).toEqual(
      given.map(({ decision }) => ({
        outcome: "pending",
        reason: "unsupported",
        message: "The ERP holds one category per product.",
        value: decision.outcome === "push" && decision.base_medusa,
        loses_erp: false,
      })),
    )
  })

  it("keeps with a waiting edit whether a value of the ERP's competed with it", () => {
    const [waiting] = single([plan("category:8", push(true, true))], ["7"])
    expect(waiting?.decision).toMatchObject({ outcome: "pending", value: true, loses_erp: true })
  })

  it("is given everything else that changed meanwhile", () => {
    const others = [
      plan("title", push("Table")),
      plan("category:7", { outcome: "unchanged" }),
      plan("category:9", { outcome: "drift", reason: "owner_medusa" }),
    ]
    const [title, standing, drift, waiting] = single([...others, added("8")], ["7"])
    expect([title, standing, drift]).toEqual(others)
    expect(waiting?.decision.outcome).toBe("pending")
    expect(single([...others.slice(0, 1), added("8")], ["7"])[0]).toEqual(title)
    expect(single(others, ["7", "9"])).toEqual(others)
  })

  it("is told from one that holds several", () => {
    const given = [added("8"), added("9")]
    expect(single(given, ["7"], false)).toEqual(given)
  })
})
