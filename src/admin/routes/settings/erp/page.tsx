import { defineRouteConfig } from "@medusajs/admin-sdk"
import { Container } from "@medusajs/ui"
import { useQueryClient } from "@tanstack/react-query"
import { useEffect, useRef } from "react"
import { ConnectionCard } from "../../../components/connection/connection-card"
import { HealthBanner } from "../../../components/health-banner"
import { Empty, Failed, Loading } from "../../../components/panel-state"
import { ParkedSection } from "../../../components/parked/parked-section"
import { RunsSection } from "../../../components/runs/runs-section"
import { SectionHeader } from "../../../components/section-header"
import { isAlive, keys, useConnections } from "../../../lib/queries"
import { useText } from "../../../lib/use-text"

/** The control room: connections, records that need a person, runs. */
const ErpPage = () => {
  const text = useText()
  const { data: connections = [], isPending, error, refetch } = useConnections()
  const isLively = connections.some(({ current_run }) => isAlive(current_run))
  useFreshLists(isLively)
  return (
    <div className="flex flex-col gap-y-3">
      <HealthBanner />
      <Container className="divide-y p-0">
        <SectionHeader level="h1" title={text("page.title")} subtitle={text("page.subtitle")} />
        {isPending && <Loading />}
        {error && connections.length === 0 && (
          <Failed title={text("page.failedTitle")} error={error} onRetry={() => void refetch()} />
        )}
        {!isPending && !error && connections.length === 0 && (
          <Empty title={text("page.emptyTitle")} hint={text("page.emptyMessage")} />
        )}
      </Container>
      {connections.map((connection) => (
        <ConnectionCard key={connection.id} connection={connection} />
      ))}
      {connections.length > 0 && (
        <>
          <ParkedSection hasSeveralConnections={connections.length > 1} />
          <RunsSection isLively={isLively} hasSeveralConnections={connections.length > 1} />
        </>
      )}
    </div>
  )
}

/** The lists poll slowly: when a run starts or ends they are asked at once. */
const useFreshLists = (isLively: boolean): void => {
  const cache = useQueryClient()
  const before = useRef(isLively)
  useEffect(() => {
    if (before.current === isLively) return
    before.current = isLively
    void cache.invalidateQueries({ queryKey: keys.runs })
    void cache.invalidateQueries({ queryKey: keys.parked })
  }, [cache, isLively])
}

export const config = defineRouteConfig({ label: "menu", translationNs: "erp" })

export const handle = { breadcrumb: () => "ERP" }

export default ErpPage
