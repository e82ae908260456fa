import { existsSync, mkdirSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { repositoryRoot } from "../scripts/postgres-binaries"

/**
 * Where the store's uploaded files go. Medusa serves the folder `static` of its own directory and no
 * other: it becomes a way into the demo's folder, so that removing that one removes everything.
 */
export function prepareFiles(home: string): string {
  const served = join(repositoryRoot, "static")
  const files = join(home, "files")
  mkdirSync(files, { recursive: true })
  if (!existsSync(served)) symlinkSync(files, served, "junction")
  return served
}
