import { writingCases } from "../../src/connectors/conformance"
import { realOdooSubject } from "../conformance/real-odoo"

jest.setTimeout(300_000)

/**
 * What the conformance suite says of writing, on the real thing: where the simulator is more lenient
 * than Odoo, it shows here.
 */
describe.each([
  ["over JSON-2", "json2"],
  ["over JSON-RPC", "jsonrpc"],
] as const)("a real Odoo 19 %s", (_name, protocol) => {
  const subject = realOdooSubject(protocol)
  beforeAll(() => subject.start?.(), 600_000)
  afterAll(() => subject.stop?.())

  for (const { name, skip, run } of writingCases(subject)) {
    const define = skip === null ? it : it.skip
    define(skip === null ? name : `${name} (${skip})`, run)
  }
})
