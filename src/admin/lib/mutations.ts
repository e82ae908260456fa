import { toast } from "@medusajs/ui"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import type { ConnectionView, RunView } from "../../runtime/views"
import { client } from "./client"
import { fetchParked, keys } from "./queries"
import { useText } from "./use-text"

/** Most ids that the store takes, and most rows that it gives, in one request. */
const BATCH = 500

const post = <Answer>(path: string, body?: Record<string, unknown>): Promise<Answer> =>
  client.client.fetch<Answer>(`/admin/erp/${path}`, { method: "POST", body })

/** A change that says what came of it and brings all that is shown up to date. */
const useChange = <Input, Answer>(
  change: (input: Input) => Promise<Answer>,
  announce: (answer: Answer) => void,
) => {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: announce,
    onError: (error: Error) => {
      toast.error(error.message)
    },
    onSettled: () => cache.invalidateQueries({ queryKey: keys.all }),
  })
}

export const useStartSync = (connectionId: string) => {
  const text = useText()
  return useChange(
    (mode: "delta" | "full") =>
      post<{ run: RunView }>(`connections/${encodeURIComponent(connectionId)}/sync`, { mode }),
    () => toast.success(text("toast.started")),
  )
}

export const useCheck = (connectionId: string) => {
  const text = useText()
  return useChange<void, { connection: ConnectionView }>(
    () => post(`connections/${encodeURIComponent(connectionId)}/check`),
    ({ connection }) => {
      if (connection.checks.every(({ ok }) => ok)) toast.success(text("toast.checked"))
      else toast.error(text("toast.checkFailed"))
    },
  )
}

export const useCancelRun = (runId: string) => {
  const text = useText()
  return useChange<void, { run: RunView }>(
    () => post(`runs/${runId}/cancel`),
    () => toast.success(text("cancel.done")),
  )
}

export const useApproveRun = (runId: string) => {
  const text = useText()
  return useChange<void, { run: RunView }>(
    () => post(`runs/${runId}/approve`),
    () => toast.success(text("approval.done")),
  )
}

export const useRetry = () => {
  const text = useText()
  return useChange(retry, (count) => toast.success(text("toast.retried", { count })))
}

/** Retries every record of a reason, not only the page that is shown. */
export const useRetryReason = () => {
  const text = useText()
  return useChange(
    async (filter: { reason: string; connection_id?: string }) => retry(await idsOf(filter)),
    (count) => toast.success(text("toast.retried", { count })),
  )
}

/** Lets what the guard holds back pass for an hour, on every connection that has some of it. */
export const useApproveMassChange = () => {
  const text = useText()
  return useChange<void, void>(
    async () => {
      const { parked } = await fetchParked({ reason: "mass_change", limit: BATCH, offset: 0 })
      for (const id of new Set(parked.map(({ connection_id }) => connection_id))) {
        await post(`connections/${encodeURIComponent(id)}/approve-mass-change`)
      }
    },
    () => toast.success(text("massChange.done")),
  )
}

const retry = async (ids: string[]): Promise<number> => {
  let retried = 0
  for (let from = 0; from < ids.length; from += BATCH) {
    const answer = await post<{ retried: number }>("parked/retry", {
      ids: ids.slice(from, from + BATCH),
    })
    retried += answer.retried
  }
  return retried
}

/** All ids are read before the first is retried: a retried record leaves the list that is paged. */
const idsOf = async (filter: { reason: string; connection_id?: string }): Promise<string[]> => {
  const ids: string[] = []
  for (;;) {
    const page = await fetchParked({ ...filter, limit: BATCH, offset: ids.length })
    ids.push(...page.parked.map(({ id }) => id))
    if (page.parked.length === 0 || ids.length >= page.count) return ids
  }
}
