import { Stream } from "../sync/canonical"
import { ConnectionView, HealthView, ParkedView, RecordView, RunView } from "./views"

/** What the control room may ask of the sync; `syncOf(container)` gives it. */
export interface ErpSync {
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
    limit: number
    offset: number
  }): Promise<{
    parked: ParkedView[]
    count: number
    reasons: { reason: string; count: number }[]
  }>
  retryParked(ids: string[]): Promise<number>
  /** Lets what the guard holds back pass for an hour, and has it looked at again. */
  approveMassChange(id: string): Promise<{ approved_until: string }>
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
