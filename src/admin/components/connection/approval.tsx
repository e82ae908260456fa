import { Button, usePrompt } from "@medusajs/ui"
import type { ConnectionView, RunView } from "../../../runtime/views"
import { useApproveRun, useCancelRun } from "../../lib/mutations"
import { useProductCount } from "../../lib/queries"
import { useFormat } from "../../lib/use-format"
import { useText } from "../../lib/use-text"
import { Notice } from "../notice"

export interface ApprovalProps {
  connection: ConnectionView
  run: RunView
}

/** A run that may not write yet: why, what it is about, and the decision. */
export const Approval = ({ connection, run }: ApprovalProps) => {
  const text = useText()
  const { reason } = connection
  return (
    <div className="flex flex-col gap-y-4 px-6 py-4">
      <Notice
        variant="warning"
        title={text("approval.title")}
        message={reason ? reason.message : text("approval.why")}
        remedy={reason?.remedy}
      />
      <Numbers run={run} />
      <Decision connection={connection} run={run} />
    </div>
  )
}

const Numbers = ({ run }: { run: RunView }) => {
  const text = useText()
  const format = useFormat()
  const { data: inStore } = useProductCount()
  const { counters } = run
  const numbers = [
    { name: text("approval.inStore"), value: inStore },
    { name: text("approval.inErp"), value: run.position.total ?? (counters.read || undefined) },
    { name: text("approval.wouldCreate"), value: counters.created || undefined },
    { name: text("approval.wouldUpdate"), value: counters.updated || undefined },
  ]
  return (
    <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4">
      {numbers.map(
        ({ name, value }) =>
          value !== undefined && (
            <div
              key={name}
              className="bg-ui-bg-component shadow-elevation-card-rest flex flex-col justify-between gap-y-1 rounded-md p-3"
            >
              <dt className="txt-compact-xsmall text-ui-fg-subtle">{name}</dt>
              <dd className="txt-compact-large-plus text-ui-fg-base tabular-nums">
                {format.number(value)}
              </dd>
            </div>
          ),
      )}
    </dl>
  )
}

const Decision = ({ connection, run }: ApprovalProps) => {
  const text = useText()
  const prompt = usePrompt()
  const approve = useApproveRun(run.id)
  const cancel = useCancelRun(run.id)
  const ask = async () => {
    const confirmed = await prompt({
      title: text("approval.confirmTitle"),
      description: text("approval.confirmText", { connection: connection.id }),
      confirmText: text("actions.approve"),
      cancelText: text("actions.review"),
      variant: "confirmation",
    })
    if (confirmed) approve.mutate()
  }
  return (
    <div className="flex items-center gap-x-2">
      <Button size="small" isLoading={approve.isPending} onClick={ask}>
        {text("actions.approve")}
      </Button>
      <Button
        size="small"
        variant="secondary"
        isLoading={cancel.isPending}
        onClick={() => cancel.mutate()}
      >
        {text("actions.decline")}
      </Button>
    </div>
  )
}
