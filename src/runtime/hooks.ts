import { createHash, randomBytes, timingSafeEqual } from "node:crypto"
import { Connector, Hint, HookCall } from "../connectors/contract"
import { ConnectionId, connectionId } from "../sync/ids"
import { LANE_STREAMS } from "../engine/dirty"
import { Runtime } from "./runtime"

/** The longest body that is read. */
export const MOST_BYTES = 64 * 1024

/** Calls of one connection: so many at once, and so many a second in the long run. */
const BURST = 60
const PER_SECOND = 10

/** A token that was replaced by another instance is taken for so long at most. */
const TOKEN_MS = 5_000
const COUNTED_MS = 1_000

export interface HookReply {
  status: number
  body: string
}

/** A call before its body is read. */
export type HookHead = Omit<HookCall, "body"> & { connection: string; token: string }

export type Refusal =
  "unknown" | "unauthorized" | "rate_limited" | "unsupported" | "oversized" | "malformed" | "failed"

interface Known {
  hash: Buffer | null
  read_at: number
  /** Tokens of the bucket, and when they were counted. */
  left: number
  counted_at: number
}

/**
 * Where ERPs call. What a call says is a hint, never data: it marks keys for a look. Every refusal is
 * answered as the connector wants it, so that the ERP neither floods nor gives up.
 */
export class HookDoor {
  private readonly known = new Map<ConnectionId, Known>()
  private readonly counts = new Map<ConnectionId, Record<string, number>>()
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly runtime: Runtime,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Replaces the token; the answer is the only place where it ever stands. */
  async rotate(id: ConnectionId): Promise<string> {
    const token = randomBytes(32).toString("base64url")
    await this.runtime.ledger.setHookToken(id, sha256(token).toString("hex"))
    this.known.delete(id)
    return token
  }

  /** Whether a call may come in, before anything of its body is read; null when it may. */
  async admit({ connection, token }: HookHead): Promise<HookReply | null> {
    const id = connectionId(connection)
    if (!this.runtime.connections.options(id)) return NOWHERE
    const known = await this.knownOf(id)
    if (known.hash === null || !timingSafeEqual(sha256(token), known.hash)) {
      return this.refuse(id, "unauthorized")
    }
    return this.takeOne(known) ? null : this.refuse(id, "rate_limited")
  }

  /** Takes a call that was admitted: marks what it hints at, and answers without waiting for the look. */
  async receive(head: HookHead, body: Buffer): Promise<HookReply> {
    const id = connectionId(head.connection)
    const hooks = this.connector(id)?.hooks
    if (!hooks) return this.refuse(id, "unsupported")
    const { method, path, query, headers } = head
    try {
      const answer = await hooks.receive({ method, path, query, headers, body })
      if (!answer.accepted) {
        this.count(id, "malformed")
        return { status: answer.status, body: answer.body }
      }
      await this.mark(id, answer.hints)
      this.count(id, "accepted")
      return { status: answer.status, body: answer.body }
    } catch (error) {
      this.runtime.context.log(
        "warn",
        `${id}: a call was not taken: ${error instanceof Error ? error.message : String(error)}`,
      )
      return this.refuse(id, "failed")
    }
  }

  /** The answer to a call that is not taken; it is counted. */
  refuse(id: ConnectionId, reason: Refusal): HookReply {
    this.count(id, reason)
    return this.connector(id)?.capabilities.hook_refusal ?? NOWHERE
  }

  /** Stores what was counted. */
  async flush(): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    const counts = [...this.counts]
    this.counts.clear()
    for (const [id, added] of counts) await this.runtime.ledger.countHooks(id, added)
  }

  private connector(id: ConnectionId): Connector | null {
    return this.runtime.connections.connector(id)
  }

  private async knownOf(id: ConnectionId): Promise<Known> {
    const present = this.known.get(id)
    if (present && this.now() - present.read_at < TOKEN_MS) return present
    const row = await this.runtime.ledger.hook(id)
    const known: Known = {
      hash: row?.token_hash ? Buffer.from(row.token_hash, "hex") : null,
      read_at: this.now(),
      left: present?.left ?? BURST,
      counted_at: present?.counted_at ?? this.now(),
    }
    this.known.set(id, known)
    return known
  }

  private takeOne(known: Known): boolean {
    const now = this.now()
    known.left = Math.min(BURST, known.left + ((now - known.counted_at) / 1000) * PER_SECOND)
    known.counted_at = now
    if (known.left < 1) return false
    known.left -= 1
    return true
  }

  /** A hint without an id asks for a look at what changed; one that waits already is not queued twice. */
  private async mark(id: ConnectionId, hints: Hint[]): Promise<void> {
    const { ledger } = this.runtime
    const row = await ledger.connection(id)
    // Before the first synchronisation there is nothing that a hint could add to.
    if (!row || row.approved_at === null) return
    await ledger.markDirty(
      id,
      hints.flatMap(({ stream, id: erp_id }) =>
        erp_id === null ? [] : [{ stream, erp_id, reason: "hook" }],
      ),
    )
    const streams = hints.flatMap(({ stream, id: erp_id }) => (erp_id === null ? [stream] : []))
    for (const lane of ["background", "interactive"] as const) {
      const own = LANE_STREAMS[lane].filter((stream) => streams.includes(stream))
      if (row.state === "active" && own.length > 0) {
        await ledger.enqueueRun(id, {
          kind: "delta",
          lane,
          streams: own,
          state: "queued",
          approved: true,
        })
      }
    }
    this.runtime.wake(id)
  }

  private count(id: ConnectionId, what: Refusal | "accepted"): void {
    const own = this.counts.get(id) ?? {}
    this.counts.set(id, { ...own, [what]: (own[what] ?? 0) + 1 })
    this.timer ??= setTimeout(() => {
      this.flush().catch((error: unknown) => {
        this.runtime.context.log("warn", `Calls were not counted: ${String(error)}`)
      })
    }, COUNTED_MS).unref()
  }
}

const NOWHERE: HookReply = { status: 404, body: "" }

const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest()

const doors = new WeakMap<Runtime, HookDoor>()

/** The door of a store's runtime, made on first use. */
export const hookDoorOf = (runtime: Runtime): HookDoor => {
  const present = doors.get(runtime)
  if (present) return present
  const door = new HookDoor(runtime)
  doors.set(runtime, door)
  void runtime.service.onShutdown(() => door.flush())
  return door
}
