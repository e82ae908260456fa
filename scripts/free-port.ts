import { createServer } from "node:net"

/**
 * A TCP port that is free on `localhost` now: the preferred one, else one the system picks.
 */
export async function freePort(preferred = 0): Promise<number> {
  return (await tryPort(preferred)) ?? (await tryPort(0)) ?? preferred
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once("error", () => resolve(undefined))
    // No host: the port has to be free on IPv4 and IPv6 alike.
    server.listen({ port }, () => {
      const address = server.address()
      const found = typeof address === "object" && address ? address.port : undefined
      server.close(() => resolve(found))
    })
  })
}
