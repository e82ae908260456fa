import { MedusaError } from "@medusajs/framework/utils"
import { SyncError } from "../../sync/errors"
import { creationError } from "../creation-errors"

const from = (cause: unknown) =>
  creationError(cause, { record: "42", task: "create the product", field: "step" })

describe("failures of Medusa", () => {
  it.each([
    ["sku", "A, B"],
    ["barcode", "4000"],
    ["handle", "chair"],
  ])("names a %s that is taken", (field, value) => {
    const error = from(
      new MedusaError(
        MedusaError.Types.INVALID_DATA,
        `Product variant with ${field}: ${value}, already exists.`,
      ),
    )
    expect(error).toMatchObject({
      kind: "data",
      code: `duplicate_${field}`,
      record: "42",
      field,
      value,
    })
    expect(error.remedy).not.toBe("")
  })

  it("takes another verdict on data for the record's fault", () => {
    const error = from(new MedusaError(MedusaError.Types.NOT_FOUND, "Tag not found"))
    expect(error).toMatchObject({ kind: "data", code: "refused_by_medusa", field: "step" })
    expect(error.message).toBe("Medusa could not create the product: Tag not found")
  })

  it.each([
    ["a lock", Object.assign(new Error("lock"), { code: "55P03" })],
    ["a broken connection", new Error("connect ECONNREFUSED 127.0.0.1:5432")],
    ["a full pool", new Error("Knex: Timeout acquiring a connection. The pool is probably full.")],
    ["a cause below", new Error("x", { cause: Object.assign(new Error("y"), { code: "57P01" }) })],
  ])("takes %s for passing", (_name, cause) => {
    expect(from(cause)).toMatchObject({ kind: "transient", code: "store_unavailable" })
  })

  it("takes anything else for a defect, a pool in the title included", () => {
    expect(from(new Error("Cannot read the pool of undefined"))).toMatchObject({ kind: "bug" })
  })

  it("passes an error of the sync through", () => {
    const error = new SyncError({ kind: "config", code: "x", message: "x", remedy: "x" })
    expect(from(error)).toBe(error)
  })
})
