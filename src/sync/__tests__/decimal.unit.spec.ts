import fc from "fast-check"
import {
  addDecimals,
  canonicalDecimal,
  convertWeight,
  equalDecimals,
  isNegative,
  isZero,
  maxDecimal,
  minDecimal,
  roundDecimal,
  subtractDecimals,
} from "../decimal"

describe("decimals", () => {
  it.each([
    ["JPY has no digits", "1234.5", 0, "half-up", "1235"],
    ["EUR has two", "1.005", 2, "half-up", "1.01"],
    ["KWD has three", "1.2345", 3, "half-up", "1.235"],
    ["half-even goes to the even digit below", "0.125", 2, "half-even", "0.12"],
    ["half-even goes to the even digit above", "0.135", 2, "half-even", "0.14"],
    ["down cuts", "1.019", 2, "down", "1.01"],
    ["up raises", "1.011", 2, "up", "1.02"],
    ["no trailing zeros", "1.500", 3, "half-up", "1.5"],
  ] as const)("%s", (_name, value, digits, rounding, expected) => {
    expect(roundDecimal(value, digits, rounding)).toBe(expected)
  })

  it("has one text for one number", () => {
    expect(canonicalDecimal("-0.00")).toBe("0")
    expect(canonicalDecimal("100")).toBe("100")
    expect(canonicalDecimal("1e3")).toBe("1000")
    expect(canonicalDecimal("1e-9")).toBe("0.000000001")
    expect([canonicalDecimal("1.500"), canonicalDecimal("-10.00")]).toEqual(["1.5", "-10"])
    expect([roundDecimal("-0.4", 0, "half-up"), subtractDecimals("1.50", "1.5")]).toEqual([
      "0",
      "0",
    ])
    expect(equalDecimals("1.50", "1.5")).toBe(true)
  })

  it("adds what floats cannot", () => {
    expect(addDecimals("0.1", "0.2")).toBe("0.3")
    expect(subtractDecimals("0.3", "0.1")).toBe("0.2")
    expect(minDecimal("10", "9.5", "9.49")).toBe("9.49")
    expect(maxDecimal("-1", "0")).toBe("0")
    expect([isZero("0.000"), isZero("0.001"), isNegative("-0.1"), isNegative("0")]).toEqual([
      true,
      false,
      true,
      false,
    ])
  })

  it("cuts weights to what Medusa's column holds, so that both sides compare equal", () => {
    expect(convertWeight("1.5", "kg", "g")).toBe("1500")
    expect(convertWeight("1", "lb", "g")).toBe("453.592")
    expect(convertWeight("1", "oz", "kg")).toBe("0.0283495")
    expect(convertWeight("0", "kg", "g")).toBe("0")
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999 }), (grams) => {
        const held = convertWeight(String(grams), "g", "kg")
        expect(convertWeight(held, "kg", "kg")).toBe(held)
        expect(Number(Math.fround(Number(held)).toPrecision(6))).toBe(Number(held))
      }),
    )
  })

  it("rounds once: rounding again changes nothing", () => {
    const decimal = fc
      .tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 999_999 }))
      .map(([whole, part]) => `${whole}.${part}`)
    const mode = fc.constantFrom("half-up", "half-even", "down", "up" as const)
    fc.assert(
      fc.property(decimal, fc.integer({ min: 0, max: 4 }), mode, (value, digits, rounding) => {
        const once = roundDecimal(value, digits, rounding)
        expect(roundDecimal(once, digits, rounding as "up")).toBe(once)
      }),
    )
  })
})
