import { keepRefusal, Refusal, refusalName, refusalOf } from "../refusals"
import { NOW } from "./fixtures"

const DAY = 24 * 60 * 60 * 1000
const edit = { from: "a", to: "b" }
const later = (ms: number): string => new Date(Date.parse(NOW) + ms).toISOString()

const found = (refusal: Refusal, asked: Partial<typeof edit> = {}, now = NOW): Refusal | null =>
  refusalOf(
    { [refusalName("title")]: keepRefusal(refusal, edit, NOW) },
    "title",
    { ...edit, ...asked },
    now,
  )

const refused: Refusal = { reason: "refused_by_erp", message: "Too long for the label." }

describe("an edit that the ERP refused", () => {
  it.each([refused, { reason: "unsupported", message: "" } as const])(
    "is known again with what was said: %j",
    (refusal) => expect(found(refusal)).toEqual(refusal),
  )

  it("counts for a day", () => {
    expect(found(refused, {}, later(DAY - 1))).toEqual(refused)
    expect(found(refused, {}, later(DAY))).toBeNull()
  })

  it("does not stand for another value on either side", () => {
    expect(found(refused, { to: "c" })).toBeNull()
    expect(found(refused, { from: "c" })).toBeNull()
  })

  it("stands for its own field alone", () => {
    const kept = { [refusalName("title")]: keepRefusal(refused, edit, NOW) }
    expect(refusalOf(kept, "description", edit, NOW)).toBeNull()
    expect(refusalOf({ [refusalName("title")]: true }, "title", edit, NOW)).toBeNull()
  })
})
