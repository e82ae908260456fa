import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import type { Logger } from "@medusajs/framework/types"
import { MedusaService } from "@medusajs/framework/utils"
import { createLedger, type ErpLedger, isUndefinedTable } from "./ledger"
import { ErpConnection } from "./models/connection"
import { ErpCursor } from "./models/cursor"
import { ErpDemand } from "./models/demand"
import { ErpDifference } from "./models/difference"
import { ErpDirty } from "./models/dirty"
import { ErpEvent } from "./models/event"
import { ErpInstance } from "./models/instance"
import { ErpJournal } from "./models/journal"
import { ErpLink } from "./models/link"
import { ErpParked } from "./models/parked"
import { ErpRun } from "./models/run"
import { ErpSweep } from "./models/sweep"
import { runStartWork } from "./on-start"
import type { ErpOptions } from "./options"

/** The engine of this process, as others may touch it. */
export interface EngineHandle {
  /** Starts a drain unless one is under way; returns at once. */
  kick(): void
  /** Takes nothing new, ends the batch under way, and gives the leases back. */
  stop(): Promise<void>
}

interface Dependencies {
  __pg_connection__: Knex
  logger: Logger
  erpOptions: ErpOptions
}

/** The module's own tables and options; it knows nothing of the catalog or of other modules. */
export class ErpModuleService extends MedusaService({
  ErpConnection,
  ErpCursor,
  ErpDemand,
  ErpDifference,
  ErpDirty,
  ErpEvent,
  ErpInstance,
  ErpJournal,
  ErpLink,
  ErpParked,
  ErpRun,
  ErpSweep,
}) {
  /** The tables as the engine uses them: set-based, fenced, on the database's clock. */
  readonly ledger: ErpLedger

  readonly __hooks = {
    onApplicationStart: () => this.start(),
    onApplicationPrepareShutdown: () => this.shutDown(),
  }

  protected readonly logger_: Logger
  protected readonly options_: ErpOptions
  protected prepared_: Promise<void> | undefined
  protected engine_: EngineHandle | undefined
  protected readonly shutdowns_: (() => Promise<void>)[] = []

  constructor(dependencies: Dependencies) {
    super(...arguments)
    this.logger_ = dependencies.logger
    this.options_ = dependencies.erpOptions
    this.ledger = createLedger(dependencies.__pg_connection__)
  }

  /** The plugin's options, checked, with defaults. */
  async getOptions(): Promise<ErpOptions> {
    return this.options_
  }

  /**
   * Brings the connections' rows in line with the options, once per process. Tables that are not
   * migrated yet are no error here; the next call tries again.
   */
  async prepare(): Promise<void> {
    this.prepared_ ??= this.syncConnections_()
    await this.prepared_
  }

  async setEngine(engine: EngineHandle): Promise<void> {
    this.engine_ = engine
  }

  async getEngine(): Promise<EngineHandle | undefined> {
    return this.engine_
  }

  /** Adds work to be awaited before the process ends, while the database is still there. */
  async onShutdown(work: () => Promise<void>): Promise<void> {
    this.shutdowns_.push(work)
  }

  protected async start(): Promise<void> {
    try {
      await this.prepare()
      await runStartWork()
    } catch (error) {
      // Medusa drops what this hook throws.
      this.logger_.error(`The ERP sync could not be started: ${String(error)}`)
    }
  }

  protected async syncConnections_(): Promise<void> {
    try {
      await this.ledger.syncConnections(
        this.options_.connections.map(({ id, erp, problem, push }) => ({
          id,
          erp,
          problem,
          push: push !== false,
        })),
      )
    } catch (error) {
      this.prepared_ = undefined
      if (!isUndefinedTable(error)) throw error
      this.logger_.warn("The tables of the ERP sync are missing: run `medusa db:migrate`.")
    }
  }

  protected async shutDown(): Promise<void> {
    const endings = await Promise.allSettled([
      this.engine_?.stop(),
      ...this.shutdowns_.map((work) => work()),
    ])
    for (const ending of endings) {
      if (ending.status === "rejected") {
        this.logger_.error(`The ERP sync did not stop in order: ${String(ending.reason)}`)
      }
    }
  }
}
