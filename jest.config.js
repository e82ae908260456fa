// No @medusajs package may be required here: its classes would then exist twice, and the second
// suite of a run dies in Map.prototype.set.

/** The kinds of tests; `scripts/test.mjs` says when and how each runs. */
const kinds = {
  unit: {
    testMatch: [
      "<rootDir>/src/**/__tests__/**/*.unit.spec.ts",
      "<rootDir>/integration-tests/**/__tests__/**/*.unit.spec.ts",
      "<rootDir>/scripts/__tests__/**/*.unit.spec.ts",
      // Against captures of real servers, where ERP_FIXTURES says where they are.
      "<rootDir>/integration-tests/**/__tests__/**/*.fixtures.spec.ts",
    ],
  },
  integration: {
    testMatch: ["<rootDir>/integration-tests/{modules,http}/**/*.spec.ts"],
    database: true,
  },
  conformance: { testMatch: ["<rootDir>/integration-tests/conformance/**/*.spec.ts"] },
  odoo: { testMatch: ["<rootDir>/integration-tests/odoo/**/*.odoo.spec.ts"], database: true },
  browser: { testMatch: ["<rootDir>/integration-tests/browser/**/*.spec.ts"] },
}

/** @returns {import("jest").Config} */
function project([name, { testMatch, database = false }]) {
  return {
    displayName: name,
    testMatch,
    testEnvironment: "node",
    testPathIgnorePatterns: ["/node_modules/", "\\.unit\\.spec\\.ts$"].slice(
      0,
      name === "unit" ? 1 : 2,
    ),
    modulePathIgnorePatterns: ["<rootDir>/.medusa/", "<rootDir>/.cache/"],
    transform: {
      "^.+\\.[jt]sx?$": [
        "@swc/jest",
        {
          jsc: {
            parser: { syntax: "typescript", tsx: true, decorators: true },
            transform: { decoratorMetadata: true, react: { runtime: "automatic" } },
            target: "es2022",
          },
        },
      ],
    },
    setupFiles: name === "unit" ? [] : ["<rootDir>/integration-tests/setup/setup.ts"],
    ...(database && {
      globalSetup: "<rootDir>/integration-tests/setup/global-setup.ts",
      globalTeardown: "<rootDir>/integration-tests/setup/global-teardown.ts",
    }),
  }
}

/** @type {import("jest").Config} */
module.exports = { projects: Object.entries(kinds).map(project), testTimeout: 120_000 }
