import { odooCredentialsSchema, odooSettingsSchema, parseOptions } from "../settings"

const credentials = { url: "https://erp.example", database: "shop", login: "bot", api_key: "k" }

it("takes credentials with a key or a password", () => {
  expect(parseOptions("credentials", odooCredentialsSchema, credentials)).toEqual(credentials)
})

it("names what is wrong, and never shows a value", () => {
  const wrong = { ...credentials, url: "erp.example", api_key: 12345 }
  const parse = () => parseOptions("credentials", odooCredentialsSchema, wrong)
  expect(parse).toThrow(/credentials\.url: expected an http or https address/)
  expect(parse).toThrow(/credentials\.api_key/)
  expect(parse).not.toThrow(/12345/)
})

it("asks for a secret", () => {
  const bare = { ...credentials, api_key: undefined }
  expect(() => parseOptions("credentials", odooCredentialsSchema, bare)).toThrow(
    "expected `api_key` or `password`",
  )
})

it("syncs what may be sold, by default", () => {
  expect(parseOptions("settings", odooSettingsSchema, {})).toEqual({
    protocol: "auto",
    filter: { sale_ok: true },
  })
})

const filterOf = (filter: unknown) =>
  parseOptions("settings", odooSettingsSchema, { filter }).filter

it.each([
  [[]],
  [[["list_price", ">", 0]]],
  [
    [
      ["sale_ok", "=", true],
      ["categ_id", "child_of", 7],
    ],
  ],
  [["|", ["a", "=", 1], "!", ["b.c", "in", [1, 2]]]],
  [["&", ["a", "=", 1], ["b", "!=", "x"], ["c", "not ilike", "y"]]],
])("takes the domain %j", (domain) => {
  expect(filterOf(domain)).toEqual(domain)
})

it.each([
  [["|", ["a", "=", 1]]],
  [["!"]],
  [[["a", "=?", 1]]],
  [[["a.", "=", 1]]],
  [[["a", "in", 1]]],
  [[["a", "=", [1]]]],
])("refuses %j, which is no whole domain", (domain) => {
  expect(() => filterOf(domain)).toThrow(/settings\.filter/)
})
