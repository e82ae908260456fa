import assert from "node:assert/strict"

import { toSyncError } from "../../../sync/errors"
import { withConnector } from "../collect"
import type { ConformanceCase, ConformanceSubject } from "../subject"

/** `check()` reports, and never throws for what a person can mend. */
export const checkCases = (subject: ConformanceSubject): ConformanceCase[] => [
  {
    name: "check says who the ERP is and what can be read",
    skip: null,
    run: () =>
      withConnector(subject, {}, async (connector) => {
        const check = await connector.check()
        assert.ok(check.ok, JSON.stringify(check.items))
        assert.ok(check.identity)
        assert.match(check.identity.currencies[0] ?? "", /^[a-z]{3}$/)
        assert.ok(check.capabilities.streams.includes("products"))
        assert.deepEqual(
          check.items.filter(({ ok, remedy }) => !ok && remedy === ""),
          [],
          "What is not ok needs a remedy.",
        )
      }),
  },
  {
    name: "check finds the same fingerprint every time",
    skip: null,
    run: async () => {
      const fingerprint = () =>
        withConnector(subject, {}, async (connector) => (await connector.check()).identity)
      const first = await fingerprint()
      assert.equal((await fingerprint())?.fingerprint, first?.fingerprint)
    },
  },
  {
    name: "check reports refused credentials with a remedy instead of throwing",
    skip: null,
    run: () =>
      withConnector(subject, { wrong_credentials: true }, async (connector) => {
        const check = await connector.check()
        assert.equal(check.ok, false)
        const failed = check.items.find(({ ok }) => !ok)
        assert.ok(failed?.message && failed.remedy, JSON.stringify(check.items))
      }),
  },
  {
    name: "reading with refused credentials is a config error of the connection",
    skip: null,
    run: () =>
      withConnector(subject, { wrong_credentials: true }, async (connector) => {
        const pull = async () => {
          for await (const page of connector.pull("products", null)) return page
          return null
        }
        const error = await pull().then(
          () => assert.fail("It was let in."),
          (thrown: unknown) => toSyncError(thrown),
        )
        assert.equal(error.kind, "config", error.message)
        assert.equal(error.scope, "connection")
      }),
  },
]
