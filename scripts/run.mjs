// Runs a tool of this repository, after installing the dependencies if they are missing:
//   node scripts/run.mjs medusa plugin:build
//   node scripts/run.mjs demo/main.ts --once
import "./ensure-dependencies.mjs"
import { spawn } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"

const root = resolve(fileURLToPath(import.meta.url), "../..")
const PACKAGES = {
  medusa: "@medusajs/cli",
  stryker: "@stryker-mutator/core",
  tsc: "typescript",
}

const [tool, ...given] = process.argv.slice(2)
const child = spawn(process.execPath, [...command(tool), ...given], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, MEDUSA_DISABLE_TELEMETRY: "true" },
})

// A terminal sends Ctrl-C to the child as well; the child decides when it is done.
process.on("SIGINT", () => {})
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
child.on("exit", (code) => process.exit(code ?? 1))

/** Node's arguments for a file of ours, or for the program that a package brings. */
function command(name) {
  const file = join(root, name)
  if (/\.[cm]?[jt]s$/.test(name) && existsSync(file)) {
    return name.endsWith(".ts") ? ["--import", "tsx", file] : [file]
  }
  const folder = join(root, "node_modules", PACKAGES[name] ?? name)
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
  return [join(folder, typeof bin === "string" ? bin : bin[name])]
}
