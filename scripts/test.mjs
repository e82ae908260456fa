// Runs one or more kinds of tests and closes with one line that counts them all:
//   node scripts/test.mjs unit integration -- [pattern] [jest options]
import { spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { addResults, closingLine, isGreen, NO_RESULTS } from "./test-results.js"

const root = resolve(fileURLToPath(import.meta.url), "../..")
const jest = createRequire(import.meta.url).resolve("jest/bin/jest")

/** Suites that boot a store share a process and a database server: one after the other. */
const PARALLEL = new Set(["unit"])

/** Get ready what a machine may not be able to have; they then say NOT RUN and why. */
const PREPARATIONS = { odoo: "integration-tests/odoo/prepare.ts" }
const NOT_RUN = 77

/** @returns {boolean} false when this kind cannot run here */
function canRun(kind) {
  const file = PREPARATIONS[kind]
  if (!file) return true
  const args = ["--import", "tsx", join(root, file)]
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", 1, 2] })
  // Whatever else it may die of, the tests themselves will show.
  return status !== NOT_RUN
}

function runKind(kind, jestArguments) {
  const folder = mkdtempSync(join(tmpdir(), "erp-sync-tests-"))
  const report = join(folder, "report.json")
  const args = [
    "--experimental-vm-modules",
    "--no-warnings=ExperimentalWarning",
    jest,
    "--selectProjects",
    kind,
    "--json",
    `--outputFile=${report}`,
    "--passWithNoTests",
    ...(PARALLEL.has(kind) ? [] : ["--runInBand", "--forceExit"]),
    // Medusa tells much while it boots: --silent=false shows it.
    ...(jestArguments.some((argument) => argument.startsWith("--silent")) ? [] : ["--silent"]),
    ...jestArguments,
  ]
  const child = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    env: { ...process.env, TZ: process.env.TZ ?? "UTC" },
  })
  try {
    return JSON.parse(readFileSync(report, "utf8"))
  } catch {
    process.stderr.write(`The ${kind} tests ended without a report (exit ${child.status}).\n`)
    return undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const given = process.argv.slice(2)
const separator = given.indexOf("--")
const kinds = separator < 0 ? given : given.slice(0, separator)
const jestArguments = separator < 0 ? [] : given.slice(separator + 1)

// The conformance suite tests one connector: its folder is the first argument.
if (kinds.includes("conformance")) process.env.ERP = connectorFolder(jestArguments.shift())

const possible = kinds.filter(canRun)
let results = NO_RESULTS
for (const kind of possible) results = addResults(results, runKind(kind, jestArguments))

process.stdout.write(`${closingLine(results)}\n`)
process.exitCode = isGreen(results, { mayNotRun: possible.length === 0 && kinds.length > 0 })
  ? 0
  : 1

function connectorFolder(name) {
  if (name && existsSync(join(root, "src/connectors", name))) return name
  process.stderr.write("Name a folder of src/connectors: npm run test:conformance -- odoo\n")
  process.exit(2)
}
