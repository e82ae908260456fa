import { Knex } from "@medusajs/framework/mikro-orm/knex"
import { LogLevel } from "../engine/context"

const CHANNEL = "erp_dirty"
/** Tells hints for all connections from one for a connection of that name. */
const ALL = "*"
/** A database behind a pooler that shares its sessions accepts LISTEN and delivers nothing. */
const PROOF_MS = 5_000
const PING_MS = 60_000
const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 60_000
/** From so many failures in a row on a person should know. */
const NOTABLE_FAILURES = 3

/** A session of its own, as the driver gives it. */
export interface ListeningSession {
  query(statement: string): Promise<unknown>
  on(event: "notification", heard: (message: { payload?: string }) => void): unknown
  on(event: "error" | "end", lost: () => void): unknown
  unref(): void
  end(): Promise<void>
}

export interface ListenerParts {
  /** Opens a session outside of the pool. */
  connect(): Promise<ListeningSession>
  /** Sends a payload through the pool, where hints come from too. */
  notify(payload: string): Promise<void>
  /** This process, whose own hints are not news to it. */
  owner: string
  /** A connection has something due; null: any may have. */
  heard(connection: string | null): void
  log(level: LogLevel, message: string): void
}

/** Tells every instance that listens that keys of a connection, or of any, are due now. */
export const announce = async (
  db: Knex,
  owner: string,
  connection: string | null,
): Promise<void> => {
  await notify(db, `${connection ?? ALL} ${owner}`)
}

export const notify = async (db: Knex, payload: string): Promise<void> => {
  await db.raw("select pg_notify(?, ?)", [CHANNEL, payload])
}

/** A session with the pool's own settings; Knex declares no type for this method of its client. */
export const sessionOf = async (db: Knex): Promise<ListeningSession> => {
  const client: { acquireRawConnection(): Promise<ListeningSession> } = db.client
  return client.acquireRawConnection()
}

/**
 * Hears within milliseconds what other instances marked. A lost session is opened again; one that
 * nothing can reach is given up with one warning, and the minute's tick does its work. Never keeps the
 * process alive.
 */
export class Listener {
  private session: ListeningSession | undefined
  private failures = 0
  private closed = false
  private proof: () => void = () => undefined
  private retry: NodeJS.Timeout | undefined
  private ping: NodeJS.Timeout | undefined

  constructor(private readonly parts: ListenerParts) {}

  /** Resolves once it listens, or has failed to for now. */
  async open(): Promise<void> {
    if (this.closed) {
      return
    }
    try {
      const session = await this.parts.connect()
      await this.listenOn(session)
    } catch (error) {
      this.failed(error)
    }
  }

  async close(): Promise<void> {
    this.closed = true
    clearTimeout(this.retry)
    await this.drop()
  }

  private async listenOn(session: ListeningSession): Promise<void> {
    session.unref()
    this.session = session
    const lost = (): void => {
      if (this.session === session && !this.closed) {
        this.failed(new Error("the session ended"))
      }
    }
    session.on("error", lost)
    session.on("end", lost)
    session.on("notification", ({ payload }) => this.hear(payload ?? ""))
    const refusal = await this.refusal(session)
    if (refusal !== null) {
      this.giveUp(refusal)
      return
    }
    if (this.closed) {
      await this.drop()
      return
    }
    this.failures = 0
    let answered = true
    this.ping = setInterval(() => {
      if (!answered) {
        lost()
        return
      }
      answered = false
      session.query("select 1").then(() => (answered = true), lost)
    }, PING_MS).unref()
    // Whatever was said before it listened.
    this.parts.heard(null)
  }

  private hear(payload: string): void {
    const [connection = ALL, sender] = payload.split(" ")
    if (sender === this.parts.owner) {
      this.proof()
    } else {
      this.parts.heard(connection === ALL ? null : connection)
    }
  }

  /** Why this database cannot serve; null when it does. */
  private async refusal(session: ListeningSession): Promise<string | null> {
    try {
      await session.query(`listen ${CHANNEL}`)
    } catch (error) {
      if (isRefusal(error)) {
        return error.message
      }
      throw error
    }
    return (await this.isReached()) ? null : "nothing that is sent arrives"
  }

  /** Hears itself through the pool. */
  private async isReached(): Promise<boolean> {
    const arrived = new Promise<boolean>((resolve) => {
      this.proof = () => resolve(true)
      setTimeout(() => resolve(false), PROOF_MS).unref()
    })
    await this.parts.notify(`${ALL} ${this.parts.owner}`)
    return arrived
  }

  private failed(error: unknown): void {
    void this.drop()
    if (this.closed) {
      return
    }
    this.failures += 1
    const wait = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.failures - 1))
    this.parts.log(
      this.failures === NOTABLE_FAILURES ? "warn" : "debug",
      `not listening for hints of other instances, next attempt in ${wait / 1000} s: ${messageOf(error)}`,
    )
    clearTimeout(this.retry)
    this.retry = setTimeout(() => void this.open(), wait).unref()
  }

  private giveUp(reason: string): void {
    this.closed = true
    void this.drop()
    this.parts.log(
      "warn",
      `the database does not pass on hints between instances (${reason}): they wait for the minute's tick. ` +
        "A pooler must hold sessions (not transactions) for LISTEN to work.",
    )
  }

  private async drop(): Promise<void> {
    const { session } = this
    this.session = undefined
    clearInterval(this.ping)
    await session?.end().catch(() => undefined)
  }
}

/** SQLSTATE classes that pass by themselves: connection, resources, operator, system. */
const PASSING = /^(08|53|55|57|58)/

/** The server answered, and said that it will not. */
const isRefusal = (error: unknown): error is Error & { code: string } =>
  error instanceof Error &&
  "code" in error &&
  typeof error.code === "string" &&
  /^[0-9A-Z]{5}$/.test(error.code) &&
  !PASSING.test(error.code)

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)
