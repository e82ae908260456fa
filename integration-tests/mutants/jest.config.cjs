const { projects } = require("../../jest.config")

const unit = projects.find(({ displayName }) => displayName === "unit")

/**
 * The unit tests of `src/sync` alone, all as one file: Jest starts anew for each mutant, and what takes
 * its time is to open a file and load what that needs, not the tests.
 */
module.exports = {
  ...unit,
  rootDir: "../..",
  roots: ["<rootDir>/src/sync", "<rootDir>/integration-tests/mutants"],
  testMatch: ["<rootDir>/integration-tests/mutants/sync-specs.cjs"],
}
