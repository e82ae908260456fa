import { clx } from "@medusajs/ui"

export interface ProgressBarProps {
  label: string
  done: number
  /** Unknown when null: the bar then only says that something moves. */
  total: number | null
}

/** How far something is, for eyes and for screen readers. */
export const ProgressBar = ({ label, done, total }: ProgressBarProps) => {
  const known = total !== null && total > 0
  const share = known ? Math.min(100, (100 * done) / total) : 100
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={known ? Math.floor(share) : undefined}
      className="bg-ui-bg-component h-1.5 w-full overflow-hidden rounded-full"
    >
      <div
        className={clx("bg-ui-tag-blue-icon h-full rounded-full transition-all duration-700", {
          "animate-pulse opacity-50": !known,
        })}
        style={{ width: `${share}%` }}
      />
    </div>
  )
}
