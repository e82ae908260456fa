import { Stream, StreamRecord } from "../sync/canonical"
import { SyncError } from "../sync/errors"
import { ErpId } from "../sync/ids"
import { Batch, emptyTally } from "./context"
import { PageWork } from "./commit"
import { ParkedRecord } from "./ports"

export const emptyPage = (now: string): PageWork => ({
  now,
  links: [],
  names: [],
  parked: [],
  healed: [],
  dirty: [],
  journal: [],
  adopted: new Set(),
  pushed: new Map(),
  written: new Map(),
  swept: [],
  tally: emptyTally(),
})

/** Records that did not pass the door park; they count as seen, so that no sweep takes them for gone. */
export const parkRejected = (
  page: PageWork,
  stream: Stream,
  entity: ParkedRecord["entity"],
  batch: Batch<StreamRecord>,
): void => {
  for (const rejected of batch.rejected) {
    page.parked.push({
      stream,
      entity,
      erp_id: rejected.id,
      field: rejected.field,
      reason: "invalid",
      message: `${rejected.field} ${rejected.reason}`,
      value: rejected.value,
      remedy: rejected.remedy,
      version: rejected.version,
    })
  }
  page.tally.read += batch.rejected.length
  if (batch.rejected.length > 0) {
    page.swept.push({ entity, erp_ids: batch.rejected.map((rejected) => rejected.id) })
    // What was parked under another field of the same record is replaced by the present reason.
    page.healed.push(
      ...[...new Set(batch.rejected.map((rejected) => rejected.id))].map((id) => ({
        entity,
        erp_id: id,
      })),
    )
  }
}

const ENTITY_OF: Readonly<Record<Stream, ParkedRecord["entity"]>> = {
  categories: "category",
  products: "product",
  prices: "variant",
  stock: "variant",
  images: "product",
}

/** A record whose whole look failed for a reason of its own. */
export const failedRecord = (stream: Stream, id: ErpId, error: SyncError): ParkedRecord => ({
  stream,
  entity: ENTITY_OF[stream],
  erp_id: id,
  field: "*",
  reason: error.code,
  message: error.message,
  value: null,
  remedy: error.remedy,
  version: null,
})

/** A record that the store refused, or that failed for a reason of its own. */
export const parkFailed = (
  page: PageWork,
  stream: Stream,
  entity: ParkedRecord["entity"],
  id: ErpId,
  error: SyncError,
  field: string = error.field ?? "*",
): void => {
  if (error.kind === "transient" || error.kind === "conflict") {
    page.dirty.push({ stream, erp_id: id, reason: error.code, delay_ms: 30_000 })
    return
  }
  page.parked.push({
    stream,
    entity,
    erp_id: id,
    field,
    reason: error.code,
    message: error.message,
    value: error.value ?? null,
    remedy: error.remedy,
    version: null,
  })
  page.healed.push({ entity, erp_id: id })
}
