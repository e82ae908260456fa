import { ApiClient, Method } from "./api-client"
import { CONNECTION, OpenStage } from "./sync-stage"

const ids = [{ link_id: "elnk_none", field: "title" }]

const ROUTES: [Method, string, object | undefined][] = [
  ["GET", "/differences", undefined],
  ["GET", "/differences/export", undefined],
  ["POST", "/differences/retry", { ids }],
  ["POST", "/conflicts/resolve", { ids, side: "erp" }],
  ["POST", "/conflicts/undo", { ids }],
  ["GET", "/journal", undefined],
  ["POST", "/journal/ejrn_none/restore", {}],
  ["POST", "/parked/ignore", { ids: ["eprk_none"] }],
  ["POST", "/parked/approve-move", { moves: [{ id: "eprk_none", to: "1" }] }],
  ["POST", "/links", {}],
  ["PUT", "/links/elnk_none/owners", { title: "erp" }],
  ["POST", "/links/elnk_none/unlink", {}],
  ["POST", "/links/elnk_none/exclude", {}],
  ["GET", "/proposals", undefined],
  ["POST", "/proposals/accept", { id: "eprk_none", medusa_id: "prod_none" }],
  ["POST", "/proposals/ignore", { ids: ["eprk_none"] }],
  ["GET", "/explain?q=x", undefined],
  ["POST", `/connections/${CONNECTION}/preview`, {}],
  ["POST", "/preview/apply", { items: [] }],
  ["POST", `/connections/${CONNECTION}/hook-token`, {}],
  ["POST", `/connections/${CONNECTION}/approve-push`, {}],
  ["POST", `/connections/${CONNECTION}/approve-rules`, {}],
]

const REFUSED: [Method, string, object | undefined][] = [
  ["GET", "/differences?kind=other", undefined],
  ["GET", "/differences?limit=501", undefined],
  ["GET", "/differences?entity=order", undefined],
  ["GET", "/differences/export?format=xls", undefined],
  ["POST", "/differences/retry", { ids: [] }],
  ["POST", "/conflicts/resolve", { ids: [], side: "erp" }],
  ["POST", "/conflicts/resolve", { ids, side: "both" }],
  ["POST", "/conflicts/resolve", { ids, side: "erp", undo_seconds: 61 }],
  ["POST", "/conflicts/undo", { ids: [{ link_id: "elnk_1" }] }],
  ["GET", "/journal?since=yesterday", undefined],
  ["GET", "/journal?side=left", undefined],
  ["POST", "/parked/ignore", { ids: [] }],
  ["POST", "/parked/approve-move", { moves: [{ id: "eprk_none" }] }],
  ["POST", "/links", { connection_id: CONNECTION, entity: "variant", erp_id: "1", medusa_id: "v" }],
  ["PUT", "/links/elnk_none/owners", {}],
  ["PUT", "/links/elnk_none/owners", { title: "nobody" }],
  ["GET", "/proposals?limit=51", undefined],
  ["POST", "/proposals/accept", { id: "eprk_none" }],
  ["GET", "/explain", undefined],
  ["GET", "/explain?q=%20", undefined],
  ["POST", `/connections/${CONNECTION}/preview`, { stream: "stock" }],
  [
    "POST",
    "/preview/apply",
    { items: [{ link_id: "elnk_1", field: "title", erp: 1, medusa: 2, outcome: "write", to: 1 }] },
  ],
]

const UNKNOWN: [Method, string, object | undefined][] = [
  ["POST", "/journal/ejrn_none/restore", {}],
  ["PUT", "/links/elnk_none/owners", { title: "erp" }],
  ["POST", "/links/elnk_none/unlink", {}],
  ["POST", "/links/elnk_none/exclude", {}],
  ["POST", "/proposals/accept", { id: "eprk_none", medusa_id: "prod_none" }],
  ["POST", "/links", { connection_id: "none", entity: "product", erp_id: "1", medusa_id: "p" }],
  ["POST", "/connections/none/preview", {}],
  ["POST", "/connections/none/hook-token", {}],
  ["POST", "/connections/none/approve-push", {}],
  ["POST", "/connections/none/approve-rules", {}],
]

export const accessTests = (open: OpenStage): void => {
  it("answers nobody who is not logged in", async () => {
    const somebody = ApiClient.unknown(await open())
    for (const [method, path, body] of ROUTES) {
      const { status } = await somebody.request(method, path, body)
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

  it("says so when there is no such thing", async () => {
    const admin = await ApiClient.administrator(await open())
    for (const [method, path, body] of UNKNOWN) {
      const answer = await admin.request(method, path, body)
      expect(`${method} ${path} ${answer.status}`).toBe(`${method} ${path} 404`)
      expect(answer.body).toMatchObject({ type: "not_found" })
    }
  })

  it("approves write-back only where it is on, and looks at what waited then", async () => {
    const stage = await open()
    const admin = await ApiClient.administrator(stage)
    const path = `/connections/${CONNECTION}/approve-push`
    expect(await admin.post(path)).toMatchObject({ status: 400, body: { type: "not_allowed" } })
    Object.assign(stage.options, { push: { create: false, stock: false } })
    await stage.runtime.connections.close()
    const view = await stage.sync.connection(CONNECTION)
    expect(view?.push).toBe("waits")
    expect(await admin.post(path)).toMatchObject({
      status: 200,
      body: { connection: { push: "on" } },
    })
  })
}
