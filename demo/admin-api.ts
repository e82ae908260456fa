import axios, { type AxiosInstance } from "axios"
import { LOGIN } from "./login"

/** A run of the sync, as the admin API tells it. */
export interface Run {
  id: string
  state: "queued" | "running" | "awaiting_approval" | "completed" | "failed" | "cancelled"
  stream: string
  counters: Record<string, number>
  /** Records per second. */
  rate: number | null
  remainingSeconds: number | null
  error: string | null
}

/** The few calls of the admin API that the demo needs. */
export class AdminApi {
  private constructor(private readonly http: AxiosInstance) {}

  /** Signs in as the demo's administrator. */
  static async signIn(url: string): Promise<AdminApi> {
    const { data } = await axios.post<{ token: string }>(`${url}/auth/user/emailpass`, LOGIN)
    return new AdminApi(
      axios.create({ baseURL: url, headers: { authorization: `Bearer ${data.token}` } }),
    )
  }

  /** Starts a full sync of the connection. */
  async startSync(connection: string): Promise<Run> {
    const path = `/admin/erp/connections/${connection}/sync`
    const { data } = await this.http.post<unknown>(path, { mode: "full" })
    return readRun(data)
  }

  async run(id: string): Promise<Run> {
    const { data } = await this.http.get<unknown>(`/admin/erp/runs/${id}`)
    return readRun(data)
  }
}

function readRun(body: unknown): Run {
  const run = (body as { run: Record<string, unknown> }).run
  const error = run.error
  return {
    id: String(run.id),
    state: run.state as Run["state"],
    stream: String(run.stream ?? ""),
    counters: (run.counters ?? {}) as Record<string, number>,
    rate: (run.rate ?? null) as number | null,
    remainingSeconds: (run.remaining_seconds ?? null) as number | null,
    error: error == null ? null : typeof error === "string" ? error : JSON.stringify(error),
  }
}
