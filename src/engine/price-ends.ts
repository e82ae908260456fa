import { ErpId } from "../sync/ids"
import { DirtyKey } from "./ports"

/** The ERP's clock may be behind the database's: it is not asked again and again until it has caught up. */
const SOONEST_MS = 60_000

/** Looks of the day on which a price ends or another begins: no edit tells of that. */
export const whenPricesEnd = (
  prices: readonly { id: ErpId; valid_until?: string | null | undefined }[],
  readAt: string,
): DirtyKey[] =>
  prices.flatMap(({ id, valid_until: until }): DirtyKey[] =>
    until === undefined || until === null
      ? []
      : [
          {
            stream: "prices",
            erp_id: id,
            reason: "price_ends",
            delay_ms: Math.max(SOONEST_MS, Date.parse(until) - Date.parse(readAt)),
          },
        ],
  )
