import type { ConformanceCase, ConformanceSubject } from "../../src/connectors/conformance"
import { writingCases } from "../../src/connectors/conformance"
import { creationCases } from "../../src/connectors/conformance/cases/creations"
import { refusalCases } from "../../src/connectors/conformance/cases/refusals"
import { writeCases } from "../../src/connectors/conformance/cases/writes"
import { realOdooSubject } from "../conformance/real-odoo"

jest.setTimeout(300_000)

/**
 * What the conformance suite says of writing, on the real thing: where the simulator is more lenient
 * than Odoo, it shows here.
 */
describe.each([
  ["over JSON-2", "json2", writingCases],
  ["over JSON-RPC", "jsonrpc", writingCases],
  // Waiting for lost replies is the same over each of them, and takes a minute.
  ["over XML-RPC", "xmlrpc", protocolCases],
] as const)("a real Odoo 19 %s", (_name, protocol, cases) => {
  const subject = realOdooSubject(protocol)
  beforeAll(() => subject.start?.(), 600_000)
  afterAll(() => subject.stop?.())

  for (const { name, skip, run } of cases(subject)) {
    const define = skip === null ? it : it.skip
    define(skip === null ? name : `${name} (${skip})`, run)
  }
})

function protocolCases(subject: ConformanceSubject): ConformanceCase[] {
  return [...writeCases(subject), ...refusalCases(subject), ...creationCases(subject)]
}
