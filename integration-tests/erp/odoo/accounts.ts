import { createHash } from "node:crypto"
import type { User } from "./orm/env"

/** Odoo locks a login out for a minute after five failures. */
const FAILURES = 5
const COOLDOWN = 60_000_000

export interface Account extends User {
  readonly name: string
  readonly password: string
  readonly apiKey: string
}

interface KeyState {
  readonly account: Account
  /** Microseconds since 1970; undefined for a key that does not expire. */
  expires: number | undefined
  revoked: boolean
}

function keyFor(login: string): string {
  return createHash("sha1").update(`odoo-simulator:${login}`).digest("hex")
}

const ADMINISTRATOR = { uid: 2, login: "admin", name: "Mitchell Admin", readOnly: false }
const BOT = { uid: 7, login: "syncbot", name: "Sync Bot", readOnly: false }
const READER = { uid: 8, login: "reader", name: "Read Only", readOnly: true }

/** The people and keys that may call. The ids are those of a demo database. */
export class Accounts {
  readonly all: readonly Account[] = [ADMINISTRATOR, BOT, READER].map((user) => ({
    ...user,
    password: `${user.login}-password`,
    apiKey: keyFor(user.login),
  }))
  private readonly keys = new Map<string, KeyState>(
    this.all.map((account) => [account.apiKey, { account, expires: undefined, revoked: false }]),
  )
  /** Pairs of uid and secret that `execute_kw` has accepted before. */
  private readonly accepted = new Set<string>()
  private readonly failures = new Map<string, { count: number; last: number }>()

  /** The account a connection uses. */
  get bot(): Account {
    return this.named(BOT.login)
  }

  /** An account that may read and not write. */
  get reader(): Account {
    return this.named(READER.login)
  }

  private named(login: string): Account {
    const found = this.all.find((account) => account.login === login)
    if (found === undefined) throw new Error(`No account ${login}`)
    return found
  }

  /** The owner of an API key, undefined when it is unknown, expired or revoked. */
  byKey(key: string, now: number): Account | undefined {
    const state = this.keys.get(key)
    if (state === undefined || state.revoked) return undefined
    return state.expires !== undefined && state.expires <= now ? undefined : state.account
  }

  /** Copies: an API key works in place of the password. */
  private accepts(account: Account, secret: string, now: number): boolean {
    return secret === account.password || this.byKey(secret, now) === account
  }

  /** `authenticate`: the uid, or `false` (not an error) for a wrong password or a locked out login. */
  authenticate(login: string, secret: string, now: number): number | false {
    const failed = this.failures.get(login)
    const locked = failed !== undefined && failed.count >= FAILURES && now - failed.last < COOLDOWN
    const account = this.all.find((candidate) => candidate.login === login)
    if (!locked && account !== undefined && this.accepts(account, secret, now)) {
      this.failures.delete(login)
      return account.uid
    }
    this.failures.set(login, { count: (failed?.count ?? 0) + 1, last: now })
    return false
  }

  /**
   * The check `execute_kw` makes on every call. Copies: a pair that was accepted once stays so, also
   * when the key has expired meanwhile; `authenticate` and JSON-2 notice at once.
   */
  verify(uid: number, secret: string, now: number): Account | undefined {
    const account = this.all.find((candidate) => candidate.uid === uid)
    if (account === undefined) return undefined
    const pair = `${uid}:${secret}`
    if (this.accepted.has(pair)) return account
    if (!this.accepts(account, secret, now)) return undefined
    this.accepted.add(pair)
    return account
  }

  /** Lets the key of an account run out at a moment (now, when none is given). */
  expireKey(account: Account, at = 0): void {
    const state = this.keys.get(account.apiKey)
    if (state !== undefined) state.expires = at
  }

  revokeKey(account: Account): void {
    const state = this.keys.get(account.apiKey)
    if (state !== undefined) state.revoked = true
    this.accepted.clear()
  }

  /** Makes the key of an account valid again. */
  renewKey(account: Account): void {
    const state = this.keys.get(account.apiKey)
    if (state === undefined) return
    state.revoked = false
    state.expires = undefined
  }
}
