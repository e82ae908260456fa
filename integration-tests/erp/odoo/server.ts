import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { mutated, plannedError, type FaultPlan, type FaultRule } from "./faults"
import { LockedError } from "./orm/errors"
import { isList, isObject } from "./orm/values"
import { PROTOCOLS } from "./protocols"
import {
  isReply,
  parsePythonJson,
  type CallResult,
  type RemoteCall,
  type ServerSide,
} from "./protocols/protocol"
import { JSON_TYPE, loginPage, notFound, proxyPage } from "./protocols/reply"
import type { Incoming, Reply } from "./protocols/reply"
import type { RequestLog } from "./request-log"

/** Answers that are not Odoo's: the demo page and the control addresses. */
export type SideDoor = (request: Incoming) => Reply | undefined | Promise<Reply | undefined>

export interface ServerParts extends ServerSide {
  readonly faults: FaultPlan
  readonly log: RequestLog
  readonly sideDoor: SideDoor
}

/** How the answer leaves: whole, cut in the middle, never, or with a broken connection. */
type Delivery = "whole" | "cut" | "never" | "broken"

interface Outcome {
  readonly reply: Reply
  readonly delivery: Delivery
  readonly call?: string
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds).unref())

function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    request.on("data", (part: Buffer) => parts.push(part))
    request.on("end", () => resolve(Buffer.concat(parts).toString("utf8")))
    request.on("error", reject)
  })
}

/**
 * Runs a call. A row held by an open transaction makes it wait and start over, as Odoo does; when
 * that takes too long the answer is `SerializationFailure` and nothing was committed.
 */
async function runWaiting(call: RemoteCall, parts: ServerParts): Promise<CallResult> {
  const deadline = Date.now() + parts.faults.lockWaitMilliseconds
  for (;;) {
    try {
      return call.run()
    } catch (error) {
      const left = deadline - Date.now()
      if (!(error instanceof LockedError) || left <= 0) throw error
      await Promise.race([parts.backend.db.nextUnlock(), pause(left)])
    }
  }
}

async function answer(
  call: RemoteCall,
  parts: ServerParts,
  fault: FaultRule | undefined,
): Promise<Reply> {
  try {
    const result = await runWaiting(call, parts)
    if (fault?.kind !== "mutate") return call.answer(result)
    return call.answer({ ...result, value: mutated(fault, result.value) })
  } catch (error) {
    return call.fail(error)
  }
}

const NOTHING: Reply = { status: 200, type: JSON_TYPE, body: "" }

function faultReply(call: RemoteCall, fault: FaultRule): Outcome {
  switch (fault.kind) {
    case "status": {
      const retry = fault.retryAfter
      const headers: Record<string, string> =
        retry === undefined ? {} : { "Retry-After": String(retry) }
      return { reply: { ...proxyPage(fault.status ?? 503), headers }, delivery: "whole" }
    }
    case "html":
      return { reply: loginPage(), delivery: "whole" }
    case "empty":
      return { reply: NOTHING, delivery: "whole" }
    case "error":
      return { reply: call.fail(plannedError(fault)), delivery: "whole" }
    case "hang":
      return { reply: NOTHING, delivery: "never" }
    default:
      return { reply: NOTHING, delivery: "broken" }
  }
}

async function serveCall(call: RemoteCall, parts: ServerParts): Promise<Outcome> {
  const fault = parts.faults.next(call.name)
  if (fault === undefined) {
    return { reply: await answer(call, parts, fault), delivery: "whole", call: call.name }
  }
  if (fault.milliseconds !== undefined) await pause(fault.milliseconds)
  if (fault.kind === "delay" || fault.kind === "mutate") {
    return { reply: await answer(call, parts, fault), delivery: "whole", call: call.name }
  }
  if (fault.kind === "truncate") {
    return { reply: await answer(call, parts, fault), delivery: "cut", call: call.name }
  }
  // The call runs and commits, yet the client will not learn it.
  if (fault.when === "after") await answer(call, parts, undefined)
  return { ...faultReply(call, fault), call: call.name }
}

async function serve(request: Incoming, parts: ServerParts): Promise<Outcome> {
  // Copies: Odoo refuses compressed requests.
  if (request.headers["content-encoding"] !== undefined) {
    return { reply: { ...proxyPage(400) }, delivery: "whole" }
  }
  for (const protocol of PROTOCOLS) {
    const outcome = protocol.read(request, parts)
    if (outcome === undefined) continue
    return isReply(outcome)
      ? { reply: outcome, delivery: "whole", call: `http ${request.path}` }
      : serveCall(outcome, parts)
  }
  const aside = await parts.sideDoor(request)
  if (aside !== undefined) return { reply: aside, delivery: "whole" }
  const page = request.path === "/" || request.path === "/web/login" ? loginPage() : notFound()
  return { reply: page, delivery: "whole", call: `http ${request.path}` }
}

function deliver(response: ServerResponse, { reply, delivery }: Outcome): number {
  if (delivery === "never") return 0
  if (delivery === "broken") {
    response.socket?.destroy()
    return 0
  }
  const body = Buffer.from(reply.body, "utf8")
  response.writeHead(reply.status, {
    "Content-Type": reply.type,
    "Content-Length": body.length,
    Server: "Werkzeug/2.2.2 Python/3.11.2",
    // Copies: Odoo closes every connection and never compresses.
    Connection: "close",
    ...reply.headers,
  })
  if (delivery === "cut") {
    response.write(body.subarray(0, body.length >> 1), () => response.socket?.destroy())
    return body.length >> 1
  }
  response.end(body)
  return body.length
}

const WRITE = /^(.+)\.(write|web_save|web_save_multi)$/

/** JSON-2 names the records in `ids`; the other protocols are not counted. */
function noteWritten(log: RequestLog, call: string, body: string): void {
  const model = WRITE.exec(call)?.[1]
  if (model === undefined) return
  const request: unknown = parsePythonJson(body)
  const ids = isObject(request) ? request["ids"] : undefined
  if (isList(ids)) {
    log.addWritten(
      model,
      ids.filter((id): id is number => typeof id === "number"),
    )
  }
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  parts: ServerParts,
): Promise<void> {
  const started = performance.now()
  const body = await readBody(request)
  const path = (request.url ?? "/").split("?")[0] ?? "/"
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  )
  const sidePath = path === "/" || path.startsWith("/simulator/")
  const incoming: Incoming = {
    method: request.method ?? "GET",
    path: sidePath ? (request.url ?? "/") : path,
    headers,
    body,
  }
  const outcome = await serve(incoming, parts)
  const bytesOut = deliver(response, outcome)
  if (outcome.call === undefined) return
  if (path.startsWith("/json/2/") && outcome.reply.status === 200) {
    noteWritten(parts.log, outcome.call, body)
  }
  parts.log.add({
    call: outcome.call,
    status: outcome.reply.status,
    bytesIn: Buffer.byteLength(body),
    bytesOut,
    milliseconds: performance.now() - started,
  })
}

/** Starts the server; resolves when it listens. */
export async function listen(
  parts: ServerParts,
  host: string,
  port: number,
): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    respond(request, response, parts).catch(() => response.socket?.destroy())
  })
  server.requestTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, host, resolve)
  })
  const { port: bound } = server.address() as AddressInfo
  return { server, url: `http://${host === "0.0.0.0" ? "127.0.0.1" : host}:${bound}` }
}
