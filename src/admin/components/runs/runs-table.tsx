import { ChevronRightMini } from "@medusajs/icons"
import { clx, IconButton, Table } from "@medusajs/ui"
import type { RunView } from "../../../runtime/views"
import { useFormat } from "../../lib/use-format"
import { useText } from "../../lib/use-text"
import { RunBadge } from "../badges"
import { Time } from "../time"
import { runDuration } from "./run-duration"

const COUNTED = ["read", "created", "updated", "parked"] as const

/** What gives way on a narrow screen; the details have it still. */
const NARROW: { [name in (typeof COUNTED)[number]]?: string } = { read: "max-lg:hidden" }
const NUMBER = "text-right tabular-nums whitespace-nowrap"

export interface RunsTableProps {
  runs: RunView[]
  /** Of use only in a store with several connections. */
  hasConnectionColumn: boolean
  onOpen: (run: RunView) => void
}

/** Runs as rows; a row opens its details. */
export const RunsTable = ({ runs, hasConnectionColumn, onOpen }: RunsTableProps) => {
  const text = useText()
  return (
    <div className="overflow-x-auto">
      <Table className="[&_td]:pr-4 [&_th]:pr-4">
        <Table.Header className="border-t-0 [&_th]:whitespace-nowrap">
          <Table.Row>
            <Table.HeaderCell>{text("runs.state")}</Table.HeaderCell>
            {hasConnectionColumn && <Table.HeaderCell>{text("runs.connection")}</Table.HeaderCell>}
            <Table.HeaderCell>{text("runs.kind")}</Table.HeaderCell>
            <Table.HeaderCell>{text("runs.started")}</Table.HeaderCell>
            <Table.HeaderCell className={NUMBER}>{text("runs.duration")}</Table.HeaderCell>
            {COUNTED.map((name) => (
              <Table.HeaderCell key={name} className={clx(NUMBER, NARROW[name])}>
                {text(`counter.${name}`)}
              </Table.HeaderCell>
            ))}
            <Table.HeaderCell className="w-[1%]">
              <span className="sr-only">{text("actions.details")}</span>
            </Table.HeaderCell>
          </Table.Row>
        </Table.Header>
        <Table.Body className="border-b-0 [&_tr:last-child]:border-b-0">
          {runs.map((run) => (
            <RunRow
              key={run.id}
              run={run}
              hasConnection={hasConnectionColumn}
              onOpen={() => onOpen(run)}
            />
          ))}
        </Table.Body>
      </Table>
    </div>
  )
}

interface RunRowProps {
  run: RunView
  hasConnection: boolean
  onOpen: () => void
}

const RunRow = ({ run, hasConnection, onOpen }: RunRowProps) => {
  const text = useText()
  const format = useFormat()
  const ms = runDuration(run)
  return (
    <Table.Row className="cursor-pointer" onClick={onOpen}>
      <Table.Cell>
        <RunBadge state={run.state} />
      </Table.Cell>
      {hasConnection && (
        <Table.Cell className="text-ui-fg-base whitespace-nowrap">{run.connection_id}</Table.Cell>
      )}
      <Table.Cell className="whitespace-nowrap">{text(`runKind.${run.kind}`)}</Table.Cell>
      <Table.Cell>{run.started_at ? <Time at={run.started_at} /> : "-"}</Table.Cell>
      <Table.Cell className={NUMBER}>{ms === null ? "-" : format.duration(ms)}</Table.Cell>
      {COUNTED.map((name) => (
        <Table.Cell key={name} className={clx(NUMBER, NARROW[name])}>
          {format.number(run.counters[name])}
        </Table.Cell>
      ))}
      <Table.Cell>
        <div className="flex justify-end">
          <IconButton size="2xsmall" variant="transparent" aria-label={text("actions.details")}>
            <ChevronRightMini className="text-ui-fg-muted" />
          </IconButton>
        </div>
      </Table.Cell>
    </Table.Row>
  )
}
