import { Container, Select } from "@medusajs/ui"
import { useState } from "react"
import type { RunView } from "../../../runtime/views"
import { useRuns } from "../../lib/queries"
import { useOffset, useSearch } from "../../lib/use-search"
import { type TextKey, useText } from "../../lib/use-text"
import { Pager } from "../pager"
import { Empty, Failed, Loading } from "../panel-state"
import { SectionHeader } from "../section-header"
import { RunDrawer } from "./run-drawer"
import { RunsTable } from "./runs-table"

const LIMIT = 10
const ALL = "all"

const STATES: { [state in RunView["state"]]: TextKey } = {
  queued: "runState.queued",
  awaiting_approval: "runState.awaiting_approval",
  running: "runState.running",
  completed: "runState.completed",
  failed: "runState.failed",
  cancelled: "runState.cancelled",
}

export interface RunsSectionProps {
  /** While a run is under way. */
  isLively: boolean
  hasSeveralConnections: boolean
}

/** What has been synced, newest first. */
export const RunsSection = (props: RunsSectionProps) => {
  const text = useText()
  const [state, chooseState] = useSearch("run_state")
  return (
    <Container className="divide-y overflow-hidden p-0">
      <SectionHeader title={text("runs.title")}>
        <Select
          size="small"
          value={state ?? ALL}
          onValueChange={(value) => chooseState(value === ALL ? undefined : value, "run_offset")}
        >
          <Select.Trigger className="w-auto min-w-[148px]" aria-label={text("runs.state")}>
            <Select.Value />
          </Select.Trigger>
          <Select.Content align="end">
            <Select.Item value={ALL}>{text("runs.allStates")}</Select.Item>
            {Object.entries(STATES).map(([value, key]) => (
              <Select.Item key={value} value={value}>
                {text(key)}
              </Select.Item>
            ))}
          </Select.Content>
        </Select>
      </SectionHeader>
      <Runs state={state} {...props} />
    </Container>
  )
}

const Runs = ({
  state,
  isLively,
  hasSeveralConnections,
}: RunsSectionProps & { state: string | undefined }) => {
  const text = useText()
  const [offset, setOffset] = useOffset("run_offset")
  const [openId, setOpenId] = useState<string | null>(null)
  const { data, error, refetch } = useRuns({ limit: LIMIT, offset, state }, isLively)
  if (error && !data) {
    return <Failed title={text("runs.failed")} error={error} onRetry={() => void refetch()} />
  }
  if (!data) return <Loading />
  if (data.runs.length === 0) {
    return state ? (
      <Empty title={text("runs.noMatch")} />
    ) : (
      <Empty title={text("runs.empty")} hint={text("runs.emptyHint")} />
    )
  }
  return (
    <>
      <RunsTable
        runs={data.runs}
        hasConnectionColumn={hasSeveralConnections}
        onOpen={({ id }) => setOpenId(id)}
      />
      <Pager count={data.count} limit={LIMIT} offset={offset} onOffset={setOffset} />
      <RunDrawer
        run={data.runs.find(({ id }) => id === openId) ?? null}
        onClose={() => setOpenId(null)}
      />
    </>
  )
}
