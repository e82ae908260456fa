import { Container } from "@medusajs/ui"
import { useParked } from "../../lib/queries"
import { useText } from "../../lib/use-text"
import { Empty, Failed, Loading } from "../panel-state"
import { SectionHeader } from "../section-header"
import { ParkedGroup } from "./parked-group"

export interface ParkedSectionProps {
  hasSeveralConnections: boolean
}

/** Records that cannot be synced now, by reason. */
export const ParkedSection = ({ hasSeveralConnections }: ParkedSectionProps) => {
  const text = useText()
  return (
    <Container className="divide-y overflow-hidden p-0">
      <SectionHeader title={text("parked.title")} subtitle={text("parked.subtitle")} />
      <Reasons hasSeveralConnections={hasSeveralConnections} />
    </Container>
  )
}

const Reasons = ({ hasSeveralConnections }: ParkedSectionProps) => {
  const text = useText()
  const { data, error, refetch } = useParked({ limit: 1, offset: 0 })
  if (error && !data) {
    return <Failed title={text("parked.failed")} error={error} onRetry={() => void refetch()} />
  }
  if (!data) return <Loading />
  const reasons = data.reasons.filter(({ count }) => count > 0)
  if (reasons.length === 0) {
    return <Empty title={text("parked.empty")} hint={text("parked.emptyHint")} isGood />
  }
  return reasons.map(({ reason, count }, index) => (
    <ParkedGroup
      key={reason}
      reason={reason}
      count={count}
      isOpenAtFirst={index === 0}
      hasConnection={hasSeveralConnections}
    />
  ))
}
