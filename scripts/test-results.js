/** @typedef {{ passed: number, failed: number }} Results */

/** @type {Results} */
const NO_RESULTS = Object.freeze({ passed: 0, failed: 0 })

/**
 * Adds one Jest report. A suite that could not run counts as one failed test, and so does a run
 * that left no report.
 *
 * @param {Results} results
 * @param {{ numPassedTests: number, numFailedTests: number, numRuntimeErrorTestSuites: number } | undefined} report
 * @returns {Results}
 */
function addResults(results, report) {
  if (!report) return { ...results, failed: results.failed + 1 }
  return {
    passed: results.passed + report.numPassedTests,
    failed: results.failed + report.numFailedTests + report.numRuntimeErrorTestSuites,
  }
}

/** @param {Results} results */
function closingLine({ passed, failed }) {
  return `${passed} passed, ${failed} failed`
}

/**
 * A run in which nothing was tested is not green, unless its tests need what may be missing.
 *
 * @param {Results} results
 * @param {{ mayNotRun?: boolean }} [rule]
 */
function isGreen({ passed, failed }, { mayNotRun = false } = {}) {
  return failed === 0 && (passed > 0 || mayNotRun)
}

module.exports = { NO_RESULTS, addResults, closingLine, isGreen }
