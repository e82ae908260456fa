import {
  createServer,
  IncomingMessage,
  request as forward,
  Server,
  ServerResponse,
} from "node:http"
import type { AddressInfo } from "node:net"

import type { Fault } from "./subject"

export interface FaultProxy {
  /** Where the connector sends its requests instead of to the ERP. */
  url: string
  fault(fault: Fault): void
  heal(): void
  close(): Promise<void>
}

/**
 * A plain HTTP proxy before an ERP or its double that spoils answers on demand, so that the same
 * faults can be tried on any of them.
 *
 * @param target address of the ERP, http without a path
 * @param shorten takes one record out of an answer's page; what has none comes back unchanged
 */
export const startFaultProxy = async (
  target: string,
  shorten: (body: string) => string,
): Promise<FaultProxy> => {
  let active: { fault: Fault; left: number } | null = null
  const timers = new Set<NodeJS.Timeout>()
  const next = (): Fault | null => {
    if (!active || active.left <= 0) return null
    active.left -= 1
    return active.fault
  }
  const server = createServer((request, response) => {
    const fault = next()
    const pass = () => relay(target, request, response, (body) => alter(fault, body, shorten))
    if (fault?.kind === "slow") {
      const timer = setTimeout(() => {
        timers.delete(timer)
        pass()
      }, fault.ms)
      timers.add(timer)
      response.on("close", () => {
        clearTimeout(timer)
        timers.delete(timer)
      })
      return
    }
    if (!fault || fault.kind === "truncated" || fault.kind === "short") return pass()
    request.resume()
    request.on("end", () => replace(fault, response))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: (fault) => {
      active = { fault, left: fault.times }
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

const relay = (
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
  alterBody: (body: string) => string,
): void => {
  const { method, headers, url = "/" } = request
  const onward = forward(`${target}${url}`, { method, headers, agent: false }, (answer) => {
    const parts: Buffer[] = []
    answer.on("data", (part: Buffer) => parts.push(part))
    answer.on("error", () => response.socket?.destroy())
    answer.on("end", () => {
      const body = alterBody(Buffer.concat(parts).toString("utf8"))
      const kept = Object.entries(answer.headers).filter(([name]) => !FRAMING.has(name))
      response.writeHead(answer.statusCode ?? 502, Object.fromEntries(kept))
      response.end(body)
    })
  })
  onward.on("error", () => response.socket?.destroy())
  // Whoever gave up must not leave the request to the ERP hanging.
  response.on("close", () => onward.destroy())
  request.pipe(onward)
}

/** Headers that say where the body ends: it may have become another. */
const FRAMING: ReadonlySet<string> = new Set(["content-length", "transfer-encoding", "connection"])

const closeAll = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
