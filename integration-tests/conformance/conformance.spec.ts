import { conformanceCases, ConformanceSubject } from "../../src/connectors/conformance"
import { simulatedOdooSubject } from "./simulated-odoo"

/**
 * Each ERP's connector against its double, by dialect and protocol. `ERP=odoo` (the default) names
 * which; add an entry for another.
 */
const SUBJECTS: Record<string, Record<string, () => ConformanceSubject>> = {
  odoo: {
    "Odoo 17 over JSON-RPC": () => simulatedOdooSubject(17, "jsonrpc"),
    "Odoo 18 over JSON-RPC": () => simulatedOdooSubject(18, "jsonrpc"),
    "Odoo 19 over JSON-RPC": () => simulatedOdooSubject(19, "jsonrpc"),
    "Odoo 18 over XML-RPC": () => simulatedOdooSubject(18, "xmlrpc"),
    "Odoo 19 over JSON-2": () => simulatedOdooSubject(19, "json2"),
  },
}

const erp = process.env["ERP"] ?? "odoo"
const subjects = SUBJECTS[erp]
if (!subjects) {
  throw new Error(`ERP=${erp} has no double; there are: ${Object.keys(SUBJECTS).join(", ")}.`)
}

describe.each(Object.entries(subjects))("%s", (_name, make) => {
  const subject = make()
  beforeAll(() => subject.start?.())
  afterAll(() => subject.stop?.())

  for (const { name, skip, run } of conformanceCases(subject)) {
    const define = skip === null ? it : it.skip
    define(skip === null ? name : `${name} (${skip})`, run)
  }
})
