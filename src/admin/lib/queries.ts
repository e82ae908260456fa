import { keepPreviousData, useQuery, type QueryKey } from "@tanstack/react-query"
import type {
  ConnectionView,
  HealthView,
  ParkedView,
  RecordView,
  RunView,
} from "../../runtime/views"
import { client } from "./client"

/** Polling while something moves, and while nothing does. */
const LIVELY_MS = 1_500
const QUIET_MS = 15_000

const ROOT = "erp-sync"

/** Keys of our answers in the dashboard's cache; `all` is the prefix of each. */
export const keys = {
  all: [ROOT] satisfies QueryKey,
  connections: [ROOT, "connections"] satisfies QueryKey,
  parked: [ROOT, "parked"] satisfies QueryKey,
  runs: [ROOT, "runs"] satisfies QueryKey,
}

type Filter = Record<string, string | number | undefined>

export interface ParkedPage {
  parked: ParkedView[]
  count: number
  limit: number
  offset: number
  reasons: { reason: string; count: number }[]
}

export interface RunsPage {
  runs: RunView[]
  count: number
  limit: number
  offset: number
}

/** Whether the run is still going to do something. */
export const isAlive = (run: RunView | null): run is RunView =>
  run !== null && (run.state === "queued" || run.state === "running")

export const useConnections = () =>
  useQuery({
    queryKey: keys.connections,
    queryFn: () => client.client.fetch<{ connections: ConnectionView[] }>("/admin/erp/connections"),
    select: ({ connections }) => connections,
    refetchInterval: ({ state }) =>
      state.data?.connections.some(({ current_run }) => isAlive(current_run))
        ? LIVELY_MS
        : QUIET_MS,
  })

export const useRuns = (filter: Filter, lively: boolean) =>
  useQuery({
    queryKey: [...keys.runs, filter],
    queryFn: () => client.client.fetch<RunsPage>("/admin/erp/runs", { query: filter }),
    placeholderData: keepPreviousData,
    refetchInterval: lively ? LIVELY_MS : QUIET_MS,
  })

export const fetchParked = (filter: Filter): Promise<ParkedPage> =>
  client.client.fetch<ParkedPage>("/admin/erp/parked", { query: filter })

export const useParked = (filter: Filter) =>
  useQuery({
    queryKey: [...keys.parked, filter],
    queryFn: () => fetchParked(filter),
    placeholderData: keepPreviousData,
    refetchInterval: QUIET_MS,
  })

export const useHealth = () =>
  useQuery({
    queryKey: [ROOT, "health"],
    queryFn: () => client.client.fetch<{ health: HealthView }>("/admin/erp/health"),
    select: ({ health }) => health,
    refetchInterval: 2 * QUIET_MS,
  })

export const useRecords = (entity: "product" | "variant" | "category", medusaId: string) =>
  useQuery({
    queryKey: [ROOT, "records", entity, medusaId],
    queryFn: () =>
      client.client.fetch<{ records: RecordView[] }>("/admin/erp/records", {
        query: { entity, medusa_id: medusaId },
      }),
    select: ({ records }) => records,
  })

/** How many products the store has, linked or not. */
export const useProductCount = () =>
  useQuery({
    queryKey: [ROOT, "product-count"],
    queryFn: () => client.admin.product.list({ limit: 1, fields: "id" }),
    select: ({ count }) => count,
  })
