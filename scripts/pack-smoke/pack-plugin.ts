import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { repositoryRoot } from "../postgres-binaries"

/** What the package cannot do without, and what it must not carry. */
const REQUIRED = [
  ".medusa/server/src/modules/erp/index.js",
  ".medusa/server/src/admin/index.mjs",
  "LICENSE",
  "package.json",
]
const UNWANTED =
  /(^|\/)(__tests__|integration-tests|demo|benchmarks)\/|server\/scripts\/|\.spec\.js$|\.tsx?$(?<!\.d\.ts)/

/**
 * Packs the plugin as npm would publish it.
 *
 * @returns the path of the tarball.
 * @throws Error that names the file which is missing or does not belong there.
 */
export function packPlugin(folder: string): string {
  if (!existsSync(join(repositoryRoot, ".medusa/server"))) {
    throw new Error("There is no build to pack: npm run build")
  }
  const output = npm(["pack", "--json", "--ignore-scripts", "--pack-destination", folder])
  const [pack] = Object.values(JSON.parse(output) as Record<string, PackReport>)
  if (!pack) throw new Error("npm pack reported no package.")
  const paths = pack.files.map(({ path }) => path)
  const missing = REQUIRED.filter((path) => !paths.includes(path))
  if (missing.length > 0) throw new Error(`The package lacks ${missing.join(", ")}`)
  const unwanted = paths.filter((path) => UNWANTED.test(path))
  if (unwanted.length > 0) throw new Error(`The package carries ${unwanted.join(", ")}`)
  return join(folder, pack.filename)
}

interface PackReport {
  filename: string
  files: { path: string }[]
}

/** Runs npm and returns what it printed. */
export function npm(args: string[], cwd = repositoryRoot): string {
  return execFileSync("npm", args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "inherit"],
    shell: process.platform === "win32",
  })
}
