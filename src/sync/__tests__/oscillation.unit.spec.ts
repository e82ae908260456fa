import fc from "fast-check"
import { isOscillating, mayOscillate, nextReplaced, Turn } from "../oscillation"
import { FieldValue, Replaced } from "../values"

const START = Date.parse("2026-03-01T12:00:00.000Z")
const at = (minutes: number): string => new Date(START + minutes * 60_000).toISOString()

const turn = (from: FieldValue, to: FieldValue, minutes: number): Turn => ({
  side: minutes % 2 === 0 ? "medusa" : "erp",
  from,
  to,
  at: at(minutes),
})

const after = (...turns: Turn[]): Replaced | undefined =>
  turns.reduce<Replaced | undefined>((previous, next) => nextReplaced(previous, next), undefined)

const next = { from: "b", to: "a" }

describe("values that go to and fro", () => {
  it("keeps what a write replaced, where and when", () => {
    expect(nextReplaced(undefined, turn("a", "b", 0))).toEqual({
      value: "a",
      to: "b",
      side: "medusa",
      at: at(0),
      turns: 1,
      since: at(0),
    })
  })

  it("freezes a field whose two values were written three times within an hour", () => {
    const turns = [turn("a", "b", 0), turn("b", "a", 29), turn("a", "b", 60)]
    expect(isOscillating(after(...turns.slice(0, 2)), { from: "a", to: "b" }, at(61))).toBe(false)
    expect(after(...turns)).toMatchObject({ turns: 3, since: at(0), at: at(60) })
    expect(isOscillating(after(...turns), next, at(61))).toBe(true)
  })

  it("counts a value that is restored again and again as well", () => {
    const turns = [turn("b", "a", 0), turn("b", "a", 5), turn("b", "a", 10)]
    expect(isOscillating(after(...turns), next, at(15))).toBe(true)
  })

  it("lets any other value pass, and forgets the pair with it", () => {
    const turns = [turn("a", "b", 0), turn("b", "a", 5), turn("a", "b", 10)]
    expect(isOscillating(after(...turns), { from: "b", to: "c" }, at(11))).toBe(false)
    expect(after(...turns, turn("b", "c", 12))).toMatchObject({ turns: 1, since: at(12) })
  })

  it.each([
    { from: "a", to: "c" },
    { from: "c", to: "b" },
    { from: "b", to: "c" },
    { from: "c", to: "a" },
    { from: "b", to: "b" },
    { from: null, to: null },
  ])("is not frozen by a pair that shares one value with %j", (other) => {
    const frozen = after(turn("a", "b", 0), turn("b", "a", 1), turn("a", "b", 2))
    expect(isOscillating(frozen, other, at(3))).toBe(false)
    expect(after(turn("a", "b", 0), { ...turn("a", "b", 1), ...other })?.turns).toBe(1)
  })

  it("counts the last hour alone", () => {
    const slow = [turn("a", "b", 0), turn("b", "a", 45), turn("a", "b", 90)]
    expect(after(...slow)).toMatchObject({ turns: 2, since: at(45) })
    expect(isOscillating(after(...slow), next, at(91))).toBe(false)
    expect(after(...slow.slice(0, 2), turn("a", "b", 105))).toMatchObject({ turns: 2 })
    expect(after(...slow.slice(0, 2), turn("a", "b", 106))).toMatchObject({ turns: 1 })
  })

  it("tries again after a day without a decision", () => {
    const frozen = after(turn("a", "b", 0), turn("b", "a", 1), turn("a", "b", 2))
    expect(isOscillating(frozen, next, at(2 + 24 * 60 - 1))).toBe(true)
    expect(isOscillating(frozen, next, at(2 + 24 * 60))).toBe(false)
  })

  it("never freezes before the third turn", () => {
    const value = fc.constantFrom<FieldValue>("a", "b", true, null)
    const turns = fc.array(fc.record({ from: value, to: value }), { maxLength: 2 })
    fc.assert(
      fc.property(turns, value, value, (given, from, to) => {
        const previous = after(...given.map((entry, index) => turn(entry.from, entry.to, index)))
        return !isOscillating(previous, { from, to }, at(3))
      }),
    )
  })

  it.each([
    ["title", true],
    ["price:eur", true],
    ["category:7", true],
    ["stock", false],
    ["stock:sloc_1", false],
    ["on_hand:WH", false],
  ])("takes %s for a field that may oscillate: %s", (field, expected) => {
    expect(mayOscillate(field)).toBe(expected)
  })
})
