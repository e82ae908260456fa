import type { AxiosInstance } from "axios"
import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { MedusaContainer } from "@medusajs/framework/types"
import { ContainerRegistrationKeys } from "@medusajs/framework/utils"
import { ConnectionOptions } from "../../src/modules/erp/options"
import { ErpSync, Runtime, runtimeOf, syncOf } from "../../src/runtime"
import { RunView } from "../../src/runtime/views"
import { Stream } from "../../src/sync/canonical"
import { OdooSimulator, SimulatorOptions, startOdooSimulator, World } from "../erp/odoo"
import { given, rows, TestStore } from "./catalog-fixtures"

/** Where the store's files go. */
export const FILES = join(process.cwd(), ".cache", "test-files", String(process.pid))

export const CONNECTION = "odoo-main"
const DATABASE = "shop"
const DAY = 24 * 60 * 60_000

/** A store with its sync, whatever ERP is at the other end. */
export interface Synced extends TestStore {
  runtime: Runtime
  sync: ErpSync
  options: ConnectionOptions
}

/** A store and an ERP of one test's own, connected. */
export interface Stage extends Synced {
  erp: OdooSimulator
  world: World
  api: AxiosInstance
}

export interface Scene {
  /** The ERP's catalog. By default none. */
  erp?: Partial<SimulatorOptions>
  /** Options of the connection that differ from the store's configuration. */
  options?: Partial<ConnectionOptions>
}

/** Opens the stage for one test: its own ERP, the store as the runner restored it. */
export type OpenStage = (scene?: Scene) => Promise<Stage>

/**
 * The simulator of a suite. Its port stays, since the store's configuration names it; its world is
 * another one for every test.
 */
export class ErpHost {
  private present: OdooSimulator | undefined
  private port = 0

  /** Starts the first one, and says in the environment where it is. */
  async begin(): Promise<void> {
    const erp = await this.replace({ empty: true })
    Object.assign(process.env, {
      ODOO_URL: erp.url,
      ODOO_DATABASE: erp.database,
      ODOO_LOGIN: erp.login,
      ODOO_API_KEY: erp.apiKey,
      ODOO_PASSWORD: erp.password,
      FILES_DIR: FILES,
    })
    rmSync(FILES, { recursive: true, force: true })
    mkdirSync(FILES, { recursive: true })
  }

  async replace(options: Partial<SimulatorOptions>): Promise<OdooSimulator> {
    await this.end()
    this.present = await startOdooSimulator({
      version: 19,
      page: false,
      database: DATABASE,
      port: this.port,
      ...options,
    })
    this.port = Number(new URL(this.present.url).port)
    return this.present
  }

  async end(): Promise<void> {
    await this.present?.close()
    this.present = undefined
  }
}

/** Nothing starts by the clock, and no request waits for the next second's share. */
const CALM: Partial<ConnectionOptions> = {
  schedule: { categories: DAY, products: DAY, prices: DAY, stock: DAY, images: DAY, sweep: DAY },
  http: { per_second: 1000, max_attempts: 1 },
}

export interface Store {
  container: MedusaContainer
  databaseUrl: string
  api: AxiosInstance
}

/** Opens stages in a store that runs by the time it is asked for. */
export const stageOf =
  (store: () => Store, host: ErpHost, configured: Map<string, ConnectionOptions>): OpenStage =>
  (scene = {}) =>
    openStage(store(), host, configured, scene)

const openStage = async (
  store: Store,
  host: ErpHost,
  configured: Map<string, ConnectionOptions>,
  { erp: catalog = { empty: true }, options = {} }: Scene,
): Promise<Stage> => {
  const erp = await host.replace(catalog)
  const synced = await openSync(store, configured, options)
  return { ...synced, api: store.api, erp, world: erp.world }
}

/** The sync of a store as the runner restored it, under options that differ from its configuration. */
export const openSync = async (
  { container, databaseUrl }: Pick<Store, "container" | "databaseUrl">,
  configured: Map<string, ConnectionOptions>,
  changes: Partial<ConnectionOptions>,
): Promise<Synced> => {
  const runtime = await runtimeOf(container)
  const options = given(runtime.connections.options(CONNECTION))
  const first = configured.get(CONNECTION) ?? { ...options }
  configured.set(CONNECTION, first)
  await runtime.connections.close()
  Object.assign(options, first, CALM, changes)
  return {
    container,
    databaseUrl,
    knex: container.resolve(ContainerRegistrationKeys.PG_CONNECTION),
    catalog: runtime.context.catalog,
    runtime,
    sync: await syncOf(container),
    options,
  }
}

/** Another ERP at the same address, as after a restore or a move. */
export const swapErp = async (
  stage: Stage,
  host: ErpHost,
  catalog: Partial<SimulatorOptions>,
): Promise<Stage> => {
  const erp = await host.replace(catalog)
  await stage.runtime.connections.close()
  return { ...stage, erp, world: erp.world }
}

/**
 * Starts a run and works until nothing is due. What met another worker's lock is due a second later:
 * a test's run has it behind it, too.
 */
export const run = async (
  stage: Synced,
  kind: "full" | "delta" = "delta",
  streams?: Stream[],
): Promise<RunView> => {
  const started = await stage.sync.sync(CONNECTION, { kind, ...(streams ? { streams } : {}) })
  await stage.runtime.drain.untilIdle()
  for (let round = 0; round < 10 && (await metLocks(stage)); round += 1) {
    await stage.runtime.drain.untilIdle()
  }
  return given(await stage.sync.run(started.id))
}

/** Makes due what stood behind a lock, and tells whether anything did. */
const metLocks = async (stage: Synced): Promise<boolean> => {
  const waiting = await rows(
    stage,
    `update erp_dirty set due_at = now() - interval '1 second'
     where reason in ('locked', 'moved') and lease_owner is null returning erp_id`,
  )
  return waiting.length > 0
}

/** A run that must end well. */
export const runWell = async (
  stage: Synced,
  kind: "full" | "delta" = "delta",
  streams?: Stream[],
): Promise<RunView> => {
  const ended = await run(stage, kind, streams)
  if (ended.state !== "completed") {
    throw new Error(`the run is ${ended.state}: ${JSON.stringify(ended.error)}`)
  }
  return ended
}

/** Works off what waits in the dirty set, without waiting for the time it is due. */
export const settle = async (stage: Synced): Promise<void> => {
  for (let round = 0; round < 10; round += 1) {
    const due = await rows(
      stage,
      `update erp_dirty set due_at = now() - interval '1 second'
       where reason <> 'demand_settles' returning erp_id`,
    )
    await stage.runtime.drain.untilIdle()
    if (due.length === 0) {
      return
    }
  }
  throw new Error("The dirty set does not come to rest.")
}

/** Lets runs that wait for the ERP go on now. */
export const takeUpAgain = async (stage: Synced): Promise<void> => {
  await rows(stage, "update erp_run set lease_until = now() where state = 'running'")
  await stage.runtime.drain.untilIdle()
}

/** Waits until what subscribers do in their own time has come to pass. */
export const eventually = async (check: () => Promise<void>): Promise<void> => {
  const deadline = Date.now() + 30_000
  for (;;) {
    try {
      await check()
      return
    } catch (error) {
      if (Date.now() > deadline) {
        throw error
      }
      await sleep(100)
    }
  }
}
