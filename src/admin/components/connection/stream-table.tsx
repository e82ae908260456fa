import { ExclamationCircleSolid } from "@medusajs/icons"
import { Table, Tooltip } from "@medusajs/ui"
import type { ConnectionView, StreamView } from "../../../runtime/views"
import { isAlive } from "../../lib/queries"
import { useFormat } from "../../lib/use-format"
import { useText } from "../../lib/use-text"
import { Time } from "../time"

/** Per stream: how often, when it last succeeded, and when it is due again. */
export const StreamTable = ({ connection }: { connection: ConnectionView }) => {
  const text = useText()
  const run = connection.current_run
  if (connection.streams.length === 0) return null
  return (
    <div className="overflow-x-auto">
      <Table>
        <Table.Header className="border-t-0">
          <Table.Row>
            <Table.HeaderCell>{text("schedule.stream")}</Table.HeaderCell>
            <Table.HeaderCell>{text("schedule.interval")}</Table.HeaderCell>
            <Table.HeaderCell>{text("schedule.lastSuccess")}</Table.HeaderCell>
            <Table.HeaderCell>{text("schedule.nextDue")}</Table.HeaderCell>
          </Table.Row>
        </Table.Header>
        <Table.Body className="border-b-0 [&_tr:last-child]:border-b-0">
          {connection.streams.map((stream) => (
            <StreamRow
              key={stream.stream}
              stream={stream}
              isUnderWay={isAlive(run) && run.streams.includes(stream.stream)}
            />
          ))}
        </Table.Body>
      </Table>
    </div>
  )
}

interface StreamRowProps {
  stream: StreamView
  /** Whether a run of it is under way: its last run is then no failure yet. */
  isUnderWay: boolean
}

const StreamRow = ({ stream, isUnderWay }: StreamRowProps) => {
  const text = useText()
  const format = useFormat()
  return (
    <Table.Row>
      <Table.Cell className="text-ui-fg-base">{text(`stream.${stream.stream}`)}</Table.Cell>
      <Table.Cell className="whitespace-nowrap">{format.duration(stream.interval_ms)}</Table.Cell>
      <Table.Cell>
        <LastSuccess stream={stream} isUnderWay={isUnderWay} />
      </Table.Cell>
      <Table.Cell>
        <NextDue at={stream.next_due_at} />
      </Table.Cell>
    </Table.Row>
  )
}

const LastSuccess = ({ stream, isUnderWay }: StreamRowProps) => {
  const text = useText()
  const { last_run_at, last_success_at } = stream
  // ISO 8601 in UTC sorts as text.
  const isFailing = !isUnderWay && last_run_at !== null && (last_success_at ?? "") < last_run_at
  return (
    <span className="flex items-center gap-x-1.5">
      {last_success_at ? <Time at={last_success_at} /> : text("schedule.never")}
      {isFailing && (
        <Tooltip content={text("schedule.failing")}>
          <ExclamationCircleSolid
            className="text-ui-tag-orange-icon"
            role="img"
            aria-label={text("schedule.failing")}
          />
        </Tooltip>
      )}
    </span>
  )
}

const NextDue = ({ at }: { at: string | null }) => {
  const text = useText()
  if (!at) return "-"
  return new Date(at).getTime() <= Date.now() ? text("schedule.due") : <Time at={at} />
}
