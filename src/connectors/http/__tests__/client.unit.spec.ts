import { createServer, RequestListener, Server } from "node:http"
import { AddressInfo, connect } from "node:net"

import type { HttpOptions } from "../../contract"
import { HttpClient, HttpRequest } from "../client"
import { statusError } from "../failures"
import { createRedactor } from "../redact"

const SECRET = "s3cret-key"
const DEFAULTS = {
  timeout_ms: 400,
  in_flight: 2,
  per_second: 1000,
  max_attempts: 1,
  max_bytes: 10_000,
  max_wait_ms: 5000,
}

describe("the HTTP client", () => {
  const servers: Server[] = []
  const clients: HttpClient[] = []
  const said: string[] = []

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close()
    for (const server of servers.splice(0)) {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  })

  const serve = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener)
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const clientTo = (base_url: string, http: HttpOptions = {}): HttpClient => {
    const client = new HttpClient({
      base_url,
      http,
      defaults: DEFAULTS,
      redact: createRedactor([SECRET]),
      log: (_level, message) => said.push(message),
    })
    clients.push(client)
    return client
  }
  const request: HttpRequest = {
    method: "POST",
    url: "/path",
    headers: { Authorization: `bearer ${SECRET}` },
    body: "{}",
    tried: `ERP reading with ${SECRET}`,
    idempotent: true,
  }
  const get = (client: HttpClient, changes: Partial<HttpRequest> = {}) =>
    client.call({ ...request, ...changes }, (answer) => {
      if (answer.status >= 300) throw statusError(answer, request.tried)
      return answer.text
    })

  it("does not send a write whose turn comes too late, and says that nothing happened", async () => {
    let calls = 0
    const url = await serve((_incoming, response) => {
      calls += 1
      response.end("{}")
    })
    const late = { may_send: () => false }
    await expect(get(clientTo(url), { ...late, idempotent: false })).rejects.toMatchObject({
      kind: "transient",
      code: "sent_too_late",
      outcome_unknown: false,
    })
    expect(calls).toBe(0)
    await expect(get(clientTo(url), late)).resolves.toBe("{}")
  })

  it("sends body and headers, and counts", async () => {
    const url = await serve((incoming, response) => {
      incoming.pipe(response)
    })
    const client = clientTo(url)
    await expect(get(client, { body: "{}" })).resolves.toBe("{}")
    expect(client.requests).toBe(1)
  })

  it("does not follow a redirect with credentials", async () => {
    const url = await serve((_, response) => {
      response.writeHead(301, { Location: "https://elsewhere.example/" }).end()
    })
    await expect(get(clientTo(url))).rejects.toMatchObject({ kind: "config", code: "redirected" })
  })

  it("refuses an answer that is too large", async () => {
    const url = await serve((_, response) => {
      response.end("x".repeat(20_000))
    })
    await expect(get(clientTo(url))).rejects.toMatchObject({ code: "response_too_large" })
  })

  it("times out though bytes keep trickling in", async () => {
    const url = await serve((_, response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write("x"), 50)
      response.on("close", () => clearInterval(timer))
    })
    await expect(get(clientTo(url))).rejects.toMatchObject({ kind: "transient", code: "timeout" })
  })

  it("says of a write that got no answer that its outcome is not known, and does not repeat it", async () => {
    let calls = 0
    const url = await serve((incoming) => {
      calls += 1
      incoming.socket.destroy()
    })
    const client = clientTo(url, { max_attempts: 3 })
    await expect(get(client, { idempotent: false })).rejects.toMatchObject({
      outcome_unknown: true,
    })
    expect(calls).toBe(1)
    await expect(get(client)).rejects.toMatchObject({ outcome_unknown: false })
    expect(calls).toBe(4)
  })

  it("never tells a secret", async () => {
    const url = await serve((_, response) => {
      response.writeHead(503).end(SECRET)
    })
    const error = await get(clientTo(url, { max_attempts: 2 })).catch((thrown: unknown) => thrown)
    expect(String(error) + JSON.stringify(error)).not.toContain(SECRET)
    expect(said.join("\n")).not.toContain(SECRET)
    expect((error as Error).cause).toBeUndefined()
  })

  it.each([
    ["http://127.0.0.1:9", "unreachable"],
    ["http://no-such-host.invalid", "host_unknown"],
    ["http://[not-an-address", "url_invalid"],
  ])("reports %s as %s", async (url, code) => {
    await expect(get(clientTo(url))).rejects.toMatchObject({ code })
  })

  it("goes through a proxy by CONNECT, whose credentials are not told", async () => {
    const url = await serve((_, response) => {
      response.end("through")
    })
    const asked: string[] = []
    const proxy = createServer()
    servers.push(proxy)
    proxy.on("connect", (incoming, socket) => {
      asked.push(incoming.url ?? "")
      const { port, hostname } = new URL(`http://${incoming.url ?? ""}`)
      const upstream = connect(Number(port), hostname, () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n")
        upstream.pipe(socket).pipe(upstream)
      })
      socket.on("error", () => upstream.destroy())
      upstream.on("error", () => socket.destroy())
    })
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve))
    const { port } = proxy.address() as AddressInfo
    const client = clientTo(url, { proxy: `http://user:${SECRET}@127.0.0.1:${port}` })
    await expect(get(client)).resolves.toBe("through")
    expect(asked).toEqual([new URL(url).host])
  })

  it("closes: what is under way ends, and nothing more is sent", async () => {
    const url = await serve(() => {})
    const client = clientTo(url)
    const hanging = get(client).catch((error: unknown) => error)
    await new Promise((resolve) => setTimeout(resolve, 50))
    client.close()
    await expect(hanging).resolves.toMatchObject({ code: "closed" })
    await expect(get(client)).rejects.toMatchObject({ code: "closed" })
    expect(client.requests).toBe(1)
  })
})
