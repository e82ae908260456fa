import { MedusaRequest, MedusaResponse } from "@medusajs/framework/http"
import { HookHead, hookDoorOf, HookReply, MOST_BYTES, runtimeOf } from "../../../../../runtime"
import { connectionId } from "../../../../../sync/ids"
import { readBody } from "./read-body"

/**
 * Where an ERP tells that something changed. The token, and how many calls a connection may make, are
 * looked at before a byte of the body is read; no more of it than 64 KiB is.
 */
const receive = async (req: MedusaRequest, res: MedusaResponse): Promise<void> => {
  const door = hookDoorOf(await runtimeOf(req.scope))
  const head = headOf(req)
  // Medusa writes the address of every request to its log: not the token.
  req.originalUrl = head.path
  const refused = await door.admit(head)
  if (refused) return answer(res, refused, true)
  const body = await readBody(req, MOST_BYTES)
  if (body === null) {
    return answer(res, door.refuse(connectionId(head.connection), "oversized"), true)
  }
  answer(res, await door.receive(head, body), false)
}

export const POST = receive
export const GET = receive

const headOf = (req: MedusaRequest): HookHead => {
  const { connection = "", token = "" } = req.params
  return {
    connection,
    token,
    method: req.method,
    path: `/hooks/erp/${connection}`,
    query: texts(req.query),
    headers: texts(req.headers),
  }
}

/** Single values as they are; of several the first. */
const texts = (values: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => {
      const first: unknown = Array.isArray(value) ? value[0] : value
      return typeof first === "string" ? [[key, first]] : []
    }),
  )

/** A body that was not read is not waited for either. */
const answer = (res: MedusaResponse, { status, body }: HookReply, unread: boolean): void => {
  if (unread) res.setHeader("Connection", "close")
  res.status(status).type("text/plain").send(body)
}
