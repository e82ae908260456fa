import { Lane } from "../connectors/contract"
import { LogLevel } from "../engine/context"
import { LANE_STREAMS } from "../engine/dirty"
import { ErpLedger } from "../modules/erp/ledger"
import { toSyncError } from "../sync/errors"
import { ConnectionId } from "../sync/ids"

const SHORTEST_MS = 1_000
const LONGEST_MS = 60_000

/**
 * Wakes a lane that rests when its next key falls due, or when the lease of another instance ends:
 * neither waits for the minute's tick. Never keeps the process alive.
 */
export class Rest {
  private readonly timers = new Map<string, NodeJS.Timeout>()
  private closed = false

  constructor(
    private readonly ledger: Pick<ErpLedger, "dueIn">,
    private readonly wake: (id: ConnectionId) => void,
    private readonly log: (level: LogLevel, message: string) => void,
  ) {}

  begin(id: ConnectionId, lane: Lane): void {
    this.ledger.dueIn(id, lane, LANE_STREAMS[lane]).then(
      (ms) => this.set(id, lane, ms),
      (error: unknown) => this.log("debug", `${id} (${lane}): ${toSyncError(error).message}`),
    )
  }

  close(): void {
    this.closed = true
    this.timers.forEach((timer) => clearTimeout(timer))
  }

  private set(id: ConnectionId, lane: Lane, ms: number | null): void {
    const key = `${id}/${lane}`
    clearTimeout(this.timers.get(key))
    this.timers.delete(key)
    if (ms !== null && !this.closed) {
      const wait = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, ms))
      this.timers.set(key, setTimeout(() => this.wake(id), wait).unref())
    }
  }
}
