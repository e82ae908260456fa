// Checks the types of the plugin, of its admin, and of everything around it.
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { createRequire } from "node:module"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"

const root = resolve(fileURLToPath(import.meta.url), "../..")
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc")

const projects = {
  plugin: "tsconfig.json",
  admin: "src/admin/tsconfig.json",
  tools: "tsconfig.tools.json",
}

for (const [name, config] of Object.entries(projects)) {
  if (!existsSync(join(root, config))) continue
  const cache = join(".cache", `${name}.tsbuildinfo`)
  const args = ["-p", config, "--noEmit", "--incremental", "--tsBuildInfoFile", cache]
  const { status } = spawnSync(process.execPath, [tsc, ...args], { cwd: root, stdio: "inherit" })
  process.stdout.write(`types of the ${name}: ${status === 0 ? "good" : "errors"}\n`)
  if (status !== 0) process.exitCode = 1
}
