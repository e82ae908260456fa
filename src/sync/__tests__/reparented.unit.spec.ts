import { erpId } from "../ids"
import { isElsewhere, mayMoveTo, strangersIn, vanishedFrom } from "../reparented"
import { optionLinks, product, variant, variantLink } from "./fixtures"

const erp = product({}, [variant("a", []), variant("b", [], { active: false })])
const other = { ...erp, id: erpId(2) }
const links = [variantLink("a", ""), variantLink("b", ""), variantLink("c", "")]
const byId = new Map(links.map((link) => [link.erp_id, link]))

describe("a variant that the ERP moved to another product", () => {
  it("is a stranger there, and none in its own", () => {
    expect(strangersIn(erp, byId)).toEqual([])
    expect(strangersIn(other, byId).map(({ link }) => link.erp_id)).toEqual(["a", "b"])
  })

  it("vanished from its own, as an archived one did not", () => {
    expect(vanishedFrom(erp, links).map((link) => link.erp_id)).toEqual(["c"])
    expect(vanishedFrom(other, links)).toEqual([])
    const { options, values } = optionLinks({ 1: ["10"] })
    expect(vanishedFrom(erp, [...options, ...values])).toEqual([])
  })

  it("is asked for again while it is marked, unlike one that is gone", () => {
    const gone = variantLink("c", "", { state: "gone" })
    const marked = variantLink("d", "", { state: "gone", kept: { moved_to: "2" } })
    expect(vanishedFrom(erp, [gone, marked])).toEqual([marked])
  })

  it("is elsewhere until its own product shows it again", () => {
    const marked = variantLink("a", "", { kept: { moved_to: "2" } })
    expect(isElsewhere(marked, product({}, []))).toBe(true)
    expect(isElsewhere(marked, erp)).toBe(false)
    expect(isElsewhere(variantLink("c", ""), erp)).toBe(false)
  })

  it("may go where a person lets it, and nowhere else", () => {
    const approved = variantLink("a", "", { kept: { moved_to: "2", move_approved: "2" } })
    expect(mayMoveTo(approved, other)).toBe(true)
    expect(mayMoveTo(approved, { id: erpId(3) })).toBe(false)
    expect(mayMoveTo({ ...approved, state: "gone" }, other)).toBe(false)
    expect(mayMoveTo(variantLink("a", "", { kept: { moved_to: "2" } }), other)).toBe(false)
  })
})
