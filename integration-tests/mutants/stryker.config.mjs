// Mutates every line of `src/sync`, and holds the unit tests of that room against each mutant:
// `npm run test:stryker`. What whole defects do to the engine is `npm run test:mutants`.

/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  mutate: ["src/sync/**/*.ts", "!src/sync/**/__tests__/**"],
  ignorePatterns: [
    "**",
    "!package.json",
    "!tsconfig*.json",
    "!src/sync/**",
    "!jest.config.js",
    "!integration-tests/mutants/jest.config.cjs",
    "!integration-tests/mutants/sync-specs.cjs",
  ],
  testRunner: "jest",
  jest: {
    configFile: "integration-tests/mutants/jest.config.cjs",
    // There is one file of tests; which of them a mutant meets, the coverage says.
    enableFindRelatedTests: false,
  },
  coverageAnalysis: "perTest",
  // What runs once, at import, is no decision: tables of texts and schemas.
  ignoreStatic: true,
  incremental: false,
  concurrency: 2,
  // A limit for what hangs, whatever else the machine does: a loop without end is told by its rounds.
  timeoutMS: 60_000,
  tempDirName: ".cache/stryker",
  reporters: ["clear-text", "json", "progress-append-only"],
  clearTextReporter: { allowColor: false, logTests: false, reportScoreTable: true },
  jsonReporter: { fileName: ".cache/stryker-report.json" },
  thresholds: { high: 95, low: 90, break: 90 },
}
