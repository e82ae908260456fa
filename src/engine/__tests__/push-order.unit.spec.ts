import { link } from "../../sync/__tests__/fixtures"
import { Entity } from "../../sync/canonical"
import { erpId } from "../../sync/ids"
import { FieldPlan } from "../../sync/plan-fields"
import { targetsFirst } from "../push-order"

const push = (id: number, field: string, to: string | null, entity: Entity = "category") => ({
  work: { link: link({ entity, erp_id: erpId(id) }) },
  plans: [
    {
      field,
      medusa_field: field,
      voided: false,
      erp: null,
      medusa: to,
      decision: {
        outcome: "push",
        from: null,
        to,
        base_medusa: to,
        rule: "medusa_changed",
        loses: false,
      },
    } satisfies FieldPlan,
  ],
})

const order = (moves: ReturnType<typeof push>[]): string[] =>
  targetsFirst(moves).map(({ work }) => work.link.erp_id)

describe("what goes to the ERP", () => {
  it("has a category after the one that it moves under, over any number of steps", () => {
    const moves = [push(3, "parent", "4"), push(4, "parent", "2"), push(2, "parent", null)]
    expect(order(moves)).toEqual(["2", "4", "3"])
  })

  it("keeps its order otherwise, each change once", () => {
    const moves = [push(3, "name", "4"), push(4, "parent", "9"), push(5, "parent", "3")]
    expect(order(moves)).toEqual(["3", "4", "5"])
  })

  it("takes a product for no category", () => {
    const moves = [push(3, "parent", "4"), push(4, "title", "x", "product")]
    expect(order(moves)).toEqual(["3", "4"])
    expect(order([push(1, "parent", "2", "product"), push(2, "parent", null)])).toEqual(["1", "2"])
  })

  it("comes to an end where two stand under each other", () => {
    const moves = [push(3, "parent", "4"), push(4, "parent", "3")]
    expect(order(moves).toSorted()).toEqual(["3", "4"])
  })
})
