import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs"
import { connect } from "node:net"
import { join } from "node:path"
import { freePort } from "../../scripts/free-port"
import { startServer } from "../odoo/processes"
import { until } from "./until"

/** The server, and its libraries that a bare Debian does not have. */
const PACKAGES = ["redis-server", "redis-tools", "libjemalloc2", "liblzf1", "libatomic1"]

export interface Redis {
  url: string
  stop(): Promise<void>
}

/** A Redis of our own on the loopback interface, that keeps nothing. */
export const startRedis = async (cache: string, log: string): Promise<Redis> => {
  const { program, libraries } = findRedis(cache)
  const port = await freePort()
  const server = startServer(
    program,
    ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
    {
      env: { PATH: process.env.PATH ?? "", ...(libraries ? { LD_LIBRARY_PATH: libraries } : {}) },
      logFile: log,
      deathSignal: "KILL",
    },
  )
  await until(
    "Redis answers",
    async () => {
      if (!server.isRunning()) {
        throw new Error(`Redis did not start:\n${server.logTail()}`)
      }
      return accepts(port)
    },
    120_000,
  )
  return { url: `redis://127.0.0.1:${port}`, stop: () => server.end("SIGTERM") }
}

/** Debian's server, unpacked once into the cache; else the one on the PATH. */
const findRedis = (cache: string): { program: string; libraries: string | null } => {
  const folder = join(cache, "redis")
  const program = join(folder, "usr", "bin", "redis-server")
  try {
    if (!existsSync(program)) {
      unpack(folder)
    }
    return { program, libraries: libraryFolder(folder) }
  } catch (error) {
    const onPath = (process.env.PATH ?? "")
      .split(":")
      .map((entry) => join(entry, "redis-server"))
      .find((file) => existsSync(file))
    if (onPath === undefined) {
      throw new Error("There is no redis-server, and Debian's could not be fetched.", {
        cause: error,
      })
    }
    return { program: onPath, libraries: null }
  }
}

const unpack = (folder: string): void => {
  const part = `${folder}.part`
  rmSync(part, { recursive: true, force: true })
  mkdirSync(part, { recursive: true })
  const inPart = { cwd: part, stdio: "pipe" } as const
  execFileSync("apt-get", ["-o", "APT::Sandbox::User=root", "download", "-qq", ...PACKAGES], inPart)
  for (const file of readdirSync(part).filter((entry) => entry.endsWith(".deb"))) {
    execFileSync("dpkg-deb", ["-x", file, "."], inPart)
    rmSync(join(part, file))
  }
  rmSync(folder, { recursive: true, force: true })
  renameSync(part, folder)
}

/** `usr/lib/<architecture>-linux-gnu` of what was unpacked. */
const libraryFolder = (folder: string): string => {
  const lib = join(folder, "usr", "lib")
  return readdirSync(lib)
    .filter((entry) => entry.endsWith("-linux-gnu"))
    .map((entry) => join(lib, entry))
    .join(":")
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1")
    socket.once("connect", () => {
      socket.destroy()
      resolve(true)
    })
    socket.once("error", () => resolve(false))
  })
