import { odooError } from "../errors"
import { exceptionOf, isNone } from "../xmlrpc/faults"

const FRAMES = `Traceback (most recent call last):
  File "/odoo/addons/rpc/controllers/xmlrpc.py", line 162, in xmlrpc_2
    response = self._xmlrpc(service)
               ^^^^^^^^^^^^^^^^^^^^^
`
const DISPATCHED = `${FRAMES}  File "/odoo/addons/rpc/controllers/xmlrpc.py", line 134, in _xmlrpc
    result = dispatch_rpc(service, method, params)
             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
`
const NONE = "TypeError: cannot marshal None unless allow_none is enabled\n"

describe("a fault of Odoo", () => {
  it.each([
    [1, `${DISPATCHED}ValueError: Invalid field 'x' on 'y'\n`, "config", "field_unknown"],
    [
      1,
      `${DISPATCHED}psycopg2.errors.SerializationFailure: could not serialize access due to concurrent update\n`,
      "transient",
      "locked",
    ],
    [
      1,
      `${DISPATCHED}psycopg2.errors.UniqueViolation: duplicate key value\nDETAIL:  Key (barcode)=(1) already exists.\n\n`,
      "data",
      "refused",
    ],
    [
      1,
      `Traceback (most recent call last):\n  File "a", line 1, in b\nKeyError: 'nodb'\n\nDuring handling of the above exception, another exception occurred:\n\n${DISPATCHED}psycopg2.OperationalError: connection to server at "127.0.0.1", port 5499 failed: FATAL:  database "nodb" does not exist\n\n`,
      "config",
      "database_unknown",
    ],
    [
      1,
      `${DISPATCHED}psycopg2.OperationalError: terminating connection\n`,
      "transient",
      "database_down",
    ],
    [1, `${DISPATCHED}AttributeError: The method 'a.b' does not exist\n`, "bug", "odoo_exception"],
    [1, `${DISPATCHED}MemoryError\n`, "transient", "response_too_large"],
    [2, 'Barcode(s) already assigned:\n\n- Barcode "5" already assigned', "data", "refused"],
    [2, "Object no.model doesn't exist", "config", "model_unknown"],
    [
      2,
      "Record does not exist or has been deleted.\n(Record: product.template(999999,), User: 2)",
      "data",
      "missing",
    ],
    [
      2,
      "L'enregistrement n'existe pas.\n(Enregistrement : product.product(4, 5), Utilisateur : 7)",
      "data",
      "missing",
    ],
    [2, "Cannot grab a lock on records", "transient", "locked"],
    [3, "Access Denied", "config", "unauthorised"],
    [
      4,
      "You are not allowed to modify 'Product' (product.template) records.",
      "config",
      "forbidden",
    ],
    ["AccessDenied", "Access Denied", "config", "unauthorised"],
    ["warning -- MissingError\n\nRecord does not exist", "", "data", "missing"],
    ["warning -- AccessError\n\nYou are not allowed", "", "config", "forbidden"],
    ["warning -- Warning\n\nGo elsewhere", "", "data", "refused"],
    ["something broke", `${DISPATCHED}ValueError: Invalid field 'x'\n`, "config", "field_unknown"],
    [7, "no idea", "bug", "odoo_exception"],
  ])("with code %j and %j is %s %s", (code, text, kind, errorCode) => {
    const error = odooError(exceptionOf({ code, text }), "Odoo")
    expect(error).toMatchObject({ kind, code: errorCode })
  })

  it("after the work was done, because there is nothing to answer, is a success", () => {
    expect(isNone({ code: 1, text: FRAMES + NONE })).toBe(true)
  })

  it.each([
    ["from inside the call", 1, DISPATCHED + NONE],
    ["as a message of another error", 1, `${FRAMES}ValueError: x\n${NONE}`],
    ["with more behind it", 1, `${FRAMES}${NONE.trim()} today\n`],
    ["in a warning", 2, NONE],
  ])("with the same words %s is none", (_name, code, text) => {
    expect(isNone({ code, text })).toBe(false)
  })
})
