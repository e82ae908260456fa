import { Container } from "@medusajs/ui"
import type { ConnectionView } from "../../../runtime/views"
import { isAlive } from "../../lib/queries"
import { useText } from "../../lib/use-text"
import { Notice } from "../notice"
import { Approval } from "./approval"
import { ConnectionFacts } from "./connection-facts"
import { ConnectionHeader } from "./connection-header"
import { RunProgress } from "./run-progress"
import { StreamTable } from "./stream-table"

/** Everything about one connection. */
export const ConnectionCard = ({ connection }: { connection: ConnectionView }) => {
  const run = connection.current_run
  return (
    <Container className="divide-y overflow-hidden p-0">
      <ConnectionHeader connection={connection} />
      <Troubles connection={connection} />
      {run?.state === "awaiting_approval" && <Approval connection={connection} run={run} />}
      {isAlive(run) && <RunProgress run={run} />}
      <ConnectionFacts connection={connection} />
      <StreamTable connection={connection} />
    </Container>
  )
}

/** Why it does not go on, which checks failed, and what the last run died of. */
const Troubles = ({ connection }: { connection: ConnectionView }) => {
  const text = useText()
  const { reason, checks, current_run, last_run, state } = connection
  const failed = checks.filter(({ ok }) => !ok)
  const isApproval = current_run?.state === "awaiting_approval"
  // The reason of a pause is often a check that failed: say it once.
  const isRepeated = failed.some(
    ({ code, message }) => code === reason?.code || message === reason?.message,
  )
  const error = last_run?.state === "failed" && !isAlive(current_run) ? last_run.error : null
  const isOldNews = error !== null && (error.code === reason?.code || failed.length > 0)

  if (!failed.length && (isApproval || !reason) && (!error || isOldNews)) return null
  return (
    <div className="flex flex-col gap-y-4 px-6 py-4">
      {reason && !isApproval && !isRepeated && (
        <Notice variant={state === "paused" ? "error" : "warning"} {...pick(reason)} />
      )}
      {failed.map((check) => (
        <Notice key={check.code} variant="error" {...pick(check)} />
      ))}
      {error && !isOldNews && (
        <Notice variant="error" title={text("connection.lastError")} {...pick(error)} />
      )}
    </div>
  )
}

const pick = ({ message, remedy }: { message: string; remedy: string }) => ({ message, remedy })
