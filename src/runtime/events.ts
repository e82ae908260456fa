import { RunCounters } from "../engine/ports"

/** What the sync tells of itself on Medusa's event bus, with the data of each. */
export interface ErpEvents {
  "erp.run.completed": RunEvent
  "erp.run.failed": RunEvent & {
    /** `streams` are those that the run did not bring; the others of it are up to date. */
    error: { code: string; kind: string; message: string; remedy: string; streams?: string[] }
  }
  /** Both sides changed a field, and a person has to decide. */
  "erp.conflict.opened": {
    connection_id: string
    entity: string
    erp_id: string
    medusa_id: string
    field: string
    reason: string
  }
  "erp.paused": {
    connection_id: string
    reason: { code: string; message: string; remedy: string } | null
  }
  "erp.resumed": { connection_id: string }
  /** Unusually many destructive changes wait for a person. */
  "erp.guard.tripped": { connection_id: string; stream: string; changes: number; message: string }
}

export type ErpEventName = keyof ErpEvents

interface RunEvent {
  id: string
  connection_id: string
  kind: string
  streams: string[]
  counters: RunCounters
}

/** One event with its own data. */
export type ErpEvent = { [N in ErpEventName]: { name: N; data: ErpEvents[N] } }[ErpEventName]
