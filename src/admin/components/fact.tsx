import { Text } from "@medusajs/ui"
import type { ReactNode } from "react"

/** One line of a panel: a name and a value, as on Medusa's own detail pages. */
export const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="text-ui-fg-subtle grid grid-cols-2 items-center gap-4 px-6 py-4">
    <Text as="div" size="small" leading="compact" weight="plus">
      {name}
    </Text>
    <Text as="div" size="small" leading="compact" className="min-w-0 break-words text-pretty">
      {children}
    </Text>
  </div>
)
