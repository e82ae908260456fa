import { Heading, Text } from "@medusajs/ui"
import type { ReactNode } from "react"

export interface SectionHeaderProps {
  title: string
  subtitle?: string
  level?: "h1" | "h2"
  children?: ReactNode
}

/** Title of a panel, with its controls on the right. */
export const SectionHeader = ({ title, subtitle, level = "h2", children }: SectionHeaderProps) => (
  <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3 px-6 py-4">
    <div className="min-w-0">
      <Heading level={level}>{title}</Heading>
      {subtitle && (
        <Text size="small" className="text-ui-fg-subtle text-pretty">
          {subtitle}
        </Text>
      )}
    </div>
    {children}
  </div>
)
