import { parseOptions } from ".."
import type { ConnectorFactory } from "../../../../connectors/contract"
import type { ConnectionInput, ErpPluginOptions } from "../types"

const credentials = { url: "https://erp.example", database: "d", login: "l", api_key: "s3cret" }
const base = { id: "odoo-main", erp: "odoo" as const, credentials }

const connection = (more: Partial<ConnectionInput> = {}) => {
  const options: ErpPluginOptions = { connections: [{ ...base, ...more }] }
  const [parsed] = parseOptions(options).connections
  if (!parsed) throw new Error("no connection")
  return parsed
}

/** The lines of the message, without the heading. */
const complaints = (options: unknown): string[] => {
  try {
    parseOptions(options)
  } catch (error) {
    return String(error instanceof Error ? error.message : error)
      .split("\n")
      .slice(1)
      .map((line) => line.trim())
  }
  return []
}

const complaintsOf = (more: object) => complaints({ connections: [{ ...base, ...more }] })

describe("prices that go into price lists", () => {
  const trade = { erp: "pricelist:Trade", currency: "eur" }

  it("are for everybody and override base prices, unless something else is said", () => {
    const prices = [
      { currency: "EUR" },
      { ...trade, price_list: { title: "Trade" } },
      { ...trade, price_list: { id: "plist_1", type: "sale" as const, customer_groups: ["VIP"] } },
    ]
    expect(connection({ prices }).prices).toEqual([
      { erp: "list", currency: "eur", rounding: "half-up" },
      {
        ...trade,
        rounding: "half-up",
        price_list: { title: "Trade", type: "override", customer_groups: [] },
      },
      {
        ...trade,
        rounding: "half-up",
        price_list: { id: "plist_1", type: "sale", customer_groups: ["VIP"] },
      },
    ])
  })

  it("go into each of them once a currency", () => {
    const list = { ...trade, price_list: { title: "Trade" } }
    const apart = [list, { ...list, currency: "usd" }, trade, { ...list, price_list: { id: "a" } }]
    expect(complaintsOf({ prices: apart })).toEqual([])
    expect(complaintsOf({ prices: [list, { ...list, erp: "pricelist:2" }] })).toHaveLength(1)
    expect(complaintsOf({ prices: [{ ...list, price_list: { id: "a", title: "b" } }] })).toEqual([
      expect.stringContaining("either an id or a title"),
    ])
  })
})

describe("defaults", () => {
  it("fills in everything that was left out", () => {
    expect(connection()).toEqual({
      id: "odoo-main",
      erp: "odoo",
      factory: expect.any(Function),
      credentials,
      settings: {},
      http: {},
      problem: null,
      owners: {},
      attributes: [],
      languages: [],
      push: false,
      create: { status: "draft", sales_channels: null, shipping_profile: null, archived: false },
      match: "sku",
      first_link: "erp",
      conflicts: "erp",
      foreign_edits: "enforce",
      gone: "draft",
      deleted: "ignore",
      prices: null,
      stock: null,
      orders: { counted: "fulfilled", settle_after_ms: 86_400_000, lag_ms: 3_600_000 },
      schedule: {
        categories: 3_600_000,
        products: 3_600_000,
        prices: 900_000,
        stock: 300_000,
        images: 3_600_000,
        sweep: 86_400_000,
      },
      images: { max_bytes: 10_000_000 },
      weight_unit: "g",
      guards: { gone_share: 0.05, price_share: 0.3, absent_share: 0.2 },
      writer: "sql",
    })
  })

  it("keeps the journal for 90 days and runs for 30", () => {
    expect(parseOptions({}).retention).toEqual({
      journal_ms: 90 * 86_400_000,
      runs_ms: 30 * 86_400_000,
    })
    expect(parseOptions(undefined).connections).toEqual([])
  })

  it("lets Medusa add keys of its own", () => {
    expect(parseOptions({ connections: [], database: { clientUrl: "x" } }).connections).toEqual([])
  })
})

describe("what was set", () => {
  it("is taken over, in the words of the engine", () => {
    const parsed = connection({
      filter: { sale_ok: true },
      settings: { company: 1 },
      fields: { categories: "medusa", tags: "both", title: "erp" },
      prices: [{ currency: "EUR" }],
      stock: [{ erp: "WH", location: "Main warehouse" }],
      schedule: { stock: "1m" },
      guards: { gone_percent: 12.5 },
      http: { timeout_ms: 5000 },
    })
    expect(parsed.settings).toEqual({ company: 1, filter: { sale_ok: true } })
    expect(parsed.owners).toEqual({ category: "medusa", tag: "both", title: "erp" })
    expect(parsed.prices).toEqual([{ erp: "list", currency: "eur", rounding: "half-up" }])
    expect(parsed.stock).toEqual([{ erp: "WH", location: "Main warehouse", basis: "available" }])
    expect(parsed.schedule.stock).toBe(60_000)
    expect(parsed.guards.gone_share).toBe(0.125)
    expect(parsed.http).toEqual({ timeout_ms: 5000 })
  })

  it("may be a connector of one's own", () => {
    const create: ConnectorFactory = () => {
      throw new Error("not called")
    }
    expect(connection({ erp: create })).toMatchObject({ erp: "create", factory: create })
    expect(connection({ erp: { erp: "Acme", create } })).toMatchObject({
      erp: "Acme",
      factory: create,
      problem: null,
    })
  })
})

describe("missing credentials", () => {
  it.each([
    [{}, "Missing credentials: url, database, login, api_key or password."],
    [{ ...credentials, api_key: undefined }, "Missing credentials: api_key or password."],
    [{ ...credentials, database: "" }, "Missing credentials: database."],
    [{ ...credentials, url: "erp.example" }, "Not valid: url."],
  ])("mark the connection: %j", (given, message) => {
    expect(connection({ credentials: given }).problem).toEqual({
      code: "missing_credentials",
      message,
      remedy: expect.stringContaining("environment"),
    })
  })
})

describe("a wrong option", () => {
  const oneOf = (name: string, got: string, choices: string) =>
    `connections[0].${name}: got ${got}, expected ${choices}`

  it.each<[object, string]>([
    [{ id: "Odoo Main" }, oneOf("id", '"Odoo Main"', "lower-case letters, digits and hyphens")],
    [
      { erp: "sap" },
      oneOf("erp", '"sap"', '"odoo", a connector factory, or an object { erp, create }'),
    ],
    [{ push: "yes" }, oneOf("push", '"yes"', "true, false, or an object { create, stock }")],
    [{ push: { create: 1 } }, oneOf("push.create", "1", "true or false")],
    [
      { deleted: "erase" },
      oneOf("deleted", '"erase"', 'one of "ignore", "recreate", "archive_erp"'),
    ],
    [{ match: "name" }, oneOf("match", '"name"', 'one of "sku", "barcode", "none"')],
    [{ gone: "delete" }, oneOf("gone", '"delete"', 'one of "draft", "unlink", "ignore"')],
    [{ conflicts: 1 }, oneOf("conflicts", "1", 'one of "erp", "medusa", "manual"')],
    [{ fields: { stock: "both" } }, oneOf("fields.stock", '"both"', 'one of "erp", "medusa"')],
    [{ credentials: "x" }, "connections[0].credentials: got ***, expected an object"],
    [{ filter: true }, oneOf("filter", "true", "an object or a list")],
    [
      { create: { status: "live" } },
      oneOf("create.status", '"live"', 'one of "draft", "proposed", "published"'),
    ],
    [
      { create: { sales_channels: "Web" } },
      oneOf("create.sales_channels", '"Web"', "a list of names or ids"),
    ],
    [{ create: { archived: "yes" } }, oneOf("create.archived", '"yes"', "true or false")],
    [
      { prices: [{ currency: "euro" }] },
      oneOf("prices[0].currency", '"euro"', 'a currency code such as "eur"'),
    ],
    [
      { prices: [{ currency: "eur", price_list: {} }] },
      oneOf("prices[0].price_list", "{}", "either an id or a title"),
    ],
    [{ prices: [{}] }, oneOf("prices[0].currency", "nothing", 'a currency code such as "eur"')],
    [
      {
        stock: [
          { erp: "WH", location: "Main" },
          { erp: "W2", location: "Other", basis: "on_hand" },
          { erp: "W3", location: "Main", basis: "on_hand" },
        ],
      },
      oneOf(
        "stock[2].basis",
        '"on_hand"',
        '"available", as of the other warehouse of location "Main", or a location of its own',
      ),
    ],
    [
      { stock: [{ erp: "WH" }] },
      oneOf("stock[0].location", "nothing", "the name or id of a stock location"),
    ],
    [
      { stock: [{ erp: " ", location: "L" }] },
      oneOf("stock[0].erp", '" "', "the code or name of a warehouse"),
    ],
    [
      { orders: { lag: "soon" } },
      oneOf("orders.lag", '"soon"', 'a time span such as "90s", "5m", "1h" or "7d"'),
    ],
    [
      { schedule: { stock: "30s" } },
      oneOf("schedule.stock", '"30s"', 'a time span of at least "1m", such as "5m", "1h" or "7d"'),
    ],
    [{ images: "yes" }, oneOf("images", '"yes"', "true, false, or an object { max_bytes }")],
    [{ images: { max_bytes: 0 } }, oneOf("images.max_bytes", "0", "a whole number above 0")],
    [
      { schedule: { sweep: 60 } },
      oneOf("schedule.sweep", "60", 'a time span of at least "1h", such as "5m", "1h" or "7d"'),
    ],
    [
      { guards: { gone_percent: 101 } },
      oneOf("guards.gone_percent", "101", "a number from 0 to 100"),
    ],
    [{ http: { in_flight: 0.5 } }, oneOf("http.in_flight", "0.5", "a whole number above 0")],
    [{ weight_unit: "t" }, oneOf("weight_unit", '"t"', 'one of "g", "kg", "lb", "oz"')],
    [{ writer: "fast" }, oneOf("writer", '"fast"', 'one of "sql", "native"')],
    [
      { settings: { protocol: "soap" } },
      oneOf("settings.protocol", '"soap"', 'one of "auto"|"json2"|"jsonrpc"|"xmlrpc"'),
    ],
    [
      { filter: { a: 1 }, settings: { filter: {} } },
      oneOf("filter", '{"a":1}', "one filter, here or in settings"),
    ],
  ])("%j says where, what, and what was expected", (more, complaint) => {
    expect(complaintsOf(more)).toEqual([complaint])
  })

  it.each<[object, string]>([
    [
      { feilds: { title: "erp" } },
      'connections[0].feilds: got {"title":"erp"}, expected no option of this name, but "fields"',
    ],
    [
      { create: { state: "draft" } },
      'connections[0].create.state: got "draft", expected no option of this name, but "status"',
    ],
    [
      { settings: { protocoll: "json2" } },
      'connections[0].settings.protocoll: got "json2", expected no option of this name, but "protocol"',
    ],
    [
      { orders: { counts: "never" } },
      'connections[0].orders.counts: got "never", expected no option of this name, but "counted"',
    ],
    [
      { guards: { zzz: 1 } },
      "connections[0].guards.zzz: got 1, expected no option of this name, but one of gone_percent, price_percent, absent_percent",
    ],
  ])("an unknown key is named with the nearest known one: %j", (more, complaint) => {
    expect(complaintsOf(more)).toEqual([complaint])
  })

  it("at the top is told by its likeness only, since Medusa has keys there too", () => {
    expect(complaints({ conections: [] })).toEqual([
      'conections: got [], expected no option of this name, but "connections"',
    ])
    expect(complaints({ providers: [] })).toEqual([])
    expect(complaints({ connections: {} })).toEqual([
      "connections: got {}, expected a list of connections",
    ])
    expect(complaints("x")).toEqual(['options: got "x", expected an object'])
    expect(complaints({ retention: { journal: "1h" } })).toEqual([
      'retention.journal: got "1h", expected a time span of at least "1d", such as "5m", "1h" or "7d"',
    ])
  })

  it("comes with all the others in one message", () => {
    const found = complaints({
      connections: [
        { ...base, id: "UP", match: "x", nope: 1 },
        { ...base, id: "b", prices: [{ currency: "eur" }, { currency: "eur" }] },
        "c",
      ],
    })
    expect(found.map((line) => line.slice(0, line.indexOf(":")))).toEqual([
      "connections[0].id",
      "connections[0].match",
      "connections[0].nope",
      "connections[2]",
      "connections[1].filter",
      "connections[1].prices[1].currency",
    ])
  })
})

describe("two connections", () => {
  it("need ids of their own", () => {
    const other = { ...base, credentials: { ...credentials, url: "https://other.example" } }
    expect(complaints({ connections: [base, other] })).toEqual([
      'connections[1].id: got "odoo-main", expected an id of its own',
    ])
  })

  it("may not read the same records", () => {
    const again = {
      ...base,
      id: "again",
      credentials: { ...credentials, url: "HTTPS://ERP.example/" },
    }
    expect(complaints({ connections: [base, again] })).toEqual([
      'connections[1].filter: got nothing, expected a filter or company of its own: "odoo-main" and "again" read the same records of the same ERP',
    ])
    expect(complaints({ connections: [base, { ...again, filter: {} }] })).toHaveLength(1)
    expect(
      complaints({ connections: [{ ...base, settings: { filter: {} } }, again] }),
    ).toHaveLength(1)
    const filtered = { ...again, filter: { sale_ok: true } }
    const company = { ...again, settings: { company: 2 } }
    expect(complaints({ connections: [base, filtered] })).toEqual([])
    expect(complaints({ connections: [base, company] })).toEqual([])
    const database = { ...again, credentials: { ...credentials, database: "other" } }
    expect(complaints({ connections: [base, database] })).toEqual([])
    const own = { ...base, filter: { categ_id: 3 } }
    expect(complaints({ connections: [own, again] })).toEqual([])
    const unset = { id: "a", erp: "odoo", credentials: { url: undefined } }
    expect(complaints({ connections: [unset, { ...unset, id: "b" }] })).toEqual([])
  })

  it("of another ERP are told apart by where they log in and by their settings", () => {
    const erp = { erp: "abacus", create: () => ({}) }
    const credentials = { tenant: "t1", api_key: "s3cret" }
    const first = { id: "first", erp, credentials, settings: { company: "A" } }
    const again = { ...first, id: "again", credentials: { ...credentials, api_key: "another" } }
    expect(complaints({ connections: [first, again] })).toEqual([
      'connections[1].filter: got nothing, expected a filter or company of its own: "first" and "again" read the same records of the same ERP',
    ])
    const tenant = { ...again, credentials: { tenant: "t2", api_key: "s3cret" } }
    expect(complaints({ connections: [first, tenant] })).toEqual([])
    const company = { ...again, settings: { company: "B" } }
    expect(complaints({ connections: [first, company] })).toEqual([])
    expect(complaints({ connections: [first, { ...again, erp: { ...erp, erp: "x" } }] })).toEqual(
      [],
    )
  })
})

describe("secrets", () => {
  it.each<[object]>([
    [{ api_key: "s3cret" }],
    [{ password: "s3cret" }],
    [{ credentials: ["s3cret"] }],
    [{ http: { key: ["s3cret"] } }],
    [{ http: { proxy: { a: "s3cret" } } }],
    [{ create: { status: { token: "s3cret" } } }],
    [{ match: "https://user:s3cret@erp.example" }],
    [{ erp: { erp: "x", settings: [{ api_key: "s3cret" }] } }],
  ])("never stand in a message: %j", (more) => {
    const found = complaintsOf(more)
    expect(found).toHaveLength(1)
    expect(found.join()).not.toContain("s3cret")
    expect(found.join()).toContain("***")
  })

  it("never stand in a message about the whole list", () => {
    const found = complaints({ connections: base })
    expect(found).toHaveLength(1)
    expect(found.join()).not.toContain("s3cret")
  })
})

describe("characteristics", () => {
  it("are mapped to a column or to the metadata, of the product or of its variants", () => {
    const to_store = (value: string | boolean | null) => value
    const parsed = connection({
      fields: {
        title: "erp",
        material: { erp: "attribute:Fabric" },
        "metadata.care": { erp: "x_care", owner: "both", to_store },
        "variant.metadata.washable": { erp: "x_washable", type: "boolean" },
        "variant.length": { erp: "x_length" },
      },
    })
    expect(parsed.attributes).toEqual([
      { entity: "product", target: "material", erp: "attribute:Fabric", type: "text" },
      { entity: "product", target: "metadata:care", erp: "x_care", type: "text", to_store },
      { entity: "variant", target: "metadata:washable", erp: "x_washable", type: "boolean" },
      { entity: "variant", target: "length", erp: "x_length", type: "number" },
    ])
    expect(parsed.owners).toEqual({
      title: "erp",
      "attribute:attribute:Fabric": "erp",
      "attribute:x_care": "both",
      "attribute:x_washable": "erp",
      "attribute:x_length": "erp",
    })
  })

  it.each<[object, string]>([
    [{ "metadata.care": "erp" }, 'fields.metadata.care: got "erp", expected an object'],
    [
      { "metadata.care": { erp: "x_care", typ: "text" } },
      'fields.metadata.care.typ: got "text", expected no option of this name, but "type"',
    ],
    [
      { "metadata.a": { erp: "x_care" }, "metadata.b": { erp: "x_care" } },
      'fields.metadata.b.erp: got "x_care", expected one place in the store for each field',
    ],
    [
      { materiel: { erp: "x_fabric" } },
      'fields.materiel: got {"erp":"x_fabric"}, expected no option of this name, but "material"',
    ],
  ])("%j says where, what, and what was expected", (fields, complaint) => {
    expect(complaintsOf({ fields })).toEqual([`connections[0].${complaint}`])
  })
})

describe("languages", () => {
  it("are locales of the store with the ERP's codes, and may have owners of their own", () => {
    const parsed = connection({
      languages: { "fr-FR": "fr_FR", "zh-Hans-CN": "zh_CN" },
      fields: { title: "erp", "title:fr-FR": "medusa", "description:fr-FR": "both" },
    })
    expect(parsed.languages).toEqual([
      { locale: "fr-FR", erp: "fr_FR" },
      { locale: "zh-Hans-CN", erp: "zh_CN" },
    ])
    expect(parsed.owners).toEqual({
      title: "erp",
      "title:fr-FR": "medusa",
      "description:fr-FR": "both",
    })
  })

  it.each<[object, string]>([
    [
      { languages: { fr_FR: "fr_FR" } },
      `languages.fr_FR: got "fr_FR", expected a locale of the store with the ERP's language: { "fr-FR": "fr_FR" }`,
    ],
    [
      { languages: { "fr-fr": "fr_FR" } },
      `languages.fr-fr: got "fr_FR", expected a locale of the store with the ERP's language: { "fr-FR": "fr_FR" }`,
    ],
    [
      { languages: { "fr-FR": "" } },
      `languages.fr-FR: got "", expected the ERP's code of the language`,
    ],
    [
      { languages: ["fr-FR"] },
      `languages: got ["fr-FR"], expected a locale of the store with the ERP's language: { "fr-FR": "fr_FR" }`,
    ],
    [
      { languages: { "fr-FR": "fr_FR", "fr-BE": "fr_FR" } },
      'languages.fr-BE: got "fr_FR", expected one locale for each language of the ERP',
    ],
    [
      { fields: { "title:fr-FR": "erp" } },
      'fields.title:fr-FR: got "erp", expected a locale that "languages" names',
    ],
    [
      { languages: { "fr-FR": "fr_FR" }, fields: { "title:fr-FR": "us" } },
      'fields.title:fr-FR: got "us", expected one of "erp", "medusa", "both"',
    ],
  ])("%j says where, what, and what was expected", (options, complaint) => {
    expect(complaintsOf(options)).toEqual([`connections[0].${complaint}`])
  })
})
