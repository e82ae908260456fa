import { readdirSync, rmSync } from "node:fs"
import { dirname, join } from "node:path"
import { type PostgresServer, startPostgres } from "../../scripts/postgres"
import { reachableFolder, repositoryRoot } from "../../scripts/postgres-binaries"

const PREFIX = "tests-"
const home = dirname(reachableFolder(join(repositoryRoot, ".cache", PREFIX)))

let server: PostgresServer | undefined

/** Starts the tests' PostgreSQL and tells Medusa's test tools where it is. */
export async function startTestDatabase(): Promise<void> {
  removeLeftovers()
  server = await startPostgres({ dataDir: join(home, `${PREFIX}${process.pid}`) })
  Object.assign(process.env, {
    DB_HOST: server.host,
    DB_PORT: String(server.port),
    DB_USERNAME: server.user,
    DB_PASSWORD: server.password,
  })
}

/** Stops the tests' PostgreSQL and removes its data. */
export async function stopTestDatabase(): Promise<void> {
  await server?.stop()
}

/** Removes the data of runs that were killed. */
function removeLeftovers(): void {
  for (const name of listFolder(home)) {
    const pid = Number(name.startsWith(PREFIX) ? name.slice(PREFIX.length) : NaN)
    if (pid > 0 && !isAlive(pid)) rmSync(join(home, name), { recursive: true, force: true })
  }
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
