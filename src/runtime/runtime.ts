import { Knex } from "@medusajs/framework/mikro-orm/knex"
import { MedusaContainer } from "@medusajs/framework/types"
import { ContainerRegistrationKeys } from "@medusajs/framework/utils"
import { randomUUID } from "node:crypto"
import { hostname } from "node:os"
import {
  createCatalog,
  createImageStore,
  emitEvents,
  hasTranslations,
  readItemVariants,
} from "../catalog"
import { EngineContext } from "../engine/context"
import { Drain } from "../engine/drain"
import { ERP_MODULE, ErpModuleService } from "../modules/erp"
import { ErpLedger } from "../modules/erp/ledger"
import { ConnectionId, connectionId, MedusaId } from "../sync/ids"
import { coalesced } from "./coalesced"
import { Connections } from "./connections"
import { announce, Listener, notify, sessionOf } from "./listen"
import { Rest } from "./rest"
import { feedOf, withNotices } from "./notices"
import { readTargets } from "./targets"
import { beat } from "./tick"

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
  /**
   * The same, here and in every other instance, for what was marked or queued from outside: by a hook,
   * an event or a person. Null: for all connections.
   */
  wake(connection: ConnectionId | null): void
  /** The store has Medusa's module for translations. */
  translated: boolean
  storeIsEmpty(): Promise<boolean>
  variantsOfItems(inventoryItemIds: MedusaId[]): Promise<MedusaId[]>
}

/** A burst of hints costs two looks, and the last of it waits no longer than this. */
const BURST_MS = 250
/** Well within the time after which an instance counts as silent. */
const BEAT_MS = 30_000

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
  const log: EngineContext<Knex.Transaction>["log"] = (level, message) => {
    logger[level](`[erp] ${message}`)
  }
  const ledger = withNotices(service.ledger, {
    emit: (groupId, events) => emitEvents(container, groupId, events),
    feed: feedOf(container, log),
    log,
  })
  const context: EngineContext<Knex.Transaction> = {
    ledger,
    catalog: createCatalog({
      container,
      logger,
      writer: options.connections.some(({ writer }) => writer === "native") ? "native" : "auto",
      priceLists: () => connections.priceLists(),
    }),
    images: createImageStore(container),
    owner: `${hostname()}:${process.pid}:${randomUUID()}`,
    log,
    monotonic: () => performance.now(),
    every: (ms, work) => {
      const timer = setInterval(work, ms)
      timer.unref()
      return () => clearInterval(timer)
    },
    emit: (groupId, events) => emitEvents(container, groupId, events),
  }
  const translated = hasTranslations(container)
  const connections = new Connections(
    options.connections,
    ledger,
    (connection) => readTargets(container, db, connection),
    log,
    translated,
  )
  const mode = projectConfig.workerMode ?? "shared"
  const rest = new Rest(ledger, (id) => drain.kick(id), log)
  const drain = new Drain(context, connections, (id, lane) => rest.begin(id, lane))
  const { wake, listener } = wakeUps(context, db, mode, drain)
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
    wake,
    translated,
    storeIsEmpty: async () => (await context.catalog.counts()).products === 0,
    variantsOfItems: (ids) => readItemVariants(db, ids),
  }
  const endBeats = beginBeats(runtime)
  if (mode !== "server") {
    void listener.open()
  }
  await service.setEngine({
    kick: runtime.kick,
    stop: async () => {
      endBeats()
      rest.close()
      await listener.close()
      await drain.stop()
      await connections.close()
      await ledger.removeInstance(context.owner)
    },
  })
  return runtime
}

type Context = EngineContext<Knex.Transaction>

/** Hints of this process go to its own drain and to the others; theirs come in here. */
const wakeUps = (
  { owner, log }: Context,
  db: Knex,
  mode: WorkerMode,
  drain: Drain<Knex.Transaction>,
): { wake: Runtime["wake"]; listener: Listener } => {
  const work = coalesced<ConnectionId | null>(BURST_MS, (ids) => drain.kick(only(ids) ?? undefined))
  const tell = coalesced<ConnectionId | null>(BURST_MS, (ids) => {
    announce(db, owner, only(ids)).catch((error: unknown) =>
      log("debug", `a hint did not reach the other instances: ${String(error)}`),
    )
  })
  return {
    wake: (connection) => {
      if (mode !== "server") {
        work(connection)
      }
      tell(connection)
    },
    listener: new Listener({
      connect: () => sessionOf(db),
      notify: (payload) => notify(db, payload),
      owner,
      heard: (connection) => work(connection === null ? null : connectionId(connection)),
      log,
    }),
  }
}

/** The one connection that is named, or null for all. */
const only = (ids: Set<ConnectionId | null>): ConnectionId | null => {
  const [first = null, ...more] = ids
  return more.length === 0 ? first : null
}

/** Shows in the health rows that this process lives; a short script in mode `server` leaves none. */
const beginBeats = (runtime: Runtime): (() => void) => {
  const say = (): void => {
    beat(runtime).catch((error: unknown) =>
      runtime.context.log("debug", `no sign of life was left: ${String(error)}`),
    )
  }
  if (runtime.mode !== "server") {
    say()
  }
  return runtime.context.every(BEAT_MS, say)
}
