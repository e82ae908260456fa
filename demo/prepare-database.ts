import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { repositoryRoot } from "../scripts/postgres-binaries"
import { runMedusa } from "./process"

/** Folders whose files decide what a migration does. */
const SOURCES = ["src/modules/erp/migrations", "src/modules/erp/models", "src/links"]

/**
 * Migrates the database and gives the store what it needs before its first sync, unless the stamp
 * says that nothing has changed since.
 */
export async function prepareDatabase(options: {
  databaseUrl: string
  /** The database has just been created. */
  fresh: boolean
  /** The folder of stamp and logs. */
  home: string
  env: NodeJS.ProcessEnv
}): Promise<void> {
  const stamp = join(options.home, "migrated")
  const wanted = fingerprint(process.env.DATABASE_URL ?? "embedded")
  if (!options.fresh && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return
  const env = { ...options.env, DATABASE_URL: options.databaseUrl, DISABLE_ADMIN: "true" }
  await runMedusa(["db:migrate"], { log: join(options.home, "migrate.log"), env })
  await runMedusa(["exec", "./demo/seed.ts"], { log: join(options.home, "seed.log"), env })
  writeFileSync(stamp, wanted)
}

function fingerprint(database: string): string {
  const hash = createHash("sha256").update(database)
  for (const file of [
    "package-lock.json",
    "medusa-config.ts",
    "demo/seed.ts",
    ...SOURCES.flatMap(filesIn),
  ]) {
    hash.update(file).update(readFileSync(join(repositoryRoot, file)))
  }
  return hash.digest("hex")
}

function filesIn(folder: string): string[] {
  const path = join(repositoryRoot, folder)
  if (!existsSync(path)) return []
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(repositoryRoot.length + 1))
    .sort()
}
