import { CONNECTORS } from "../../src/connectors"
import { ConnectorFactory, HookCall } from "../../src/connectors/contract"
import { hookDoorOf } from "../../src/runtime"
import { erpId } from "../../src/sync/ids"
import { ApiClient } from "./api-client"
import { given, rows } from "./catalog-fixtures"
import { productOf } from "./sync-readings"
import { makeProduct } from "./sync-shop"
import { CONNECTION, eventually, OpenStage, runWell, Stage } from "./sync-stage"

/** The real connector, with calls whose body names a product; `*` stands for all. */
const withHooks = (calls: HookCall[]): ConnectorFactory => {
  const odoo = given(CONNECTORS.odoo)
  return (context) => {
    const connector = odoo(context)
    Object.defineProperty(connector, "hooks", {
      value: {
        receive: async (call: HookCall) => {
          calls.push(call)
          const id = call.body.toString("utf8")
          return id === ""
            ? { accepted: false, status: 422, body: "empty", reason: "no id" }
            : {
                accepted: true,
                status: 202,
                body: "ok",
                hints: [{ stream: "products", id: id === "*" ? null : erpId(id) }],
              }
        },
      },
    })
    return connector
  }
}

const withoutHooks: ConnectorFactory = (context) =>
  Object.defineProperty(given(CONNECTORS.odoo)(context), "hooks", { value: undefined })

/** What the test before counted comes to the table a second later. */
const forgetCounts = async (stage: Stage): Promise<void> => {
  await hookDoorOf(stage.runtime).flush()
  await rows(stage, "update erp_connection set hook_counters = '{}'")
}

export const hookTests = (open: OpenStage): void => {
  const opened = async (): Promise<{
    stage: Stage
    calls: HookCall[]
    path: string
    admin: ApiClient
    id: number
  }> => {
    const calls: HookCall[] = []
    const stage = await open({ options: { factory: withHooks(calls) } })
    await forgetCounts(stage)
    const id = makeProduct(stage, { name: "Before" })
    await runWell(stage, "full")
    const admin = await ApiClient.administrator(stage)
    const { status, body } = await admin.post(`/connections/${CONNECTION}/hook-token`)
    expect(status).toBe(201)
    const { pathname } = new URL(String(body.url))
    expect(pathname).toBe(`/hooks/erp/${CONNECTION}/${String(body.token)}`)
    return { stage, calls, path: pathname, admin, id }
  }

  const call = async ({ api }: Stage, path: string, body: string | Buffer = "") => {
    const answer = await api.post<string>(path, body, {
      headers: { "Content-Type": "text/plain" },
      validateStatus: () => true,
      transformResponse: (data: string) => data,
    })
    return { status: answer.status, body: answer.data }
  }

  const countsOf = async (stage: Stage): Promise<Record<string, number>> => {
    await hookDoorOf(stage.runtime).flush()
    const { connections } = await stage.sync.health()
    return given(connections[0]).hook_calls
  }

  it("turns a call into a look at the record it names, and keeps no token", async () => {
    const { stage, calls, path, id } = await opened()
    stage.world.write("product.template", id, { name: "After" })
    expect(await call(stage, path, String(id))).toEqual({ status: 202, body: "ok" })
    await eventually(async () => expect((await productOf(stage, id)).title).toBe("After"))
    expect(calls).toMatchObject([{ method: "POST", path: `/hooks/erp/${CONNECTION}` }])
    expect(await countsOf(stage)).toEqual({ accepted: 1 })
    const token = given(path.split("/").at(-1))
    const stored = await rows(stage, "select * from erp_connection")
    expect(JSON.stringify(stored)).not.toContain(token)
    expect(JSON.stringify(await stage.sync.connections())).not.toContain(token)
  })

  it("starts one delta for calls that name nothing", async () => {
    const { stage, path, id } = await opened()
    stage.world.write("product.template", id, { name: "After" })
    await call(stage, path, "*")
    await eventually(async () => expect((await productOf(stage, id)).title).toBe("After"))
    const { runs } = await stage.sync.runs({ limit: 1, offset: 0 })
    expect(runs).toMatchObject([{ kind: "delta", streams: ["products"] }])
  })

  it("refuses a wrong, a former and a missing token, as the connector wants it", async () => {
    const { stage, calls, path, admin } = await opened()
    const refusal = { status: 403, body: "" }
    expect(await call(stage, `${path}x`, "1")).toEqual(refusal)
    await admin.post(`/connections/${CONNECTION}/hook-token`)
    expect(await call(stage, path, "1")).toEqual(refusal)
    expect(await call(stage, "/hooks/erp/none/token", "1")).toEqual({ status: 404, body: "" })
    expect(calls).toEqual([])
    expect(await countsOf(stage)).toEqual({ unauthorized: 2 })
  })

  it("reads no more than it must, of no more calls than it may", async () => {
    const { stage, calls, path } = await opened()
    const refusal = { status: 403, body: "" }
    expect(await call(stage, path, Buffer.alloc(64 * 1024 + 1, "1"))).toEqual(refusal)
    expect(await call(stage, path, "")).toEqual({ status: 422, body: "empty" })
    expect(calls.map(({ body }) => body.length)).toEqual([0])
    const answers = await Promise.all(
      Array.from({ length: 120 }, () => call(stage, path, "999999")),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202, 403]))
    const counts = await countsOf(stage)
    expect(counts).toMatchObject({ oversized: 1, malformed: 1 })
    expect(counts.rate_limited).toBeGreaterThan(30)
    expect((counts.accepted ?? 0) + (counts.rate_limited ?? 0)).toBe(120)
  })

  it("says that a connector takes no calls", async () => {
    const stage = await open({ options: { factory: withoutHooks } })
    await forgetCounts(stage)
    const admin = await ApiClient.administrator(stage)
    const { body } = await admin.post(`/connections/${CONNECTION}/hook-token`)
    const { pathname } = new URL(String(body.url))
    expect(await call(stage, pathname, "1")).toEqual({ status: 403, body: "" })
    expect(await countsOf(stage)).toEqual({ unsupported: 1 })
  })
}
