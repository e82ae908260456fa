import { CheckCircleSolid, ExclamationCircle, Spinner } from "@medusajs/icons"
import { Button, Text } from "@medusajs/ui"
import { useText } from "../lib/use-text"

export interface EmptyProps {
  title: string
  hint?: string
  /** When empty is how it should be. */
  isGood?: boolean
}

/** A panel that has nothing to show. */
export const Empty = ({ title, hint, isGood = false }: EmptyProps) => (
  <div className="flex flex-col items-center gap-y-3 px-6 py-10 text-center">
    {isGood ? (
      <CheckCircleSolid className="text-ui-tag-green-icon" aria-hidden />
    ) : (
      <ExclamationCircle className="text-ui-fg-subtle" aria-hidden />
    )}
    <div className="flex flex-col items-center gap-y-1">
      <Text size="small" leading="compact" weight="plus">
        {title}
      </Text>
      {hint && (
        <Text size="small" className="text-ui-fg-muted max-w-[640px] text-pretty">
          {hint}
        </Text>
      )}
    </div>
  </div>
)

/** A panel whose answer has not come yet. */
export const Loading = () => {
  const text = useText()
  return (
    <div className="flex items-center justify-center px-6 py-10" role="status">
      <Spinner className="text-ui-fg-muted animate-spin" aria-hidden />
      <span className="sr-only">{text("loading")}</span>
    </div>
  )
}

export interface FailedProps {
  title: string
  error: Error
  onRetry: () => void
}

/** A panel whose answer did not come. */
export const Failed = ({ title, error, onRetry }: FailedProps) => {
  const text = useText()
  return (
    <div className="flex flex-col items-center gap-y-4 px-6 py-10 text-center" role="alert">
      <div className="flex flex-col items-center gap-y-1">
        <Text size="small" leading="compact" weight="plus">
          {title}
        </Text>
        <Text size="small" className="text-ui-fg-muted break-words">
          {error.message}
        </Text>
      </div>
      <Button size="small" variant="secondary" onClick={onRetry}>
        {text("actions.tryAgain")}
      </Button>
    </div>
  )
}
