import { StatusBadge } from "@medusajs/ui"
import type { ConnectionState, RecordView, RunView } from "../../runtime/views"
import { useText } from "../lib/use-text"

type Color = "green" | "red" | "blue" | "orange" | "grey"

const CONNECTION: { [state in ConnectionState]: Color } = {
  in_sync: "green",
  working: "blue",
  needs_you: "orange",
  paused: "red",
  never_run: "grey",
}

const RUN: { [state in RunView["state"]]: Color } = {
  queued: "grey",
  awaiting_approval: "orange",
  running: "blue",
  completed: "green",
  failed: "red",
  cancelled: "grey",
}

const RECORD: { [state in RecordView["state"]]: Color } = {
  creating: "blue",
  linked: "green",
  gone: "orange",
  tombstone: "grey",
}

const badge = "shrink-0 text-nowrap"

export const ConnectionBadge = ({ state }: { state: ConnectionState }) => {
  const text = useText()
  return (
    <StatusBadge color={CONNECTION[state]} className={badge}>
      {text(`state.${state}`)}
    </StatusBadge>
  )
}

export const RunBadge = ({ state }: { state: RunView["state"] }) => {
  const text = useText()
  return (
    <StatusBadge color={RUN[state]} className={badge}>
      {text(`runState.${state}`)}
    </StatusBadge>
  )
}

export const RecordBadge = ({ state }: { state: RecordView["state"] }) => {
  const text = useText()
  return (
    <StatusBadge color={RECORD[state]} className={badge}>
      {text(`record.state.${state}`)}
    </StatusBadge>
  )
}
