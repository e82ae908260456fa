import { ADMINISTRATOR } from "./sync-seed"
import { Stage } from "./sync-stage"

export interface Answer {
  status: number
  /** As JSON; an empty object where there was no body. */
  body: Record<string, unknown>
}

export type Method = "GET" | "POST" | "PUT"

/** Real requests to the store's server, by somebody unknown or by the administrator. */
export class ApiClient {
  private constructor(
    private readonly stage: Stage,
    private readonly token: string | null,
  ) {}

  static unknown(stage: Stage): ApiClient {
    return new ApiClient(stage, null)
  }

  static async administrator(stage: Stage): Promise<ApiClient> {
    const { data } = await stage.api.post<{ token: string }>("/auth/user/emailpass", ADMINISTRATOR)
    return new ApiClient(stage, data.token)
  }

  get(path: string): Promise<Answer> {
    return this.request("GET", path)
  }

  post(path: string, data: object = {}): Promise<Answer> {
    return this.request("POST", path, data)
  }

  put(path: string, data: object): Promise<Answer> {
    return this.request("PUT", path, data)
  }

  /** The answer as text, with its headers. */
  async text(path: string): Promise<{ type: string; text: string }> {
    const answer = await this.stage.api.get<string>(`/admin/erp${path}`, {
      headers: this.token === null ? {} : { Authorization: `Bearer ${this.token}` },
      responseType: "text",
      transformResponse: (data: string) => data,
    })
    return { type: String(answer.headers["content-type"]), text: answer.data }
  }

  async request(method: Method, path: string, data?: object): Promise<Answer> {
    const answer = await this.stage.api.request<unknown>({
      method,
      url: `/admin/erp${path}`,
      ...(data ? { data } : {}),
      headers: this.token === null ? {} : { Authorization: `Bearer ${this.token}` },
      validateStatus: () => true,
    })
    const { data: body } = answer
    return {
      status: answer.status,
      body: typeof body === "object" && body !== null ? { ...body } : {},
    }
  }
}
