import type { ConnectionView } from "../../../runtime/views"
import { useFormat } from "../../lib/use-format"
import { useText } from "../../lib/use-text"
import { RunBadge } from "../badges"
import { Fact } from "../fact"
import { Time } from "../time"

/** What is known of a connection, line by line. */
export const ConnectionFacts = ({ connection }: { connection: ConnectionView }) => {
  const text = useText()
  const format = useFormat()
  const { host, identity, links, dirty } = connection
  const linked = [
    text("connection.linkedProducts", { count: links.products }),
    text("connection.linkedVariants", { count: links.variants }),
    text("connection.linkedCategories", { count: links.categories }),
  ]
  return (
    <>
      <Fact name={text("connection.host")}>{host ?? "-"}</Fact>
      {identity && identity.warehouses.length > 0 && (
        <Fact name={text("connection.warehouses")}>
          {format.list(identity.warehouses.map(({ name }) => name))}
        </Fact>
      )}
      {identity && identity.currencies.length > 0 && (
        <Fact name={text("connection.currencies")}>
          {format.list(identity.currencies.map((currency) => currency.toUpperCase()))}
        </Fact>
      )}
      <Fact name={text("connection.linked")}>{format.list(linked)}</Fact>
      <Fact name={text("connection.waiting")}>
        {dirty > 0
          ? text("connection.waitingRecords", { count: dirty })
          : text("connection.nothingWaiting")}
      </Fact>
      {connection.parked > 0 && (
        <Fact name={text("connection.parked")}>{format.number(connection.parked)}</Fact>
      )}
      <Fact name={text("connection.checks")}>
        <CheckResult connection={connection} />
      </Fact>
      <Fact name={text("connection.lastRun")}>
        <LastRun connection={connection} />
      </Fact>
    </>
  )
}

const CheckResult = ({ connection }: { connection: ConnectionView }) => {
  const text = useText()
  const { checks, checked_at } = connection
  if (!checked_at) return text("connection.neverChecked")
  const count = checks.filter(({ ok }) => !ok).length
  return (
    <span>
      {count > 0 ? text("connection.checksFailed", { count }) : text("connection.checksPassed")}
      {" · "}
      <Time at={checked_at} />
    </span>
  )
}

const LastRun = ({ connection }: { connection: ConnectionView }) => {
  const text = useText()
  const run = connection.last_run
  if (!run) return text("schedule.never")
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <RunBadge state={run.state} />
      <Time at={run.finished_at ?? run.started_at ?? run.created_at} />
    </span>
  )
}
