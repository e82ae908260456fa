import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import axios, { AxiosInstance } from "axios"
import { LOGIN } from "../../demo/login"
import { LoggedProcess, medusaProgram, startProcess } from "../../demo/process"
import { freePort } from "../../scripts/free-port"
import { HealthView } from "../../src/runtime/views"
import { until } from "./until"

/** A limit for a boot that hangs, whatever else the machine does. */
const BOOT_MS = 600_000
const END_MS = 120_000

/** A store's process, as one instance of several. */
export interface Instance {
  name: string
  pid: number
  startFullSync(): Promise<void>
  health(): Promise<HealthView>
  /** Stops it where it stands, until `thaw`. */
  freeze(): void
  thaw(): void
  /** Ends it without warning. */
  kill(): Promise<void>
  /** Asks it to end, as a deploy does; resolves to the milliseconds that took. */
  terminate(): Promise<number>
  isRunning(): boolean
}

/** Starts a Medusa and waits until it answers and takes part in the sync. */
export const startInstance = async (
  name: string,
  home: string,
  env: NodeJS.ProcessEnv,
): Promise<Instance> => {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const store = startProcess([medusaProgram(), "start", "--port", String(port)], {
    log: join(home, `${name}.log`),
    env: {
      NODE_ENV: "development",
      DISABLE_ADMIN: "true",
      ADMIN_CORS: url,
      AUTH_CORS: url,
      ...env,
    },
  })
  await until(`${name} answers`, () => answers(store, url), BOOT_MS)
  const { pid } = store.child
  if (pid === undefined) {
    throw new Error(`${name} has no process id`)
  }
  const api = await signIn(url)
  return {
    name,
    pid,
    isRunning: store.isRunning,
    async startFullSync() {
      await api.post("/admin/erp/connections/odoo-main/sync", { mode: "full" })
    },
    async health() {
      const { data } = await api.get<{ health: HealthView }>("/admin/erp/health")
      return data.health
    },
    freeze: () => void store.child.kill("SIGSTOP"),
    thaw: () => void store.child.kill("SIGCONT"),
    async kill() {
      store.child.kill("SIGKILL")
      await store.ended
    },
    async terminate() {
      const from = performance.now()
      store.child.kill("SIGTERM")
      await Promise.race([store.ended, sleep(END_MS, undefined, { ref: false })])
      return performance.now() - from
    },
  }
}

const answers = async (store: LoggedProcess, url: string): Promise<boolean> => {
  if (!store.isRunning()) {
    throw new Error(`The store ended by itself:\n${store.logTail()}`)
  }
  return fetch(`${url}/health`).then(
    (answer) => answer.ok,
    () => false,
  )
}

const signIn = async (url: string): Promise<AxiosInstance> => {
  const { data } = await axios.post<{ token: string }>(`${url}/auth/user/emailpass`, LOGIN)
  return axios.create({ baseURL: url, headers: { authorization: `Bearer ${data.token}` } })
}
