import {
  CheckCircleSolid,
  ExclamationCircleSolid,
  InformationCircleSolid,
  XCircleSolid,
} from "@medusajs/icons"
import { clx, Text } from "@medusajs/ui"
import type { ReactNode } from "react"

const VARIANTS = {
  error: { Icon: XCircleSolid, color: "text-ui-tag-red-icon" },
  warning: { Icon: ExclamationCircleSolid, color: "text-ui-tag-orange-icon" },
  info: { Icon: InformationCircleSolid, color: "text-ui-tag-neutral-icon" },
  success: { Icon: CheckCircleSolid, color: "text-ui-tag-green-icon" },
}

export interface NoticeProps {
  variant: keyof typeof VARIANTS
  title?: string
  message: string
  /** What to do about it. */
  remedy?: string
  action?: ReactNode
}

/** Something that a person should know, and what to do about it. */
export const Notice = ({ variant, title, message, remedy, action }: NoticeProps) => {
  const { Icon, color } = VARIANTS[variant]
  return (
    <div className="flex items-start gap-x-3" role={variant === "error" ? "alert" : undefined}>
      <div className="flex h-5 items-center" aria-hidden>
        <Icon className={clx("shrink-0", color)} />
      </div>
      <div className="flex min-w-0 flex-1 flex-col gap-y-0.5">
        {title && (
          <Text size="small" weight="plus">
            {title}
          </Text>
        )}
        <Text size="small" className={clx("break-words", !title && "text-ui-fg-base")}>
          {message}
        </Text>
        {remedy && (
          <Text size="small" className="text-ui-fg-subtle break-words">
            {remedy}
          </Text>
        )}
      </div>
      {action}
    </div>
  )
}
