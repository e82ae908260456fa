import { INotificationModuleService, MedusaContainer } from "@medusajs/framework/types"
import { Modules } from "@medusajs/framework/utils"
import { EngineContext } from "../engine/context"
import { OutgoingEvent } from "../engine/ports"
import { ErpLedger, Tx } from "../modules/erp/ledger"
import { ConnectionId } from "../sync/ids"
import { ErpEvent, ErpEvents } from "./events"

/** Group of the events that tell of the sync itself, not of records of the store. */
const GROUP = "erp-notice"

type Telling = Pick<EngineContext<Tx>, "emit" | "log"> & {
  /** Shows a notice in the admin's feed, where the store has one. */
  feed(title: string, description: string): Promise<void>
}

/**
 * The ledger, telling Medusa's event bus what a person may want to know: runs that end, connections that
 * pause and go on, a guard that trips. An event commits with what it tells, and goes out afterwards.
 */
export const withNotices = (ledger: ErpLedger, telling: Telling): ErpLedger => {
  const committing = new WeakMap<Tx, { ids: string[]; events: ErpEvent[] }>()

  const note = async (tx: Tx, event: ErpEvent): Promise<void> => {
    const ids = await ledger.queueEvents(tx, GROUP, [outgoing(event)])
    const noted = committing.get(tx)
    noted?.ids.push(...ids)
    noted?.events.push(event)
  }

  const transaction: ErpLedger["transaction"] = async (work) => {
    const noted: { ids: string[]; events: ErpEvent[] } = { ids: [], events: [] }
    const result = await ledger.transaction((tx) => {
      committing.set(tx, noted)
      return work(tx)
    })
    await tell({ ...telling, ledger }, noted.ids, noted.events)
    return result
  }

  return {
    ...ledger,
    transaction,

    async saveRun(tx, runId, owner, leaseMs, patch) {
      if (patch.state !== "completed" && patch.state !== "failed") {
        return ledger.saveRun(tx, runId, owner, leaseMs, patch)
      }
      const save = async (own: Tx) => {
        const saved = await ledger.saveRun(own, runId, owner, leaseMs, patch)
        const run = saved.ours ? await ledger.run(runId) : null
        if (run) await note(own, endOf({ ...run, ...patch }))
        return saved
      }
      return tx ? save(tx) : transaction(save)
    },

    async saveConnection(id, patch) {
      const before = patch.state === undefined ? null : await ledger.connection(id)
      await ledger.saveConnection(id, patch)
      const event = before && changeOf(id, before, patch)
      if (event) await transaction((tx) => note(tx, event))
    },

    async park(tx, connection, records) {
      const held = records.filter((record) => record.reason === MASS_CHANGE)
      const [first] = held
      const before =
        first &&
        (await ledger.listParked({
          connection_id: connection,
          reason: MASS_CHANGE,
          limit: 1,
          offset: 0,
        }))
      await ledger.park(tx, connection, records)
      if (first && before?.count === 0) {
        await note(tx, {
          name: "erp.guard.tripped",
          data: {
            connection_id: connection,
            stream: first.stream,
            changes: held.length,
            message: `${first.message} ${first.remedy}`,
          },
        })
      }
    },
  }
}

const outgoing = ({ name, data }: ErpEvent): OutgoingEvent => ({ name, data: { ...data } })

const MASS_CHANGE = "mass_change"

type EndedRun = NonNullable<Awaited<ReturnType<ErpLedger["run"]>>>

const endOf = ({
  id,
  connection_id,
  kind,
  streams,
  counters,
  state,
  error,
}: EndedRun): ErpEvent => {
  const data = { id, connection_id, kind, streams, counters }
  return state === "failed" && error
    ? { name: "erp.run.failed", data: { ...data, error } }
    : { name: "erp.run.completed", data }
}

const changeOf = (
  id: ConnectionId,
  before: { state: string },
  patch: Parameters<ErpLedger["saveConnection"]>[1],
): ErpEvent | null => {
  if (patch.state === "paused" && before.state !== "paused") {
    return { name: "erp.paused", data: { connection_id: id, reason: patch.reason ?? null } }
  }
  return patch.state === "active" && before.state === "paused"
    ? { name: "erp.resumed", data: { connection_id: id } }
    : null
}

const tell = async (
  telling: Telling & { ledger: ErpLedger },
  ids: string[],
  events: ErpEvent[],
): Promise<void> => {
  if (events.length === 0) return
  try {
    await telling.emit(GROUP, events.map(outgoing))
    await telling.ledger.confirmEvents(ids)
  } catch (error) {
    telling.log("warn", `Events are sent again later: ${String(error)}`)
  }
  for (const event of events) {
    const words = wordsOf(event)
    if (words) await telling.feed(words.title, words.description)
  }
}

const wordsOf = (event: ErpEvent): { title: string; description: string } | null => {
  switch (event.name) {
    case "erp.run.failed":
      return {
        title: `Synchronisation of ${event.data.connection_id} failed`,
        description: failureWords(event.data.error),
      }
    case "erp.paused":
      return {
        title: `Connection ${event.data.connection_id} is paused`,
        description:
          `${event.data.reason?.message ?? ""} ${event.data.reason?.remedy ?? ""}`.trim(),
      }
    case "erp.guard.tripped":
      return {
        title: `Changes of ${event.data.connection_id} wait for approval`,
        description: event.data.message,
      }
    default:
      return null
  }
}

const failureWords = ({ streams = [], message, remedy }: ErpEvents["erp.run.failed"]["error"]) =>
  `${streams.length > 0 ? `${streams.join(", ")}: ` : ""}${message} ${remedy}`

/** A writer of the admin's feed; a store without the notification module shows nothing. */
export const feedOf =
  (container: MedusaContainer, log: EngineContext<Tx>["log"]): Telling["feed"] =>
  async (title, description) => {
    const notifications = container.resolve<INotificationModuleService | undefined>(
      Modules.NOTIFICATION,
      { allowUnregistered: true },
    )
    try {
      await notifications?.createNotifications({
        to: "",
        channel: "feed",
        template: "admin-ui",
        data: { title, description },
      })
    } catch (error) {
      log(
        "debug",
        `A notice was not shown: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }
