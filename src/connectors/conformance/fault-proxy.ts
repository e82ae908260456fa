import type { ClientRequest, IncomingHttpHeaders } from "node:http"
import { createServer, request as forward, Server, ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

import type { Fault } from "./subject"

export interface FaultProxy {
  /** Where the connector sends its requests instead of to the ERP. */
  url: string
  fault(fault: Fault): void
  heal(): void
  close(): Promise<void>
}

/** A request as it reached the proxy. */
export interface ProxiedRequest {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: string
}

/**
 * A plain HTTP proxy before an ERP or its double that spoils answers on demand, so that the same
 * faults can be tried on any of them.
 *
 * @param target address of the ERP, http without a path
 * @param shorten takes one record out of an answer's page; what has none comes back unchanged
 * @param isWrite which requests change something: `lost` and `late` happen to those alone
 */
export const startFaultProxy = async (
  target: string,
  shorten: (body: string) => string,
  isWrite: (request: ProxiedRequest) => boolean = () => false,
): Promise<FaultProxy> => {
  let active: { fault: Fault; left: number; toSkip: number } | null = null
  const timers = new Set<NodeJS.Timeout>()
  const next = (request: ProxiedRequest): Fault | null => {
    if (!active || active.left <= 0) return null
    if (OF_WRITES.has(active.fault.kind) && !isWrite(request)) return null
    if (active.toSkip > 0) {
      active.toSkip -= 1
      return null
    }
    active.left -= 1
    return active.fault
  }
  const after = (ms: number, run: () => void): NodeJS.Timeout => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      run()
    }, ms)
    timers.add(timer)
    return timer
  }
  const answer = (request: ProxiedRequest, response: ServerResponse): void => {
    const fault = next(request)
    const pass = () => {
      const onward = relay(target, request, response, (body) => alter(fault, body, shorten))
      // Whoever gave up must not leave the request to the ERP hanging.
      response.on("close", () => onward.destroy())
    }
    if (!fault) return pass()
    switch (fault.kind) {
      case "truncated":
      case "short":
        return pass()
      case "slow": {
        const timer = after(fault.ms, pass)
        response.on("close", () => {
          clearTimeout(timer)
          timers.delete(timer)
        })
        return
      }
      case "lost":
        relay(target, request, response, () => null)
        return
      case "late":
        after(fault.ms, () => relay(target, request, response, (body) => body))
        return
      default:
        return replace(fault, response)
    }
  }
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on("data", (part: Buffer) => parts.push(part))
    request.on("end", () => {
      const { method = "GET", url = "/", headers } = request
      answer({ method, url, headers, body: Buffer.concat(parts).toString("utf8") }, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: (fault) => {
      const toSkip = fault.kind === "lost" ? (fault.after ?? 0) : 0
      active = { fault, left: fault.times, toSkip }
    },
    heal: () => {
      active = null
    },
    close: () => {
      for (const timer of timers) clearTimeout(timer)
      return closeAll(server)
    },
  }
}

const OF_WRITES: ReadonlySet<Fault["kind"]> = new Set(["lost", "late"])

const replace = (fault: Fault, response: ServerResponse): void => {
  switch (fault.kind) {
    case "html":
      response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" })
      response.end("<!DOCTYPE html><title>Log in</title><form></form>")
      return
    case "empty":
      response.writeHead(200, { "Content-Type": "application/json" }).end()
      return
    case "status":
      response.writeHead(fault.status, { "Content-Type": "text/html", ...fault.headers })
      response.end(`<h1>${fault.status}</h1>`)
      return
    default:
      response.socket?.destroy()
  }
}

const alter = (fault: Fault | null, body: string, shorten: (body: string) => string): string => {
  if (fault?.kind === "truncated") return body.slice(0, Math.floor(body.length / 2))
  return fault?.kind === "short" ? shorten(body) : body
}

/** Sends the request on, and its answer back as `alterBody` makes it; null cuts the connection. */
const relay = (
  target: string,
  { method, url, headers, body: sent }: ProxiedRequest,
  response: ServerResponse,
  alterBody: (body: string) => string | null,
): ClientRequest => {
  const onward = forward(`${target}${url}`, { method, headers, agent: false }, (answer) => {
    const parts: Buffer[] = []
    answer.on("data", (part: Buffer) => parts.push(part))
    answer.on("error", () => response.socket?.destroy())
    answer.on("end", () => {
      const body = alterBody(Buffer.concat(parts).toString("utf8"))
      if (body === null) {
        response.socket?.destroy()
        return
      }
      const kept = Object.entries(answer.headers).filter(([name]) => !FRAMING.has(name))
      response.writeHead(answer.statusCode ?? 502, Object.fromEntries(kept))
      response.end(body)
    })
  })
  onward.on("error", () => response.socket?.destroy())
  onward.end(sent)
  return onward
}

/** Headers that say where the body ends: it may have become another. */
const FRAMING: ReadonlySet<string> = new Set(["content-length", "transfer-encoding", "connection"])

const closeAll = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
