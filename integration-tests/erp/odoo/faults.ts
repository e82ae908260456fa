import { OdooError } from "./orm/errors"
import type { Json } from "./orm/values"

/** What goes wrong. */
export type FaultKind =
  "status" | "html" | "empty" | "truncate" | "hang" | "reset" | "delay" | "error" | "mutate"

export interface FaultRule {
  readonly kind: FaultKind
  /** Which calls, tested against `model.method`; all when absent. */
  readonly match?: string | RegExp
  /** How many matching requests; 1 unless there is a probability, then all. */
  readonly times?: number
  /** Matching requests that pass before the first fault. */
  readonly after?: number
  /** Chance per matching request, 0 to 1. */
  readonly probability?: number
  /**
   * Whether the call runs, and commits, before the fault: a client then cannot know the outcome.
   * Default `before`. `truncate` and `mutate` always run it.
   */
  readonly when?: "before" | "after"
  /** `status`: 429, 500, 502, 503, 504 … with a body as servers and proxies send it. */
  readonly status?: number
  /** `status`: seconds for the `Retry-After` header. */
  readonly retryAfter?: number
  /** `delay`, and also a pause before any other kind. */
  readonly milliseconds?: number
  /** `error`: a Python exception, such as `psycopg2.errors.SerializationFailure`. */
  readonly name?: string
  readonly message?: string
  /** `mutate`: changes the result (or the record itself) into what no real server sends. */
  readonly change?: (result: Json) => Json
  /** `mutate` without a function: this field of every record gets this value. */
  readonly field?: string
  readonly value?: Json
}

interface ActiveRule {
  readonly rule: FaultRule
  readonly pattern: RegExp
  left: number
  toSkip: number
}

/** A small generator of numbers from a seed (mulberry32): the same seed gives the same faults. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The faults to come. The first rule that matches a request and is due, applies. */
export class FaultPlan {
  private rules: ActiveRule[] = []
  private random: () => number
  /** Faults that happened, by kind. */
  readonly hits: { [kind: string]: number } = {}
  /**
   * How long a write waits for a row that an open transaction holds, before it answers
   * `SerializationFailure`. The real one tries five times, which takes 12 to 18 seconds.
   */
  lockWaitMilliseconds = 15_000

  constructor(seed = 1) {
    this.random = seededRandom(seed)
  }

  /** Starts the random sequence anew. */
  seed(seed: number): void {
    this.random = seededRandom(seed)
  }

  /** Adds a rule; answers a function that takes it back. */
  add(rule: FaultRule): () => void {
    const source = rule.match ?? /./
    const active: ActiveRule = {
      rule,
      pattern: typeof source === "string" ? new RegExp(source) : source,
      left: rule.times ?? (rule.probability === undefined ? 1 : Infinity),
      toSkip: rule.after ?? 0,
    }
    this.rules.push(active)
    return () => {
      this.rules = this.rules.filter((other) => other !== active)
    }
  }

  clear(): void {
    this.rules = []
  }

  /** The fault for this request, if one is due. */
  next(call: string): FaultRule | undefined {
    for (const active of this.rules) {
      if (active.left <= 0 || !active.pattern.test(call)) continue
      if (active.toSkip > 0) {
        active.toSkip -= 1
        continue
      }
      const { probability } = active.rule
      if (probability !== undefined && this.random() >= probability) continue
      active.left -= 1
      this.hits[active.rule.kind] = (this.hits[active.rule.kind] ?? 0) + 1
      return active.rule
    }
    return undefined
  }
}

/** The exception of an `error` rule. */
export function plannedError(rule: FaultRule): OdooError {
  const name = rule.name ?? "psycopg2.errors.SerializationFailure"
  const message = rule.message ?? "could not serialize access due to concurrent update\n"
  return new OdooError(name, message, rule.status ?? 500)
}

/** The result a `mutate` rule makes of a good one. */
export function mutated(rule: FaultRule, result: Json): Json {
  if (rule.change !== undefined) return rule.change(result)
  const { field, value = null } = rule
  if (field === undefined) return result
  return JSON.parse(JSON.stringify(result), (_key, item: unknown) => {
    const isRecord = typeof item === "object" && item !== null && field in item
    return isRecord ? { ...item, [field]: value } : item
  }) as Json
}
