import { exceptionIn, odooError } from "../errors"

it.each([
  ["odoo.exceptions.AccessDenied", "Access Denied", "config", "unauthorised"],
  ["werkzeug.exceptions.Unauthorized", "Invalid apikey", "config", "unauthorised"],
  ["odoo.exceptions.AccessError", "You are not allowed to access", "config", "forbidden"],
  [
    "odoo.exceptions.AccessError",
    "Access to unauthorized or invalid companies.",
    "config",
    "forbidden_company",
  ],
  ["odoo.exceptions.MissingError", "Record does not exist", "data", "missing"],
  ["odoo.exceptions.UserError", "Object no.model doesn't exist", "config", "model_unknown"],
  [
    "werkzeug.exceptions.NotFound",
    "the model 'no.model' does not exist",
    "config",
    "model_unknown",
  ],
  ["odoo.exceptions.ValidationError", "Le code-barres existe", "data", "refused"],
  ["psycopg2.errors.SerializationFailure", "could not serialize", "transient", "locked"],
  ["psycopg2.errors.DeadlockDetected", "deadlock detected", "transient", "locked"],
  [
    "psycopg2.OperationalError",
    'FATAL:  database "nodb" does not exist',
    "config",
    "database_unknown",
  ],
  ["psycopg2.OperationalError", "server closed the connection", "transient", "database_down"],
  ["psycopg2.InterfaceError", "connection already closed", "transient", "database_down"],
  ["builtins.ValueError", "Invalid field 'nope' on 'product.template'", "config", "field_unknown"],
  ["odoo.exceptions.UserError", "Invalid language code: xx_XX", "config", "language_unknown"],
  ["builtins.MemoryError", "", "transient", "response_too_large"],
  ["builtins.ValueError", "could not convert string to float", "bug", "odoo_exception"],
  ["builtins.TypeError", "unexpected keyword argument", "bug", "odoo_exception"],
  ["my_module.Surprise", "?", "bug", "odoo_exception"],
])("%s %p is %s %s", (name, message, kind, code) => {
  expect(odooError({ name, message }, "Odoo res.users.read")).toMatchObject({ kind, code })
})

it("says what was tried, what Odoo said and what to do", () => {
  const error = odooError(
    { name: "odoo.exceptions.AccessError", message: "No reading." },
    "Odoo stock.quant.read",
  )
  expect(error.message).toBe("Odoo stock.quant.read: the user lacks a right. It said: No reading.")
  expect(error.remedy).toContain("Give the connection's user")
})

it("finds Odoo's exception in a body, and in no other body", () => {
  const body = { name: "builtins.TypeError", message: "m", arguments: [], debug: "Traceback" }
  expect(exceptionIn(body)).toEqual({ name: "builtins.TypeError", message: "m" })
  expect(exceptionIn({ error: "rate limited" })).toBeNull()
  expect(exceptionIn("text")).toBeNull()
})
