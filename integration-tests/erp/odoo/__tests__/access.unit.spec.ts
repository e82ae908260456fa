import { startOdooSimulator, type Json, type OdooSimulator } from ".."
import { json2, jsonRpc } from "./clients"

describe("who may call", () => {
  let simulator: OdooSimulator

  beforeEach(async () => {
    simulator = await startOdooSimulator({ version: 19, empty: true })
  })
  afterEach(() => simulator.close())

  const context = (headers: Record<string, string> = {}) =>
    json2(simulator, "res.users.context_get", {}, headers)

  it("tells the owner of a key who they are", async () => {
    expect((await context()).body).toEqual({ lang: "en_US", tz: "Europe/Brussels", uid: 7 })
  })

  it("refuses a missing, unknown, expired or revoked key with 401", async () => {
    const unknown = await context({ Authorization: "bearer deadbeef" })
    expect(unknown.status).toBe(401)
    expect(unknown.headers.get("www-authenticate")?.trim()).toBe("Bearer")
    expect(unknown.body).toMatchObject({ message: "Invalid apikey" })
    expect((await context({ Authorization: "" })).status).toBe(401)
    const { accounts } = simulator
    accounts.expireKey(accounts.bot)
    expect((await context()).status).toBe(401)
    accounts.renewKey(accounts.bot)
    expect((await context()).status).toBe(200)
    accounts.revokeKey(accounts.bot)
    expect((await context()).body).toMatchObject({ name: "werkzeug.exceptions.Unauthorized" })
  })

  it("keeps serving an expired key over JSON-RPC that was accepted before", async () => {
    const { accounts, apiKey, database, uid } = simulator
    const call = async (secret: string) => {
      const args = [database, uid, secret, "res.users", "read", [[uid], ["login"]], {}]
      return (await jsonRpc(simulator, "object", "execute_kw", args)).body as object
    }
    expect(await call(apiKey)).toHaveProperty("result")
    accounts.expireKey(accounts.bot)
    expect(await call(apiKey)).toHaveProperty("result")
    accounts.revokeKey(accounts.bot)
    expect(await call(apiKey)).toHaveProperty("error")
  })

  it("answers 404 with a page for a database it does not have", async () => {
    const answer = await context({ "X-Odoo-Database": "other" })
    expect(answer.status).toBe(404)
    expect(answer.type).toMatch(/^text\/html/)
    const { login, password } = simulator
    expect(
      (await jsonRpc(simulator, "common", "authenticate", ["other", login, password, {}])).body,
    ).toMatchObject({ error: { data: { name: "psycopg2.OperationalError" } } })
  })

  it("logs in with a password or a key, and answers false, not an error, for a wrong one", async () => {
    const { database, login, password, apiKey, uid } = simulator
    const log = async (secret: string) => {
      const args = [database, login, secret, {}]
      const { body } = await jsonRpc(simulator, "common", "authenticate", args)
      return (body as { result: Json }).result
    }
    expect(await log(password)).toBe(uid)
    expect(await log(apiKey)).toBe(uid)
    expect(await log("wrong")).toBe(false)
    for (let failure = 0; failure < 5; failure += 1) await log("wrong")
    // Locked out for a minute, even with the right password.
    expect(await log(password)).toBe(false)
    const { clock } = simulator.world
    simulator.world.clock = () => clock() + 61_000_000
    expect(await log(password)).toBe(uid)
  })

  it("refuses a wrong secret in execute_kw with AccessDenied", async () => {
    const args = [simulator.database, simulator.uid, "wrong", "res.users", "read", [[2]], {}]
    expect((await jsonRpc(simulator, "object", "execute_kw", args)).body).toMatchObject({
      error: { data: { name: "odoo.exceptions.AccessDenied", message: "Access Denied" } },
    })
  })

  it("lets the read-only account read and not write", async () => {
    const headers = { Authorization: `bearer ${simulator.accounts.reader.apiKey}` }
    const id = simulator.world.create("product.template", { name: "Mug" })
    const read = { ids: [id], fields: ["name"] }
    expect((await json2(simulator, "product.template.read", read, headers)).status).toBe(200)
    const write = { ids: [id], vals: { name: "x" } }
    const refused = await json2(simulator, "product.template.write", write, headers)
    expect(refused.status).toBe(403)
    expect(refused.body).toMatchObject({
      message: expect.stringContaining(
        "You are not allowed to modify 'Product' (product.template) records.",
      ),
    })
  })
})
