import { Connected } from "./context"

/**
 * A request goes out within this time after it was announced, or not at all: whoever stalls longer
 * finds that others count on it being over.
 */
export const SEND_WITHIN_MS = 30_000

/**
 * Until when a request announced now may take effect in the ERP: the time to send it, and twice the
 * longest that one lives.
 * @param at database time, ISO
 */
export const requestLife = (connected: Connected, at: string): string => {
  const life = SEND_WITHIN_MS + 2 * connected.connector.capabilities.longest_request_ms
  return new Date(Date.parse(at) + life).toISOString()
}
