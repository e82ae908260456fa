import { Button, Drawer, Heading } from "@medusajs/ui"
import type { ReactNode } from "react"
import type { RunView } from "../../../runtime/views"
import { useFormat } from "../../lib/use-format"
import { useText } from "../../lib/use-text"
import { RunBadge } from "../badges"
import { Notice } from "../notice"
import { Time } from "../time"
import { runDuration } from "./run-duration"

export interface RunDrawerProps {
  run: RunView | null
  onClose: () => void
}

/** The details of one run, beside the list. */
export const RunDrawer = ({ run, onClose }: RunDrawerProps) => {
  const text = useText()
  return (
    <Drawer open={run !== null} onOpenChange={(isOpen) => !isOpen && onClose()}>
      {run && (
        <Drawer.Content>
          <Drawer.Header>
            <Drawer.Title asChild>
              <Heading>{text("runs.detailsOf", { connection: run.connection_id })}</Heading>
            </Drawer.Title>
            <Drawer.Description className="txt-small text-ui-fg-subtle">
              {run.id}
            </Drawer.Description>
          </Drawer.Header>
          <Drawer.Body className="flex flex-1 flex-col overflow-y-auto p-0">
            <Details run={run} />
          </Drawer.Body>
          <Drawer.Footer>
            <Drawer.Close asChild>
              <Button size="small" variant="secondary">
                {text("actions.close")}
              </Button>
            </Drawer.Close>
          </Drawer.Footer>
        </Drawer.Content>
      )}
    </Drawer>
  )
}

const Details = ({ run }: { run: RunView }) => {
  const text = useText()
  const format = useFormat()
  const ms = runDuration(run)
  const { done, total } = run.position
  const missed = format.list((run.error?.streams ?? []).map((stream) => text(`stream.${stream}`)))
  return (
    <div className="divide-y">
      {run.error && (
        <div className="px-6 py-4">
          <Notice
            variant="error"
            message={[missed, run.error.message].filter((part) => part !== "").join(": ")}
            remedy={run.error.remedy}
          />
        </div>
      )}
      <dl className="flex flex-col gap-y-3 px-6 py-4">
        <Line name={text("runs.state")}>
          <RunBadge state={run.state} />
        </Line>
        <Line name={text("runs.kind")}>{text(`runKind.${run.kind}`)}</Line>
        <Line name={text("runs.streams")}>
          {format.list(run.streams.map((stream) => text(`stream.${stream}`)))}
        </Line>
        <Line name={text("runs.lane")}>{text(`lane.${run.lane}`)}</Line>
        <Line name={text("runs.created")}>
          <Time at={run.created_at} />
        </Line>
        <Line name={text("runs.started")}>
          {run.started_at ? <Time at={run.started_at} /> : text("runs.notStarted")}
        </Line>
        <Line name={text("runs.finished")}>
          {run.finished_at ? <Time at={run.finished_at} /> : text("runs.stillRunning")}
        </Line>
        <Line name={text("runs.duration")}>{ms === null ? "-" : format.duration(ms)}</Line>
        <Line name={text("runs.records")}>
          {total === null ? format.number(done) : text("progress.of", { done, total })}
        </Line>
      </dl>
      <Counters run={run} />
    </div>
  )
}

const COUNTERS = [
  "read",
  "created",
  "updated",
  "unchanged",
  "parked",
  "gone",
  "writes",
  "events",
  "requests",
] as const

const Counters = ({ run }: { run: RunView }) => {
  const text = useText()
  const format = useFormat()
  return (
    <dl className="flex flex-col gap-y-3 px-6 py-4">
      {COUNTERS.map((name) => (
        <Line key={name} name={text(`counter.${name}`)}>
          {format.number(run.counters[name])}
        </Line>
      ))}
    </dl>
  )
}

const Line = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="grid grid-cols-2 items-center gap-x-4">
    <dt className="txt-compact-small-plus text-ui-fg-subtle">{name}</dt>
    <dd className="txt-compact-small text-ui-fg-base tabular-nums">{children}</dd>
  </div>
)
