import medusa from "@medusajs/eslint-plugin"
import tseslint from "typescript-eslint"
import { roomBoundaries } from "./scripts/eslint/room-boundaries.mjs"

const TYPESCRIPT = ["**/*.{ts,tsx}"]
const RETHROW = { allowThrowingAny: true, allowThrowingUnknown: true }

/** Medusa's strict rules for Medusa's folders; its warnings fail as errors do. */
const medusaStrict = medusa.configs.strict
  .filter(({ files }) => files === undefined || files.length > 0)
  .filter(({ ignores, rules, plugins }) => !ignores || rules || plugins)
  .map((block) => ({
    ...block,
    ...(block.rules && {
      ignores: [
        ...(block.ignores ?? []),
        "{benchmarks,demo,integration-tests,scripts}/**",
        "**/__tests__/**",
      ],
      rules: Object.fromEntries(
        Object.entries(block.rules).map(([name, level]) => [
          name,
          level === "off" ? level : "error",
        ]),
      ),
    }),
  }))

export default tseslint.config(
  { ignores: ["**/node_modules/", ".medusa/", ".cache/", "dist/", "coverage/", "**/.*/"] },
  ...medusaStrict,
  {
    files: TYPESCRIPT,
    plugins: { "@typescript-eslint": tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: {
        project: ["tsconfig.json", "tsconfig.tools.json", "src/admin/tsconfig.json"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-console": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/ban-ts-comment": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: false }],
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/no-unnecessary-type-assertion": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      // What was caught, or a signal's reason, may be thrown on.
      "@typescript-eslint/only-throw-error": ["error", RETHROW],
      "@typescript-eslint/prefer-promise-reject-errors": ["error", RETHROW],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/return-await": ["error", "error-handling-correctness-only"],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { local: { rules: { "room-boundaries": roomBoundaries } } },
    rules: { "local/room-boundaries": "error" },
  },
)
