import { ArrowPath, EllipsisHorizontal, PlayMiniSolid, TriangleDownMini } from "@medusajs/icons"
import { Button, DropdownMenu, Heading, IconButton, Text } from "@medusajs/ui"
import type { ConnectionView } from "../../../runtime/views"
import { useCheck, useStartSync } from "../../lib/mutations"
import { useText } from "../../lib/use-text"
import { ConnectionBadge } from "../badges"
import { erpName } from "./erp-name"

/** Name, state and what one may do with a connection. */
export const ConnectionHeader = ({ connection }: { connection: ConnectionView }) => {
  const { id, erp, identity, state } = connection
  const version = identity ? `${erpName(erp)} ${identity.version}` : erpName(erp)
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3 px-6 py-4">
      <div className="min-w-0">
        <Heading level="h2" className="break-words">
          {id}
        </Heading>
        <Text size="small" className="text-ui-fg-subtle">
          {identity ? `${version} · ${identity.company}` : version}
        </Text>
      </div>
      <div className="flex items-center gap-x-2">
        <ConnectionBadge state={state} />
        <SyncMenu connection={connection} />
        <MoreMenu connection={connection} />
      </div>
    </div>
  )
}

/** The one pause that a person ends by syncing everything; the others end with a good check. */
const LIFTED_BY_FULL_SYNC = "restored_copy"

const SyncMenu = ({ connection }: { connection: ConnectionView }) => {
  const text = useText()
  const start = useStartSync(connection.id)
  const { current_run, reason, state } = connection
  const isHeld = state === "paused" && reason?.code !== LIFTED_BY_FULL_SYNC
  const modes = [
    { mode: "delta", label: text("actions.syncDelta"), hint: text("actions.syncDeltaHint") },
    { mode: "full", label: text("actions.syncFull"), hint: text("actions.syncFullHint") },
  ] as const
  return (
    <DropdownMenu>
      <DropdownMenu.Trigger asChild>
        <Button
          size="small"
          variant="secondary"
          isLoading={start.isPending}
          disabled={current_run !== null || isHeld}
        >
          {text("actions.syncNow")}
          <TriangleDownMini className="text-ui-fg-muted" aria-hidden />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Content align="end">
        {modes.map(({ mode, label, hint }) => (
          <DropdownMenu.Item
            key={mode}
            className="items-start gap-x-2"
            disabled={mode === "delta" && state === "paused"}
            onSelect={() => start.mutate(mode)}
          >
            <span className="text-ui-fg-subtle flex h-5 items-center" aria-hidden>
              {mode === "delta" ? <PlayMiniSolid /> : <ArrowPath />}
            </span>
            <span className="flex flex-col">
              <span>{label}</span>
              <span className="text-ui-fg-muted txt-compact-xsmall">{hint}</span>
            </span>
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu>
  )
}

const MoreMenu = ({ connection }: { connection: ConnectionView }) => {
  const text = useText()
  const check = useCheck(connection.id)
  return (
    <DropdownMenu>
      <DropdownMenu.Trigger asChild>
        <IconButton
          size="small"
          variant="transparent"
          aria-label={text("actions.more")}
          isLoading={check.isPending}
        >
          <EllipsisHorizontal />
        </IconButton>
      </DropdownMenu.Trigger>
      <DropdownMenu.Content align="end">
        <DropdownMenu.Item className="gap-x-2" onSelect={() => check.mutate()}>
          <ArrowPath className="text-ui-fg-subtle" aria-hidden />
          {text("actions.check")}
        </DropdownMenu.Item>
      </DropdownMenu.Content>
    </DropdownMenu>
  )
}
