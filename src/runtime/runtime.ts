import { Knex } from "@medusajs/framework/mikro-orm/knex"
import { MedusaContainer } from "@medusajs/framework/types"
import { ContainerRegistrationKeys } from "@medusajs/framework/utils"
import { randomUUID } from "node:crypto"
import { hostname } from "node:os"
import { createCatalog, emitEvents, readItemVariants } from "../catalog"
import { EngineContext } from "../engine/context"
import { Drain } from "../engine/drain"
import { ERP_MODULE, ErpModuleService } from "../modules/erp"
import { ErpLedger } from "../modules/erp/ledger"
import { MedusaId } from "../sync/ids"
import { Connections } from "./connections"
import { readTargets } from "./targets"

export type WorkerMode = "shared" | "server" | "worker"

/** Everything of this process that takes part in the sync; one for each store in it. */
export interface Runtime {
  owner: string
  mode: WorkerMode
  db: Knex
  service: ErpModuleService
  ledger: ErpLedger
  connections: Connections
  context: EngineContext<Knex.Transaction>
  drain: Drain<Knex.Transaction>
  /** Starts working on what is due, unless this instance only answers requests. Returns at once. */
  kick(): void
  storeIsEmpty(): Promise<boolean>
  variantsOfItems(inventoryItemIds: MedusaId[]): Promise<MedusaId[]>
}

/** Keyed by the store's pool: the container hands out a new wrapper of a service at each resolution. */
const runtimes = new WeakMap<Knex, Promise<Runtime>>()

/** The runtime of a container's store, made on first use. */
export const runtimeOf = (container: MedusaContainer): Promise<Runtime> => {
  const db = container.resolve(ContainerRegistrationKeys.PG_CONNECTION)
  const present = runtimes.get(db)
  if (present) {
    return present
  }
  const made = build(container, db)
  runtimes.set(db, made)
  made.catch(() => runtimes.delete(db))
  return made
}

const build = async (container: MedusaContainer, db: Knex): Promise<Runtime> => {
  const service = container.resolve<ErpModuleService>(ERP_MODULE)
  const options = await service.getOptions()
  await service.prepare()
  const logger = container.resolve(ContainerRegistrationKeys.LOGGER)
  const { projectConfig } = container.resolve(ContainerRegistrationKeys.CONFIG_MODULE)
  const ledger = service.ledger
  const log: EngineContext<Knex.Transaction>["log"] = (level, message) => {
    logger[level](`[erp] ${message}`)
  }
  const context: EngineContext<Knex.Transaction> = {
    ledger,
    catalog: createCatalog({
      container,
      logger,
      writer: options.connections.some(({ writer }) => writer === "native") ? "native" : "auto",
    }),
    owner: `${hostname()}:${process.pid}:${randomUUID()}`,
    log,
    every: (ms, work) => {
      const timer = setInterval(work, ms)
      timer.unref()
      return () => clearInterval(timer)
    },
    emit: (groupId, events) => emitEvents(container, groupId, events),
  }
  const connections = new Connections(
    options.connections,
    ledger,
    (connection) => readTargets(container, db, connection),
    log,
  )
  const drain = new Drain(context, connections)
  const mode = projectConfig.workerMode ?? "shared"
  const runtime: Runtime = {
    owner: context.owner,
    mode,
    db,
    service,
    ledger,
    connections,
    context,
    drain,
    kick: () => {
      if (mode !== "server") {
        drain.kick()
      }
    },
    storeIsEmpty: async () => (await context.catalog.counts()).products === 0,
    variantsOfItems: (ids) => readItemVariants(db, ids),
  }
  await service.setEngine({
    kick: runtime.kick,
    stop: async () => {
      await drain.stop()
      await connections.close()
      await ledger.removeInstance(context.owner)
    },
  })
  return runtime
}
