import { TriangleRightMini } from "@medusajs/icons"
import { Badge, Button, clx, usePrompt } from "@medusajs/ui"
import { useId, useState } from "react"
import { useApproveMassChange, useRetryReason } from "../../lib/mutations"
import { useFormat } from "../../lib/use-format"
import { useCode, useText } from "../../lib/use-text"
import { ParkedTable } from "./parked-table"

export interface ParkedGroupProps {
  reason: string
  count: number
  isOpenAtFirst: boolean
  /** Whether to say which connection a record is of. */
  hasConnection: boolean
}

/** The records parked for one reason, folded away until asked for. */
export const ParkedGroup = ({ reason, count, isOpenAtFirst, hasConnection }: ParkedGroupProps) => {
  const code = useCode()
  const format = useFormat()
  const [isOpen, setOpen] = useState(isOpenAtFirst)
  const body = useId()
  return (
    <div>
      <div className="flex items-center justify-between gap-x-4 py-3 pl-4 pr-6">
        <button
          type="button"
          className="focus-visible:shadow-borders-focus flex min-w-0 items-center gap-x-2 rounded-md px-1.5 py-0.5 outline-none"
          aria-expanded={isOpen}
          aria-controls={body}
          onClick={() => setOpen(!isOpen)}
        >
          <TriangleRightMini
            className={clx("text-ui-fg-muted transition-transform", { "rotate-90": isOpen })}
            aria-hidden
          />
          <span className="txt-compact-small-plus truncate">{code("parked.reasons", reason)}</span>
          <Badge size="2xsmall" className="tabular-nums">
            {format.number(count)}
          </Badge>
        </button>
        {reason === "mass_change" ? <ApproveMassChange /> : <RetryAll reason={reason} />}
      </div>
      <div id={body} className="border-t" hidden={!isOpen}>
        {isOpen && <ParkedTable reason={reason} hasConnection={hasConnection} />}
      </div>
    </div>
  )
}

const ACTION = "text-ui-fg-interactive hover:text-ui-fg-interactive-hover shrink-0"

const RetryAll = ({ reason }: { reason: string }) => {
  const text = useText()
  const retryAll = useRetryReason()
  return (
    <Button
      size="small"
      variant="transparent"
      className={ACTION}
      isLoading={retryAll.isPending}
      onClick={() => retryAll.mutate({ reason })}
    >
      {text("actions.retryAll")}
    </Button>
  )
}

/** The guard would hold the same changes back again: only a person's word helps here. */
const ApproveMassChange = () => {
  const text = useText()
  const prompt = usePrompt()
  const approve = useApproveMassChange()
  const ask = async () => {
    const confirmed = await prompt({
      title: text("massChange.confirmTitle"),
      description: text("massChange.confirmText"),
      confirmText: text("actions.approve"),
      cancelText: text("actions.review"),
      variant: "confirmation",
    })
    if (confirmed) approve.mutate()
  }
  return (
    <Button
      size="small"
      variant="transparent"
      className={ACTION}
      isLoading={approve.isPending}
      onClick={ask}
    >
      {text("actions.approve")}
    </Button>
  )
}
