import { Agent as HttpAgent } from "node:http"
import { Agent as HttpsAgent } from "node:https"
import { HttpsProxyAgent } from "https-proxy-agent"
import type { HttpOptions } from "../contract"

export interface Agents {
  httpAgent: HttpAgent
  httpsAgent: HttpAgent
  destroy(): void
}

/** Keep-alive agents of one connection, with its proxy, authorities and client certificate. */
export const createAgents = (options: HttpOptions, inFlight: number): Agents => {
  const shared = { keepAlive: true, maxSockets: inFlight }
  const tls = { ca: options.ca, cert: options.cert, key: options.key }
  const agents = options.proxy
    ? {
        // CONNECT for plain http too: then the proxy never sees a body with credentials to log.
        httpAgent: new HttpsProxyAgent(options.proxy, shared) as HttpAgent,
        httpsAgent: new HttpsProxyAgent(options.proxy, { ...shared, ...tls }) as HttpAgent,
      }
    : { httpAgent: new HttpAgent(shared), httpsAgent: new HttpsAgent({ ...shared, ...tls }) }
  return {
    ...agents,
    destroy: () => {
      agents.httpAgent.destroy()
      agents.httpsAgent.destroy()
    },
  }
}
