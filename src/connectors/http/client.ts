import axios, { AxiosInstance } from "axios"
import { SyncError } from "../../sync/errors"
import type { HttpOptions, Lane, RequestCounter } from "../contract"
import { createAgents } from "./agents"
import { Clock, systemClock } from "./clock"
import { MAY_HAVE_HAPPENED, networkError } from "./failures"
import { Governor } from "./governor"
import { Redact } from "./redact"
import { parseRetryAfter, withRetries } from "./retry"

export interface HttpRequest {
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE"
  /** Absolute, or relative to the client's base address. */
  url: string
  headers?: Record<string, string>
  body?: string
  /** What is being done, for messages: `Odoo product.template.search_read`. */
  tried: string
  /** Reads are tried again; anything else is sent once. */
  idempotent: boolean
  lane?: Lane
  signal?: AbortSignal
  /** Asked of a write when its turn has come: after a false nothing is sent. */
  may_send?: () => boolean
  /** Codes of transient errors that the caller deals with itself: they are not tried again here. */
  leave?: ReadonlySet<string>
}

export interface HttpAnswer {
  status: number
  headers: Record<string, string>
  content_type: string
  text: string
  retry_after_ms: number | undefined
}

/** Makes a value of an answer, or throws a SyncError. */
export type Interpret<T> = (answer: HttpAnswer) => T | Promise<T>

export interface HttpClientOptions {
  base_url: string
  http: HttpOptions
  defaults: Required<
    Pick<HttpOptions, "timeout_ms" | "in_flight" | "per_second" | "max_attempts">
  > & { max_bytes: number; max_wait_ms: number }
  redact: Redact
  log: (level: "debug" | "info" | "warn" | "error", message: string) => void
  clock?: Clock
}

/** One connection's way out: one governor, one time-out rule, one redaction for everything sent. */
export class HttpClient implements RequestCounter {
  readonly #options: HttpClientOptions
  readonly #clock: Clock
  readonly #governor: Governor
  readonly #axios: AxiosInstance
  readonly #timeout: number
  readonly #closing = new AbortController()
  readonly #destroyAgents: () => void

  constructor(options: HttpClientOptions) {
    const inFlight = options.http.in_flight ?? options.defaults.in_flight
    const { httpAgent, httpsAgent, destroy } = createAgents(options.http, inFlight)
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#timeout = options.http.timeout_ms ?? options.defaults.timeout_ms
    this.#destroyAgents = destroy
    this.#governor = new Governor(
      { in_flight: inFlight, per_second: options.http.per_second ?? options.defaults.per_second },
      this.#clock,
    )
    this.#axios = axios.create({
      baseURL: options.base_url,
      httpAgent,
      httpsAgent,
      // Only the connection's own option counts; a proxy of the environment would see credentials.
      proxy: false,
      maxRedirects: 0,
      maxContentLength: options.defaults.max_bytes,
      maxBodyLength: options.defaults.max_bytes,
      responseType: "text",
      transformResponse: [(body: unknown) => body],
      validateStatus: () => true,
    })
  }

  get requests(): number {
    return this.#governor.requests
  }

  /**
   * Sends, and hands the answer to `interpret`, which returns its value or throws a SyncError; a
   * transient one is tried again if the request is idempotent.
   * @throws SyncError; the signal's reason when aborted
   */
  call<T>(request: HttpRequest, interpret: Interpret<T>): Promise<T> {
    return withRetries(() => this.#attempt(request, interpret), {
      clock: this.#clock,
      max_attempts: this.#options.http.max_attempts ?? this.#options.defaults.max_attempts,
      max_wait_ms: this.#options.defaults.max_wait_ms,
      idempotent: request.idempotent,
      leave: request.leave,
      signal: request.signal
        ? AbortSignal.any([request.signal, this.#closing.signal])
        : this.#closing.signal,
      onWait: (error, ms) => this.#options.log("warn", `${error.message} Next try in ${ms} ms.`),
    })
  }

  /** Aborts what is under way, rejects what is queued, closes the sockets. */
  close(): void {
    const closed = new SyncError({
      kind: "transient",
      code: "closed",
      message: "The connection is closed.",
      remedy: "It is opened again by the next run.",
    })
    this.#closing.abort(closed)
    this.#governor.close(closed)
    this.#destroyAgents()
  }

  async #attempt<T>(request: HttpRequest, interpret: Interpret<T>): Promise<T> {
    try {
      const answer = await this.#governor.run(() => this.#sendInTime(request), request)
      return await interpret(answer)
    } catch (error) {
      if (!(error instanceof SyncError)) throw error
      if (error.retry_after_ms !== undefined) this.#governor.pause(error.retry_after_ms)
      throw this.#told(error, request)
    }
  }

  #sendInTime(request: HttpRequest): Promise<HttpAnswer> {
    if (!request.idempotent && request.may_send?.() === false) {
      throw new SyncError({
        kind: "transient",
        code: "sent_too_late",
        message: `${request.tried}: its turn came too late, and it was not sent.`,
        remedy: "The record is looked at again.",
      })
    }
    return this.#send(request)
  }

  async #send(request: HttpRequest): Promise<HttpAnswer> {
    const deadline = new AbortController()
    const abort = () => deadline.abort()
    const cancel = this.#clock.timer(abort, this.#timeout)
    const signals = [request.signal, this.#closing.signal]
    for (const signal of signals) signal?.addEventListener("abort", abort, { once: true })
    try {
      const answer = await this.#axios.request<string>({
        method: request.method,
        url: request.url,
        headers: request.headers,
        data: request.body,
        signal: deadline.signal,
      })
      const headers = Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
      )
      return {
        status: answer.status,
        headers,
        content_type: headers["content-type"] ?? "",
        text: answer.data ?? "",
        retry_after_ms: parseRetryAfter(headers["retry-after"], headers["date"], this.#clock.now()),
      }
    } catch (error) {
      for (const signal of signals) if (signal?.aborted) throw signal.reason
      throw networkError(error, request.tried, deadline.signal.aborted)
    } finally {
      cancel()
      for (const signal of signals) signal?.removeEventListener("abort", abort)
    }
  }

  /** The same error without secrets, and for a write with what is not known. */
  #told(error: SyncError, request: HttpRequest): SyncError {
    return new SyncError({
      kind: error.kind,
      code: error.code,
      message: this.#options.redact(error.message),
      remedy: this.#options.redact(error.remedy),
      scope: error.scope,
      retry_after_ms: error.retry_after_ms,
      outcome_unknown:
        error.outcome_unknown || (!request.idempotent && MAY_HAVE_HAPPENED.has(error.code)),
      record: error.record,
      field: error.field,
      value: error.value === undefined ? undefined : this.#options.redact(error.value),
    })
  }
}
