import {
  createServer,
  IncomingMessage,
  request as forward,
  Server,
  ServerResponse,
} from "node:http"
import type { AddressInfo } from "node:net"
import { Change } from "./two-sided-history"

interface Asked {
  model: string
  method: string
  body: string
  began: number
  ended: number
}

/** A span of time, in milliseconds since 1970. */
export interface Span {
  began: number
  ended: number
}

const MODELS: Readonly<Record<Change["entity"], string>> = {
  product: "product.template",
  variant: "product.product",
  category: "product.category",
}

/** How Odoo 19's connector writes, and Odoo's names of the fields. */
const WRITE = "web_save_multi"
const FIELDS: Readonly<Record<string, string>> = {
  title: "name",
  description: "description_sale",
  category: "categ_id",
  sku: "default_code",
  price: "list_price",
  parent: "parent_id",
}

/**
 * Stands between the connector and Odoo and notes when what was asked. Odoo has no compare-and-set: an
 * edit that lands while the connector compares and writes is overwritten, and only here it shows that
 * it did.
 */
export class Watch {
  private readonly asked: Asked[] = []
  private readonly waiting: (() => void)[] = []
  private constructor(private readonly server: Server) {}

  static async over(target: string): Promise<Watch> {
    const server = createServer((request, response) => void watch.relay(target, request, response))
    const watch = new Watch(server)
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    return watch
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  close(): void {
    this.server.closeAllConnections()
    this.server.close()
  }

  /** Resolves when the next write is on its way to Odoo. */
  nextWrite(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve))
  }

  /** Whether the connector compared and wrote this very field while somebody edited it. */
  overwrote({ entity, id, field }: Change, { began, ended }: Span): boolean {
    const ofModel = this.asked.filter(({ model }) => model === MODELS[entity])
    return ofModel.some((write, at) => {
      const vals = write.method === WRITE ? valsOf(write, Number(id)) : {}
      if (vals[FIELDS[field] ?? field] === undefined) {
        return false
      }
      const compared = ofModel.slice(0, at).findLast(({ method }) => method !== WRITE)
      return compared !== undefined && compared.began <= ended && write.ended >= began
    })
  }

  private async relay(
    target: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) {
      chunks.push(chunk as Buffer)
    }
    const body = Buffer.concat(chunks)
    const [, , , model = "", method = ""] = (request.url ?? "").split("/")
    const asked: Asked = {
      model,
      method,
      body: body.toString(),
      began: Date.now(),
      ended: Infinity,
    }
    this.asked.push(asked)
    const { method: verb, headers } = request
    const onward = forward(`${target}${request.url ?? ""}`, { method: verb, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
      answer.once("end", () => (asked.ended = Date.now()))
    })
    onward.once("error", () => response.destroy())
    onward.end(body)
    if (method === WRITE) {
      this.waiting.splice(0).forEach((resolve) => resolve())
    }
  }
}

const valsOf = ({ body }: Asked, id: number): Record<string, unknown> => {
  const { ids, vals_list: vals } = JSON.parse(body) as {
    ids: number[]
    vals_list: Record<string, unknown>[]
  }
  return vals[ids.indexOf(id)] ?? {}
}
