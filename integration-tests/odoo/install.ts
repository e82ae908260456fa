import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"

import { downloadFromSid, installPackages, missingPackages } from "./apt"
import { cacheFolder } from "./cache"
import { type Environment, basicEnvironment, ownedFolder, run } from "./processes"
import { OdooUnavailable } from "./unavailable"

export { OdooUnavailable, type UnavailableReason } from "./unavailable"

const PYTHON = "/usr/bin/python3"

/** Libraries that the package's own `Depends` leaves to others, or names in a newer spelling. */
const UNDECLARED = ["python3-lxml", "python3-pypdf2"]

/** A runnable Odoo, extracted but not installed. */
export interface OdooInstallation {
  /** The cache folder; database, files and logs lie beside the package. */
  folder: string
  /** The package's version, `19.0.0+dfsg-1`. */
  version: string
  /** The interpreter, and the arguments that come before Odoo's own. */
  command: string
  args: string[]
  env: Environment
}

/**
 * Makes the official Odoo 19 of Debian's unstable suite runnable, once; afterwards it only looks.
 *
 * The package is extracted into the cache folder rather than installed: Debian 12 lacks two of its
 * dependencies, which Odoo does not need there. Python libraries are installed with apt-get.
 *
 * @throws OdooUnavailable when this machine cannot have it; `reason` says why.
 */
export async function installOdoo(
  log: (line: string) => void = () => {},
): Promise<OdooInstallation> {
  if (process.platform !== "linux" || !existsSync("/usr/bin/dpkg-deb") || !existsSync(PYTHON)) {
    throw new OdooUnavailable("platform", "The odoo-19 package needs Debian 12 or later.")
  }
  const folder = cacheFolder()
  const root = join(folder, "package")
  if (!existsSync(join(root, "control"))) {
    log("downloading odoo-19 from the sid suite")
    await extract(folder, root)
  }
  const control = readControl(join(root, "control"))
  const installation: OdooInstallation = {
    folder,
    version: control.Version ?? "unknown",
    command: PYTHON,
    args: [join(root, "usr/bin/odoo")],
    env: {
      ...basicEnvironment(),
      HOME: ownedFolder(join(folder, "data")),
      PYTHONPATH: join(root, "usr/lib/python3/dist-packages"),
      // The package has no bytecode: compile once, outside of it, instead of at every boot.
      PYTHONPYCACHEPREFIX: ownedFolder(join(folder, "bytecode")),
      PYTHONNOUSERSITE: "1",
    },
  }
  await provideLibraries(installation, control.Depends ?? "", log)
  return installation
}

/**
 * Installs what `depends` names and this Debian release has.
 *
 * The names it has not are remembered in the cache: Debian 12 needs no `lxml-html-clean`, because
 * its older lxml still contains it. Whether that was right, Odoo's own imports decide.
 */
async function provideLibraries(
  odoo: OdooInstallation,
  depends: string,
  log: (line: string) => void,
): Promise<void> {
  const names = depends.split(",").map((entry) => entry.trim().split(/[ :]/)[0] ?? "")
  const wanted = [...names.filter((name) => name.startsWith("python3-")), ...UNDECLARED]
  const record = join(odoo.folder, "libraries-not-offered")
  const dispensable = existsSync(record) ? readFileSync(record, "utf8").split("\n") : []
  const missing = (await missingPackages(wanted)).filter((name) => !dispensable.includes(name))
  if (missing.length === 0) {
    return
  }
  log(`installing ${missing.length} Python libraries`)
  await installPackages(missing)
  try {
    const script = "import odoo.http, odoo.service.server, odoo.tools.mail, odoo.tools.pdf"
    await run(odoo.command, ["-c", script], { env: odoo.env })
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    throw new OdooUnavailable("dependencies", `Odoo does not start: ${detail}`, { cause })
  }
  writeFileSync(record, (await missingPackages(wanted)).join("\n"))
}

/** Extracts beside the final place and renames, so that an interrupted run leaves no half of it. */
async function extract(folder: string, root: string): Promise<void> {
  const staging = join(folder, `staging-${process.pid}`)
  mkdirSync(staging, { recursive: true })
  try {
    const deb = await downloadFromSid("odoo-19", staging)
    const tree = join(staging, "tree")
    await run("dpkg-deb", ["-x", deb, tree], { asCaller: true })
    await run("dpkg-deb", ["-e", deb, join(staging, "DEBIAN")], { asCaller: true })
    renameSync(join(staging, "DEBIAN", "control"), join(tree, "control"))
    if (!existsSync(root)) {
      renameSync(tree, root)
    }
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

/** The fields of a Debian control file, each value on one line. */
function readControl(file: string): Record<string, string> {
  const lines = readFileSync(file, "utf8")
    .replace(/\n[ \t]+/g, " ")
    .split("\n")
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":")
      return [line.slice(0, colon), line.slice(colon + 1).trim()]
    }),
  )
}
