import { decimalOf, decimalSum } from "../decimal"

describe("decimalOf", () => {
  it.each([
    [0.1 + 0.2, null, "0.3"],
    [14, null, "14"],
    [19.99, 2, "19.99"],
    [1.005, 2, "1.01"],
    [44.991, 2, "44.99"],
    [44.991, null, "44.991"],
    [1e-7, null, "0.0000001"],
    [1234567890.12, 2, "1234567890.12"],
    [-0, null, "0"],
    [-12.5, null, "-12.5"],
    [1e20, null, "100000000000000000000"],
    [2.675, 2, "2.68"],
    [1 / 3, null, "0.333333333333"],
  ])("writes %p at %p digits as %p", (value, digits, expected) => {
    expect(decimalOf(value, digits)).toBe(expected)
  })
})

describe("decimalSum", () => {
  it.each([
    [[0.1, 0.2], null, "0.3"],
    [[0.1, 0.2, -0.3], 0.01, "0"],
    [[1.23456], 0.01, "1.23"],
    [[1.5], 1, "2"],
    [[2.4, 0.4], 0.5, "3"],
    [[-3], 1, "-3"],
    [[], 0.01, "0"],
    [[5], 0, "5"],
  ])("adds %p in steps of %p to %p", (values, step, expected) => {
    expect(decimalSum(values, step)).toBe(expected)
  })
})
