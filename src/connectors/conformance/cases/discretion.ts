import assert from "node:assert/strict"
import { setTimeout as wait } from "node:timers/promises"

import { erpId } from "../../../sync/ids"
import { pullAll, syncErrorOf, withConnector } from "../collect"
import type { ConformanceCase, ConformanceSubject } from "../subject"
import { ALWAYS, BROKEN } from "./failures"

/** What must not be left behind: secrets in what is told, sockets and timers in the process. */
export const discretionCases = (subject: ConformanceSubject): ConformanceCase[] => [
  {
    name: "no secret is ever in an error, a log line or a cursor",
    skip: subject.fault ? null : "the double has no faults",
    run: () => keepsSecrets(subject),
  },
  {
    name: "close leaves no socket and no timer, and sends nothing afterwards",
    skip: null,
    run: async () => {
      await wait(50)
      const before = openHandles()
      const connector = subject.connect()
      await pullAll(connector, "categories", null)
      await connector.close()
      // The double's own ends of the sockets take a moment.
      for (let tries = 0; openHandles() > before && tries < 40; tries += 1) await wait(50)
      assert.ok(
        openHandles() <= before,
        `A socket or timer stayed open: ${process.getActiveResourcesInfo().join(", ")}`,
      )
      const sent = connector.requests
      await syncErrorOf(pullAll(connector, "categories", null))
      assert.equal(connector.requests, sent, "Something was sent after close.")
    },
  },
]

const keepsSecrets = async (subject: ConformanceSubject): Promise<void> => {
  const said: string[] = []
  const log = (_level: string, message: string): void => {
    said.push(message)
  }
  const options = { log, http: { max_attempts: 2, timeout_ms: 300 } }
  const note = (error: unknown): void => {
    for (let at: unknown = error; at instanceof Error; at = at.cause) {
      said.push(at.message, at.stack ?? "", JSON.stringify(at))
    }
  }
  for (const wrong_credentials of [false, true]) {
    for (const fault of [...BROKEN, { kind: "slow", times: ALWAYS, ms: 1000 } as const, null]) {
      await withConnector(subject, { ...options, wrong_credentials }, async (connector) => {
        if (fault) subject.fault?.(fault)
        try {
          said.push(JSON.stringify(await connector.check()))
          said.push(JSON.stringify((await pullAll(connector, "products", null)).cursor))
          await connector.read("products", [erpId("1")])
        } catch (error) {
          note(error)
        } finally {
          subject.heal?.()
        }
      })
    }
  }
  for (const secret of subject.secrets) {
    const leak = said.find((text) => text.includes(secret))
    assert.equal(leak?.replaceAll(secret, "[the secret]"), undefined)
  }
}

/** Sockets and timers that keep a process alive, those of the double included. */
const openHandles = (): number =>
  process
    .getActiveResourcesInfo()
    .filter((resource) => ["TCPSocketWrap", "TLSWrap", "Timeout"].includes(resource)).length
