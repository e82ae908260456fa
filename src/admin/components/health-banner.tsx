import { Container } from "@medusajs/ui"
import { useHealth } from "../lib/queries"
import { useText } from "../lib/use-text"
import { Notice } from "./notice"

/** Shown only when the sync as a whole is unwell: no worker, no tick. */
export const HealthBanner = () => {
  const text = useText()
  const { data: health } = useHealth()
  if (!health || health.warnings.length === 0) return null
  return (
    <Container className="flex flex-col gap-y-4">
      {health.warnings.map((warning, index) => (
        <Notice
          key={warning}
          variant={health.status === "failing" ? "error" : "warning"}
          title={index === 0 ? text("health.title") : undefined}
          message={warning}
        />
      ))}
    </Container>
  )
}
