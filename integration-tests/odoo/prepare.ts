/**
 * Makes a real Odoo ready for the tests, as far as this machine can have one: a first run installs it
 * and fills its database. Ends with NOT_RUN after saying why it cannot.
 */
import { startOdoo } from "./server"
import { OdooUnavailable } from "./unavailable"

/** An exit status that nothing else gives; `scripts/test.mjs` knows it. */
const NOT_RUN = 77

startOdoo((line) => process.stderr.write(`${line}\n`))
  .then((odoo) => odoo.stop())
  .catch((error: unknown) => {
    if (!(error instanceof OdooUnavailable)) {
      throw error
    }
    process.stdout.write(`NOT RUN: ${error.message}\n`)
    process.exitCode = NOT_RUN
  })
