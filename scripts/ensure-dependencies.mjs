// Installs the dependencies when they are missing or older than package-lock.json.
// Runs before anything is installed: plain Node, no imports but Node's own.
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { isInstalled } from "./installed-packages.js"

const root = resolve(fileURLToPath(import.meta.url), "../..")

/** Reads an npm lock file; undefined when there is none or it is not readable as JSON. */
function readLock(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"))
  } catch {
    return undefined
  }
}

/** `npm ci` would refuse a lock file written where a registry lacks packages of other platforms. */
function install() {
  process.stderr.write("Dependencies are missing or out of date: npm install (a minute or two)\n")
  const npm = process.env.npm_execpath
  const args = ["install", "--no-save", "--prefer-offline"]
  const options = { cwd: root, stdio: ["ignore", 2, 2] }
  const outcome = npm
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync("npm", args, { ...options, shell: process.platform === "win32" })
  if (outcome.status !== 0) {
    process.stderr.write("npm install failed: run it by hand to see why.\n")
    process.exit(outcome.status ?? 1)
  }
}

const wanted = readLock(join(root, "package-lock.json"))
const present = readLock(join(root, "node_modules/.package-lock.json"))
if (wanted ? !isInstalled(wanted, present) : !present) install()
