const { projects } = require("../../jest.config")

const unit = projects.find(({ displayName }) => displayName === "unit")

/** The unit tests of `src/sync` alone: each mutant is held against them, so they have to be fast. */
module.exports = {
  ...unit,
  rootDir: "../..",
  testMatch: ["<rootDir>/src/sync/**/__tests__/**/*.unit.spec.ts"],
}
