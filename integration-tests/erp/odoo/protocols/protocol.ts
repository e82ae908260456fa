import type { Accounts } from "../accounts"
import type { Backend } from "../backend"
import type { Json } from "../orm/values"
import type { Incoming, Reply } from "./reply"

/** What a protocol works with. */
export interface ServerSide {
  readonly backend: Backend
  readonly accounts: Accounts
}

/** A request that a protocol understood: what it calls, and how to answer it. */
export interface RemoteCall {
  /** `model.method`, or `common.authenticate` and the like: the name for counters and faults. */
  readonly name: string
  /** Runs the call; may throw what the real one raises. */
  readonly run: () => CallResult
  readonly answer: (result: CallResult) => Reply
  /** How this protocol reports an exception. */
  readonly fail: (error: unknown) => Reply
}

export interface CallResult {
  /** `null` is Python's None. */
  readonly value: Json
  /** The value holds a float that JSON has no word for. */
  readonly notANumber: boolean
}

/** One wire protocol: a file and a line in `protocols/index.ts`. */
export interface Protocol {
  /** A call to run, an answer right away, or undefined when the request is not for this protocol. */
  readonly read: (request: Incoming, server: ServerSide) => RemoteCall | Reply | undefined
}

export function isReply(outcome: RemoteCall | Reply): outcome is Reply {
  return "status" in outcome
}

/**
 * JSON as Python writes it. Copies: NaN and infinities go out as bare words, which are no JSON; a
 * strict client fails to parse the whole answer.
 */
export function pythonJson(value: unknown, notANumber: boolean): string {
  if (!notANumber) return JSON.stringify(value)
  const marked = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "number" && !Number.isFinite(item) ? `\u0000${item}\u0000` : item,
  )
  return marked.replace(/"\\u0000(-?Infinity|NaN)\\u0000"/g, "$1")
}

/** Reads JSON as Python does, bare `NaN` included. */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const patched = text.replace(/([:,[]\s*)(-?Infinity|NaN)(?=\s*[,\]}])/g, '$1"\\u0000$2"')
    if (patched === text) throw error
    return JSON.parse(patched, (_key, item: unknown) =>
      typeof item === "string" && item.startsWith("\u0000") ? Number(item.slice(1)) : item,
    )
  }
}
