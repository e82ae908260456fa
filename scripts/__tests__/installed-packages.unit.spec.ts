import { isInstalled } from "../installed-packages"

const wanted = {
  packages: {
    "": { version: "0.1.0" },
    "node_modules/pg": { version: "8.0.0" },
    "node_modules/binaries-for-another-system": { version: "1.0.0", optional: true },
  },
}

describe("isInstalled", () => {
  it("asks for an install when nothing was installed yet", () => {
    expect(isInstalled(wanted, undefined)).toBe(false)
  })

  it("is satisfied when every package has the version of the lock file", () => {
    expect(isInstalled(wanted, { packages: { "node_modules/pg": { version: "8.0.0" } } })).toBe(
      true,
    )
  })

  it("asks for an install when a package has another version", () => {
    expect(isInstalled(wanted, { packages: { "node_modules/pg": { version: "7.9.0" } } })).toBe(
      false,
    )
  })

  it("asks for an install when a package is missing", () => {
    expect(isInstalled(wanted, { packages: {} })).toBe(false)
  })
})
