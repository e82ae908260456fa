import { Stream } from "../sync/canonical"
import { Guarded } from "../sync/guards"
import { Side } from "../sync/values"
import { TwoWaySync } from "./facade-two-way"
import { ConnectionView, HealthView, ParkedView, RecordView, RunView } from "./views"

/** What the control room may ask of the sync; `syncOf(container)` gives it. */
export interface ErpSync extends TwoWaySync {
  connections(): Promise<ConnectionView[]>
  connection(id: string): Promise<ConnectionView | null>
  /** Runs the connector's check now. */
  check(id: string): Promise<ConnectionView>
  sync(id: string, input: { streams?: Stream[]; kind: "delta" | "full" }): Promise<RunView>
  runs(filter: {
    connection_id?: string
    state?: string
    limit: number
    offset: number
  }): Promise<{ runs: RunView[]; count: number }>
  run(id: string): Promise<RunView | null>
  cancel(id: string): Promise<RunView>
  approve(id: string): Promise<RunView>
  parked(filter: {
    connection_id?: string
    reason?: string
    /** Only what was set aside; by default only what was not. */
    ignored?: boolean
    limit: number
    offset: number
  }): Promise<{
    parked: ParkedView[]
    count: number
    reasons: { reason: string; count: number }[]
  }>
  retryParked(ids: string[]): Promise<number>
  /**
   * Lets what the guard holds back now pass, of one kind or side or all, and has it looked at again. It
   * counts for a day, and for the changes exactly as they stand.
   */
  approveMassChange(
    id: string,
    filter?: { kind?: Guarded | undefined; side?: Side | undefined },
  ): Promise<{ approved_until: string }>
  /** Lets edits of the store into the ERP, those that stand pending first. */
  approvePush(id: string): Promise<ConnectionView>
  /** Lets changed mappings write what they would; a full sync is queued. */
  approveRules(id: string): Promise<ConnectionView>
  /** A new token for the ERP's calls; the former one is refused from now on. */
  rotateHookToken(id: string): Promise<string>
  record(entity: "product" | "variant" | "category", medusaId: string): Promise<RecordView[]>
  acknowledge(
    connectionId: string,
    demands: {
      line_item_id: string
      kind: "reserved" | "issued"
      quantity?: string | null | undefined
      location_id?: string | undefined
    }[],
  ): Promise<number>
  health(): Promise<HealthView>
}
