import { mkdirSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

import { run, runsAsRoot } from "./processes"
import { OdooUnavailable } from "./unavailable"

/** Signs every Debian suite; part of Debian's base system. */
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"

/**
 * Downloads one package of Debian's unstable suite into `folder`, leaving the machine's own package
 * state untouched, and returns the path of the `.deb`.
 *
 * @throws OdooUnavailable `platform` off Debian, `package` when the mirror does not answer or lacks it.
 */
export async function downloadFromSid(name: string, folder: string): Promise<string> {
  const mirror = await debianMirror()
  for (const path of ["lists/partial", "cache/archives/partial"]) {
    mkdirSync(join(folder, path), { recursive: true })
  }
  // `-c` style options instead of a sources file: apt reads a one-line list from any path.
  const list = join(folder, "sid.list")
  const options = [
    `Dir::Etc::sourcelist=${list}`,
    "Dir::Etc::sourceparts=/dev/null",
    `Dir::State::lists=${join(folder, "lists")}`,
    `Dir::Cache=${join(folder, "cache")}`,
    // Root's apt would drop to the user _apt, who may not write here.
    "APT::Sandbox::User=root",
    "Acquire::Languages=none",
  ].flatMap((option) => ["-o", option])
  try {
    const source = `deb [signed-by=${KEYRING}] ${mirror} sid main\n`
    await run("tee", [list], { asCaller: true, input: source })
    // Errors of `update` are warnings to apt; a missing index shows in `download`.
    await run("apt-get", ["update", "-qq", ...options], { asCaller: true })
    await run("apt-get", ["download", "-qq", name, ...options], { asCaller: true, cwd: folder })
  } catch (cause) {
    throw new OdooUnavailable("package", `Cannot fetch ${name} from suite sid: ${text(cause)}`, {
      cause,
    })
  }
  const file = readdirSync(folder).find((entry) => entry.endsWith(".deb"))
  if (!file) {
    throw new OdooUnavailable("package", `apt-get download left no ${name} package behind.`)
  }
  return join(folder, file)
}

/** Those of `names` that are not installed. */
export async function missingPackages(names: string[]): Promise<string[]> {
  // dpkg-query answers 1 as soon as one name is unknown to it: the list itself is what counts.
  const script = `dpkg-query -W -f '\${Package} \${db:Status-Status}\\n' "$@" 2>/dev/null || true`
  const answer = await run("sh", ["-c", script, "sh", ...names], { asCaller: true })
  const installed = new Set(
    answer.split("\n").flatMap((line) => (line.endsWith(" installed") ? [line.split(" ")[0]] : [])),
  )
  return names.filter((name) => !installed.has(name))
}

/**
 * Installs those of `names` that this Debian release offers; the others are left to the caller.
 *
 * @throws OdooUnavailable `dependencies` without root, or when apt-get fails.
 */
export async function installPackages(names: string[]): Promise<void> {
  if (!runsAsRoot()) {
    throw new OdooUnavailable(
      "dependencies",
      `Odoo needs Python libraries. Run as root: apt-get install ${names.join(" ")}`,
    )
  }
  try {
    let offered = await offeredPackages(names)
    if (offered.length === 0) {
      // Container images ship without package lists.
      await run("apt-get", ["update", "-qq"], { asCaller: true })
      offered = await offeredPackages(names)
    }
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...offered], {
      asCaller: true,
      env: { DEBIAN_FRONTEND: "noninteractive" },
    })
  } catch (cause) {
    throw new OdooUnavailable("dependencies", `apt-get install failed: ${text(cause)}`, { cause })
  }
}

async function offeredPackages(names: string[]): Promise<string[]> {
  const table = await run("apt-cache", ["madison", ...names], { asCaller: true })
  const offered = new Set(table.split("\n").map((line) => line.split("|")[0]?.trim()))
  return names.filter((name) => offered.has(name))
}

/**
 * The mirror this machine takes its own release from.
 *
 * apt itself is asked, so deb822 (`*.sources`) and one-line (`*.list`) files both count.
 */
async function debianMirror(): Promise<string> {
  const release = osRelease()
  if (release.ID !== "debian") {
    throw new OdooUnavailable("platform", "The odoo-19 package needs Debian 12 or later.")
  }
  const codename = release.VERSION_CODENAME ?? "sid"
  const own = [codename, "stable", "oldstable", "testing", "unstable", "sid"]
  const format = "$(RELEASE) $(COMPONENT) $(REPO_URI)"
  const args = ["indextargets", "--no-release-info", "--format", format, "Created-By: Packages"]
  const rows = (await run("apt-get", args, { asCaller: true })).split("\n")
  for (const suite of own) {
    const row = rows.find((line) => line.startsWith(`${suite} main `))
    if (row) {
      return row.slice(`${suite} main `.length)
    }
  }
  throw new OdooUnavailable("package", `No apt source of this machine names ${codename} main.`)
}

function osRelease(): Record<string, string> {
  try {
    const lines = readFileSync("/etc/os-release", "utf8").split("\n")
    return Object.fromEntries(
      lines.map((line) => {
        const [name = "", value = ""] = line.split("=")
        return [name, value.replaceAll('"', "")]
      }),
    )
  } catch {
    return {}
  }
}

function text(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
