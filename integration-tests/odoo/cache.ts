import { existsSync, mkdirSync, statSync } from "node:fs"
import { homedir } from "node:os"
import { dirname, join } from "node:path"

import { runsAsRoot } from "./processes"
import { OdooUnavailable } from "./unavailable"

const SUBFOLDER = join("medusa-plugin-erp-sync", "odoo-19")

/**
 * The folder that keeps Odoo, its database and its files between runs; about 1.5 GB once filled.
 *
 * `$ERP_TEST_CACHE`, else `${XDG_CACHE_HOME:-$HOME/.cache}/medusa-plugin-erp-sync/odoo-19`. Root's
 * home is usually closed (0700), while PostgreSQL and Odoo refuse to run as root and so cannot read
 * there: then the system's own cache, `/var/cache`, takes its place.
 *
 * @throws OdooUnavailable `cache`, when a folder named by the environment is closed to that user.
 */
export function cacheFolder(): string {
  const named = process.env.ERP_TEST_CACHE
  const folder = named ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), SUBFOLDER)
  if (!runsAsRoot() || isOpen(folder)) {
    return made(folder)
  }
  if (named) {
    throw new OdooUnavailable(
      "cache",
      `ERP_TEST_CACHE=${named} lies under a folder that an unprivileged user may not enter, and ` +
        "PostgreSQL and Odoo refuse to run as root. Name a folder outside of root's home.",
    )
  }
  return made(join("/var/cache", SUBFOLDER))
}

/** Whether everyone may walk to `folder` (the execute bit of every existing ancestor). */
export function isOpen(folder: string): boolean {
  for (let path = folder; ; path = dirname(path)) {
    if (existsSync(path) && (statSync(path).mode & 0o001) === 0) {
      return false
    }
    if (path === dirname(path)) {
      return true
    }
  }
}

function made(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  return folder
}
