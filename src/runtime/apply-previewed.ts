import { applyChosen, ChosenBatch, ChosenField, LeftField } from "../engine/apply-chosen"
import { Connected } from "../engine/context"
import { LinkOfConnection } from "../modules/erp/ledger"
import { ErpId } from "../sync/ids"
import { readForPerson } from "./erp-readings"
import { toOf } from "./plans"
import { Runtime } from "./runtime"
import { AppliedView } from "./two-way-views"

type Left = AppliedView["changed"][number]

/**
 * Writes those of the fields that are planned exactly as they were shown, now and while the caller waits,
 * and tells of the rest. Nothing is written that was not shown and chosen.
 * @throws SyncError when a record fails for a reason of its own
 */
export const applyPreviewed = async (
  runtime: Runtime,
  items: ChosenField[],
): Promise<AppliedView> => {
  const links = await runtime.ledger.linksById([...new Set(items.map((item) => item.link_id))])
  const known = new Set(links.map((link) => link.id))
  const changed: Left[] = items
    .filter((item) => !known.has(item.link_id))
    .map((item) => leftAlone(item, "unknown"))
  for (const id of new Set(links.map((link) => link.connection_id))) {
    const own = links.filter((link) => link.connection_id === id)
    const connected = await runtime.connections.one(id)
    changed.push(...(await applyTo(runtime, connected, own, items)))
  }
  return { applied: items.length - changed.length, changed }
}

const applyTo = async (
  runtime: Runtime,
  connected: Connected | null,
  links: LinkOfConnection[],
  items: ChosenField[],
): Promise<Left[]> => {
  const left: Left[] = []
  for (const stream of ["categories", "products"] as const) {
    const ofStream = links.filter(
      (link) => (link.entity === "category") === (stream === "categories"),
    )
    const size = connected?.connector.capabilities.max_read_batch ?? ofStream.length
    const keys = [...new Set(ofStream.map(keyOf))]
    for (let start = 0; start < keys.length; start += size) {
      const chunk = new Set(keys.slice(start, start + size))
      const ids = new Set(ofStream.filter((link) => chunk.has(keyOf(link))).map(({ id }) => id))
      const chosen = items.filter((item) => ids.has(item.link_id))
      const read = connected && (await readChosen(runtime, connected, stream, [...chunk]))
      left.push(
        ...(connected && read
          ? (await applyChosen(runtime.context, connected, read, chosen)).map(leftView)
          : chosen.map((item) => leftAlone(item, "unreadable"))),
      )
    }
  }
  return left
}

/** Variants are read and planned with their product. */
const keyOf = (link: LinkOfConnection): ErpId => link.parent_erp_id ?? link.erp_id

/** Null when the ERP cannot be read. */
const readChosen = async (
  { ledger }: Runtime,
  connected: Connected,
  stream: ChosenBatch["stream"],
  ids: ErpId[],
): Promise<ChosenBatch | null> => {
  const known = {
    rejected: [],
    missing: [],
    read_seq: await ledger.nextSeq(),
    read_at: await ledger.now(),
    run_id: null,
    may_skip: false,
    values_follow: false,
  }
  if (stream === "products") {
    const { read } = await readForPerson(connected, stream, ids)
    return read && { stream, batch: { ...known, records: read.records } }
  }
  const { read } = await readForPerson(connected, stream, ids)
  return read && { stream, batch: { ...known, records: read.records } }
}

const leftView = ({ chosen, plan, waits }: LeftField): Left => ({
  link_id: chosen.link_id,
  field: chosen.field,
  reason: waits ? "waits" : plan ? "changed" : "unknown",
  erp: plan?.erp ?? null,
  medusa: plan?.medusa ?? null,
  outcome: plan?.decision.outcome ?? null,
  to: plan ? toOf(plan.decision) : null,
})

const leftAlone = (item: ChosenField, reason: "unknown" | "unreadable"): Left => ({
  link_id: item.link_id,
  field: item.field,
  reason,
  erp: null,
  medusa: null,
  outcome: null,
  to: null,
})
