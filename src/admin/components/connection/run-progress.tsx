import { Button, Text, usePrompt } from "@medusajs/ui"
import type { RunView } from "../../../runtime/views"
import { useCancelRun } from "../../lib/mutations"
import { useFormat } from "../../lib/use-format"
import { useText } from "../../lib/use-text"
import { ProgressBar } from "../progress-bar"

/** A run that is under way: how far, how fast, how long still, and what it has done. */
export const RunProgress = ({ run }: { run: RunView }) => {
  const text = useText()
  const name = run.stream ? text(`stream.${run.stream}`) : text(`runKind.${run.kind}`)
  return (
    <div className="flex flex-col gap-y-3 px-6 py-4">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <Text size="small" leading="compact" weight="plus">
            <Step run={run} name={name} />
          </Text>
          <Text size="small" className="text-ui-fg-subtle tabular-nums" aria-live="off">
            <Pace run={run} />
          </Text>
        </div>
        <CancelButton run={run} />
      </div>
      <ProgressBar
        label={text("progress.label", { stream: name })}
        done={run.position.done}
        total={run.state === "queued" ? null : run.position.total}
      />
      <Counters run={run} />
    </div>
  )
}

const Step = ({ run, name }: { run: RunView; name: string }) => {
  const text = useText()
  if (run.state === "queued") return text("progress.queued")
  if (!run.stream || run.streams.length < 2) return name
  return text("progress.step", {
    stream: name,
    step: run.streams.indexOf(run.stream) + 1,
    steps: run.streams.length,
  })
}

const Pace = ({ run }: { run: RunView }) => {
  const text = useText()
  const format = useFormat()
  const { done, total } = run.position
  const parts = [
    total === null ? text("progress.soFar", { done }) : text("progress.of", { done, total }),
  ]
  if (run.rate !== null) parts.push(text("progress.rate", { rate: Math.round(run.rate) }))
  if (run.remaining_seconds !== null) {
    const time = format.duration(run.remaining_seconds * 1_000)
    parts.push(text("progress.remaining", { time }))
  }
  return parts.join(" · ")
}

const SHOWN = ["read", "created", "updated", "unchanged", "parked", "gone"] as const

const Counters = ({ run }: { run: RunView }) => {
  const text = useText()
  const format = useFormat()
  const shown = SHOWN.filter((name) => name !== "gone" || run.counters.gone > 0)
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1">
      {shown.map((name) => (
        <div key={name} className="txt-compact-small flex gap-x-1.5">
          <dt className="text-ui-fg-muted">{text(`counter.${name}`)}</dt>
          <dd className="text-ui-fg-base tabular-nums">{format.number(run.counters[name])}</dd>
        </div>
      ))}
    </dl>
  )
}

const CancelButton = ({ run }: { run: RunView }) => {
  const text = useText()
  const prompt = usePrompt()
  const cancel = useCancelRun(run.id)
  const ask = async () => {
    const confirmed = await prompt({
      title: text("cancel.confirmTitle"),
      description: text("cancel.confirmText"),
      confirmText: text("actions.cancel"),
      cancelText: text("actions.back"),
    })
    if (confirmed) cancel.mutate()
  }
  return (
    <Button size="small" variant="secondary" isLoading={cancel.isPending} onClick={ask}>
      {text("actions.cancel")}
    </Button>
  )
}
