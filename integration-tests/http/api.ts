import { given } from "./catalog-fixtures"
import { ApiClient, Method } from "./api-client"
import {
  connectionShape,
  healthShape,
  parkedShape,
  recordShape,
  imagesRunShape,
  runShape,
} from "./api-shapes"
import { productOf } from "./sync-readings"
import { makeProduct } from "./sync-shop"
import { CONNECTION, OpenStage, runWell, Stage } from "./sync-stage"

const ROUTES: [Method, string][] = [
  ["GET", "/connections"],
  ["GET", `/connections/${CONNECTION}`],
  ["POST", `/connections/${CONNECTION}/check`],
  ["POST", `/connections/${CONNECTION}/sync`],
  ["POST", `/connections/${CONNECTION}/acknowledge`],
  ["POST", `/connections/${CONNECTION}/approve-mass-change`],
  ["GET", "/runs"],
  ["GET", "/runs/erun_none"],
  ["POST", "/runs/erun_none/approve"],
  ["POST", "/runs/erun_none/cancel"],
  ["GET", "/parked"],
  ["POST", "/parked/retry"],
  ["GET", "/records?entity=product&medusa_id=prod_none"],
  ["GET", "/health"],
]

const REFUSED: [Method, string, object | undefined][] = [
  ["POST", `/connections/${CONNECTION}/sync`, {}],
  ["POST", `/connections/${CONNECTION}/sync`, { mode: "sideways" }],
  ["POST", `/connections/${CONNECTION}/sync`, { mode: "full", stream: "orders" }],
  ["POST", `/connections/${CONNECTION}/sync`, { mode: "full", more: true }],
  ["POST", `/connections/${CONNECTION}/acknowledge`, { demands: [] }],
  [
    "POST",
    `/connections/${CONNECTION}/acknowledge`,
    { demands: [{ line_item_id: "ordli_1", kind: "issued", quantity: "-1" }] },
  ],
  ["POST", "/parked/retry", { ids: [] }],
  ["GET", "/runs?state=asleep", undefined],
  ["GET", "/runs?limit=0", undefined],
  ["GET", "/parked?limit=501", undefined],
  ["GET", "/parked?offset=-1", undefined],
  ["GET", "/records?entity=order&medusa_id=order_1", undefined],
  ["GET", "/records?entity=product", undefined],
]

const UNKNOWN: [Method, string, object | undefined][] = [
  ["GET", "/connections/none", undefined],
  ["POST", "/connections/none/check", {}],
  ["POST", "/connections/none/sync", { mode: "full" }],
  [
    "POST",
    "/connections/none/acknowledge",
    { demands: [{ line_item_id: "ordli_1", kind: "issued" }] },
  ],
  ["POST", "/connections/none/approve-mass-change", {}],
  ["GET", "/runs/erun_none", undefined],
  ["POST", "/runs/erun_none/approve", {}],
  ["POST", "/runs/erun_none/cancel", {}],
  [
    "POST",
    `/connections/${CONNECTION}/acknowledge`,
    { demands: [{ line_item_id: "ordli_none", kind: "issued" }] },
  ],
]

export const apiTests = (open: OpenStage): void => {
  /** One good product and one that is parked. */
  const synced = async (): Promise<{ stage: Stage; admin: ApiClient; id: number }> => {
    const stage = await open()
    const id = makeProduct(stage, { default_code: "LAMP" })
    makeProduct(stage, { name: "   " })
    await runWell(stage, "full")
    // Then nothing is due by the clock any more, and the last run is the one of this test.
    await runWell(stage, "delta", ["prices"])
    await runWell(stage, "full")
    return { stage, admin: await ApiClient.administrator(stage), id }
  }

  it("answers nobody who is not logged in", async () => {
    const stage = await open()
    const somebody = ApiClient.unknown(stage)
    for (const [method, path] of ROUTES) {
      const { status } = await somebody.request(method, path, method === "POST" ? {} : undefined)
      expect(`${method} ${path} ${status}`).toBe(`${method} ${path} 401`)
    }
  })

  it("refuses what it does not understand, with a reason", async () => {
    const admin = await ApiClient.administrator(await open())
    for (const [method, path, body] of REFUSED) {
      const answer = await admin.request(method, path, body)
      expect(`${path} ${JSON.stringify(body)} ${answer.status}`).toBe(
        `${path} ${JSON.stringify(body)} 400`,
      )
      expect(answer.body).toMatchObject({ type: "invalid_data", message: expect.any(String) })
    }
  })

  it("says so when there is no such connection, run or order line", async () => {
    const admin = await ApiClient.administrator(await open())
    for (const [method, path, body] of UNKNOWN) {
      const answer = await admin.request(method, path, body)
      expect(`${method} ${path} ${answer.status}`).toBe(`${method} ${path} 404`)
      expect(answer.body).toMatchObject({ type: "not_found" })
    }
  })

  it("starts a run with 202, and tells how it went", async () => {
    const { stage, admin } = await synced()
    const started = await admin.post(`/connections/${CONNECTION}/sync`, { mode: "full" })
    expect(started.status).toBe(202)
    const { id } = given(started.body.run as { id: string } | undefined)
    await stage.runtime.drain.untilIdle()
    expect(await admin.get(`/runs/${id}`)).toEqual({ status: 200, body: { run: runShape({ id }) } })
    expect(await admin.get("/runs?limit=2")).toEqual({
      status: 200,
      body: {
        runs: [imagesRunShape(), runShape({ id })],
        count: expect.any(Number),
        limit: 2,
        offset: 0,
      },
    })
    const { status, body } = await admin.post(`/runs/${id}/cancel`)
    expect({ status, ...body }).toMatchObject({ status: 409, message: expect.stringContaining(id) })
    expect(await admin.post(`/runs/${id}/approve`)).toMatchObject({ status: 409 })
    const one = await admin.post(`/connections/${CONNECTION}/sync`, {
      mode: "delta",
      stream: "stock",
    })
    expect(one).toMatchObject({
      status: 202,
      body: { run: { kind: "delta", lane: "interactive", streams: ["stock"] } },
    })
    await stage.runtime.drain.untilIdle()
  })

  it("shows connections, parked records, linked records and health", async () => {
    const { stage, admin, id } = await synced()
    const product = await productOf(stage, id)
    expect(await admin.get("/connections")).toEqual({
      status: 200,
      body: { connections: [connectionShape()] },
    })
    expect(await admin.get(`/connections/${CONNECTION}`)).toEqual({
      status: 200,
      body: { connection: connectionShape() },
    })
    expect(await admin.post(`/connections/${CONNECTION}/check`)).toEqual({
      status: 200,
      body: { connection: connectionShape() },
    })
    expect(await admin.get("/parked")).toEqual({
      status: 200,
      body: {
        parked: [parkedShape()],
        count: 1,
        limit: 20,
        offset: 0,
        reasons: [{ reason: "invalid", count: 1 }],
      },
    })
    expect(await admin.get(`/records?entity=product&medusa_id=${product.id}`)).toEqual({
      status: 200,
      body: { records: [recordShape({ erp_id: String(id) })] },
    })
    expect(await admin.get("/records?entity=product&medusa_id=prod_none")).toEqual({
      status: 200,
      body: { records: [] },
    })
    expect(await admin.get("/health")).toEqual({ status: 200, body: { health: healthShape() } })
  })

  it("takes parked records up again, and approves mass changes", async () => {
    const { stage, admin } = await synced()
    const { parked } = (await admin.get("/parked")).body as { parked: { id: string }[] }
    const ids = parked.map((record) => record.id)
    expect(await admin.post("/parked/retry", { ids: [...ids, "eprk_none"] })).toEqual({
      status: 200,
      body: { retried: 1 },
    })
    await stage.runtime.drain.untilIdle()
    expect(await admin.post(`/connections/${CONNECTION}/approve-mass-change`)).toEqual({
      status: 200,
      body: { approved_until: expect.stringMatching(/Z$/) },
    })
  })

  it("gives away no credential in any answer", async () => {
    const { stage, admin } = await synced()
    stage.erp.accounts.revokeKey(stage.erp.accounts.bot)
    await stage.runtime.connections.close()
    const answers = [await admin.post(`/connections/${CONNECTION}/check`)]
    for (const [method, path] of ROUTES) {
      answers.push(
        await admin.request(method, path, method === "POST" ? { mode: "full" } : undefined),
      )
    }
    const words = JSON.stringify(answers)
    for (const secret of [stage.erp.apiKey, stage.erp.password, stage.erp.login]) {
      expect(words).not.toContain(secret)
    }
  })
}
