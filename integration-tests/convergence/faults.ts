import { SyncError } from "../../src/sync/errors"
import { Random } from "./random"

/** Failures of the network and the database, at a rate that the scenario sets and may set to none. */
export class Faults {
  injected = 0

  constructor(
    private readonly random: Random,
    /** The share of calls that fail. */
    public rate: number,
  ) {}

  /** Before anything happened. @throws SyncError */
  before(label: string): void {
    this.maybe(label, this.rate / 2, "connection_reset")
  }

  /** It happened, and the answer was lost. @throws SyncError */
  after(label: string): void {
    this.maybe(label, this.rate / 2, "reply_lost")
  }

  maybe(label: string, rate: number, code: string): void {
    if (this.random.chance(rate)) {
      this.injected += 1
      throw new SyncError({
        kind: "transient",
        code,
        message: `${label}: ${code}`,
        remedy: "It is tried again.",
        ...(code === "reply_lost" ? { outcome_unknown: true } : {}),
      })
    }
  }

  happens(rate: number): boolean {
    const happens = this.rate > 0 && this.random.chance(rate)
    this.injected += happens ? 1 : 0
    return happens
  }
}
