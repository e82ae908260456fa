import type { Page, Route } from "playwright-core"
import type { Scene } from "./scenes"

/** What a page has asked the sync to do while a scene was played. */
export interface Played {
  posts: { path: string; body: unknown }[]
  /** Set it, and every request that would change something is refused in these words. */
  refusal?: { status: number; message: string }
  /** Set it, and nothing is answered any more. */
  isDown?: boolean
}

/** Answers the API of the sync from a scene, whatever the store would say. */
export const playScene = async (page: Page, scene: Scene): Promise<Played> => {
  const played: Played = { posts: [] }
  await page.route("**/admin/erp/**", async (route) => {
    const request = route.request()
    const url = new URL(request.url())
    const path = url.pathname.split("/admin/erp/")[1] ?? ""
    if (played.isDown) {
      await refuse(route, { status: 500, message: "An unknown error occurred." })
    } else if (request.method() === "GET") {
      await route.fulfill({ json: respond(scene, path, url) })
    } else if (played.refusal) {
      await refuse(route, played.refusal)
    } else {
      const body: unknown = request.postDataJSON()
      played.posts.push({ path, body })
      await route.fulfill({ json: accept(scene, path, body) })
    }
  })
  if (scene.products !== undefined) {
    const json = { products: [], count: scene.products, limit: 1, offset: 0 }
    await page.route("**/admin/products?*limit=1&*", (route) => route.fulfill({ json }))
  }
  return played
}

const refuse = (route: Route, { status, message }: { status: number; message: string }) =>
  route.fulfill({ status, json: { type: "conflict", message } })

/** What the store answers to a change. */
const accept = (scene: Scene, path: string, body: unknown): unknown => {
  if (path === "parked/retry") {
    const ids = body && typeof body === "object" && "ids" in body ? body.ids : []
    return { retried: Array.isArray(ids) ? ids.length : 0 }
  }
  return path.endsWith("/check") ? { connection: scene.connections[0] } : { run: scene.runs[0] }
}

const respond = (scene: Scene, path: string, { searchParams }: URL): unknown => {
  const offset = Number(searchParams.get("offset") ?? 0)
  const limit = Number(searchParams.get("limit") ?? 20)
  switch (path) {
    case "connections":
      return { connections: scene.connections }
    case "runs": {
      const state = searchParams.get("state")
      const runs = scene.runs.filter((run) => !state || run.state === state)
      return { runs: runs.slice(offset, offset + limit), count: runs.length, limit, offset }
    }
    case "parked": {
      const reason = searchParams.get("reason")
      const parked = scene.parked.filter((record) => !reason || record.reason === reason)
      const page = parked.slice(offset, offset + limit)
      return { parked: page, count: parked.length, limit, offset, reasons: reasonsOf(scene) }
    }
    case "records":
      return { records: scene.records }
    case "health":
      return {
        health: { status: "ok", instances: [], warnings: [], connections: [], pending_events: 0 },
      }
    default:
      return {}
  }
}

const reasonsOf = ({ parked }: Scene): { reason: string; count: number }[] =>
  [...new Set(parked.map(({ reason }) => reason))].map((reason) => ({
    reason,
    count: parked.filter((record) => record.reason === reason).length,
  }))
