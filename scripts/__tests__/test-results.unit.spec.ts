import { addResults, closingLine, isGreen, NO_RESULTS } from "../test-results"

const report = { numPassedTests: 3, numFailedTests: 1, numRuntimeErrorTestSuites: 0 }

describe("addResults", () => {
  it("sums the tests of several runs", () => {
    const sum = addResults(addResults(NO_RESULTS, report), report)
    expect(closingLine(sum)).toBe("6 passed, 2 failed")
  })

  it("counts a suite that could not run as a failure", () => {
    const broken = { numPassedTests: 2, numFailedTests: 0, numRuntimeErrorTestSuites: 1 }
    expect(addResults(NO_RESULTS, broken)).toEqual({ passed: 2, failed: 1 })
  })

  it("counts a run without a report as a failure", () => {
    expect(addResults(NO_RESULTS, undefined)).toEqual({ passed: 0, failed: 1 })
  })
})

describe("isGreen", () => {
  it.each([
    [{ passed: 1, failed: 0 }, true],
    [{ passed: 1, failed: 1 }, false],
    [{ passed: 0, failed: 0 }, false],
  ])("%j is green: %s", (counted, green) => {
    expect(isGreen(counted)).toBe(green)
  })
})
