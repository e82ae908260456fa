import { Connector, RequestCounter } from "../../../src/connectors/contract"
import { Batch, Connected, EngineContext } from "../../../src/engine/context"
import { StreamRecord } from "../../../src/sync/canonical"
import { DEFAULT_GUARDS } from "../../../src/sync/guards"
import { Rules } from "../../../src/sync/rules"
import { Clock } from "../clock"
import { memoryStore } from "../real/replay/memory-side"
import { CONNECTION } from "../real/replay/side"
import { Transaction } from "../store/memory-database"
import { capabilitiesOf, DIALECTS } from "../world/dialects"

/** A store in memory with one worker, whose calls happen when they are made: nothing else goes on. */
export const aloneStore = () => {
  const clock = new Clock()
  return { clock, ...memoryStore(clock) }
}
export type AloneStore = ReturnType<typeof aloneStore>

/** The engine's surroundings; `catalog` replaces what a case is about. */
export const contextOf = (
  { clock, ledger, catalog }: AloneStore,
  given: { catalog?: Partial<EngineContext<Transaction>["catalog"]> } = {},
): EngineContext<Transaction> => ({
  ledger,
  catalog: { ...catalog, ...given.catalog },
  owner: "w1",
  log: () => undefined,
  emit: async () => undefined,
  monotonic: () => clock.millis,
  every: () => () => undefined,
})

/** The connection, with a connector that has nothing to say but what a case gives it. */
export const connectedWith = (rules: Rules, given: Partial<Connector> = {}): Connected => {
  const [dialect] = DIALECTS
  if (!dialect) throw new Error("there is no dialect")
  const capabilities = capabilitiesOf(dialect)
  const connector: Connector & RequestCounter = {
    ...{ erp: "double", capabilities, requests: 0 },
    async *pull() {},
    async *keys() {},
    read: async () => ({ records: [], rejected: [], missing: [] }),
    check: async () => ({ ok: true, identity: null, capabilities, items: [] }),
    close: async () => undefined,
    ...given,
  }
  return { id: CONNECTION, connector, rules, guards: DEFAULT_GUARDS }
}

/** Records as they were read at this moment. */
export const batchOf = async <R extends StreamRecord>(
  { clock, ledger }: AloneStore,
  records: R[],
): Promise<Batch<R>> => ({
  records,
  ...{ rejected: [], missing: [], run_id: null, may_skip: false, values_follow: false },
  read_seq: await ledger.nextSeq(),
  read_at: clock.iso(),
})

export const done = async (): Promise<void> => undefined
