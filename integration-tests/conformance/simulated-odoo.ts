import type {
  ConformanceSubject,
  FaultProxy,
  ListedImage,
  Spoil,
} from "../../src/connectors/conformance"
import { startFaultProxy } from "../../src/connectors/conformance"
import { STREAMS } from "../../src/sync/canonical"
import type { OdooSimulator, OdooVersion, World } from "../erp/odoo"
import { startOdooSimulator } from "../erp/odoo"
import { isOdooWrite, odooConnect, OdooProtocolName, shortenPage } from "./odoo-connection"
import { listOdoo } from "./odoo-listing"
import { odooWriting, OdooHands } from "./odoo-writing"
import { simulatedChanges } from "./simulated-changes"
import { simulatedPriceLists } from "./simulated-price-lists"

/** A simulated Odoo of one version as the suite's subject. */
export const simulatedOdooSubject = (
  version: OdooVersion,
  protocol: OdooProtocolName,
): ConformanceSubject => {
  const parts = new Parts(version)
  const world = () => parts.simulator.world
  const context = { active_test: false }
  return {
    erp: "odoo",
    streams: STREAMS,
    start: () => parts.start(),
    stop: () => parts.stop(),
    connect: (options) => odooConnect(parts.proxy, parts.simulator, protocol, options),
    get secrets() {
      return [parts.simulator.apiKey, parts.simulator.password, "wrong-password-2718"]
    },
    list: () =>
      listOdoo((model, domain, fields) => {
        const ids = world().search(model, domain as never, context)
        return Promise.resolve(world().read(model, ids, fields, context) as never)
      }),
    images: () => Promise.resolve(imagesOf(world())),
    changes: simulatedChanges(version, world),
    changeLate: () => {
      const [late = 0, other = 0] = world().search("product.template", [["sale_ok", "=", true]])
      const open = world().begin()
      open.write("product.template", late, { name: "Committed late" })
      return Promise.resolve({
        meanwhile: () => {
          const tenMinutesLater = world().clock() + 600_000_000
          world().clock = () => tenMinutesLater
          world().write("product.template", other, { name: "Meanwhile" })
          return Promise.resolve()
        },
        commit: () => {
          open.commit()
          return Promise.resolve()
        },
      })
    },
    stampAlike: (count) => {
      const ids = world().search("product.template", [["sale_ok", "=", true]])
      world().write("product.template", ids.slice(0, count), { description: "<p>Alike</p>" })
      return Promise.resolve()
    },
    spoils: spoilsOf(world),
    priceLists: simulatedPriceLists(world),
    writing: odooWriting(handsOf(world, version), "usd"),
    fault: (fault) => parts.proxy.fault(fault),
    heal: () => parts.proxy.heal(),
  }
}

const imagesOf = (world: World): ListedImage[] => {
  const context = { active_test: false }
  const held = (model: string, field: string, domain: unknown[], named: (row: Row) => string[]) =>
    world
      .read(model, world.search(model, domain as never, context), fieldsOf(model, field), context)
      .flatMap((row): ListedImage[] => {
        const [product_id = "", key = ""] = named(row)
        const content = row[field]
        const bytes = typeof content === "string" ? Buffer.from(content, "base64") : null
        return bytes ? [{ product_id, key, bytes }] : []
      })
  return [
    ...held("product.template", "image_1920", [["sale_ok", "=", true]], (row) => [
      String(row["id"]),
      "template",
    ]),
    ...held(
      "product.product",
      "image_variant_1920",
      [
        ["product_tmpl_id.sale_ok", "=", true],
        ["active", "=", true],
      ],
      (row) => [String((row["product_tmpl_id"] as number[])[0]), `variant:${String(row["id"])}`],
    ),
  ]
}

const fieldsOf = (model: string, field: string): string[] =>
  model === "product.product" ? [field, "product_tmpl_id"] : [field]

type Row = Record<string, unknown>

/** Simulator and proxy, which only exist while the suite runs. */
class Parts {
  private running: { simulator: OdooSimulator; proxy: FaultProxy } | null = null

  constructor(private readonly version: OdooVersion) {}

  async start(): Promise<void> {
    const { version } = this
    const simulator = await startOdooSimulator({ version, products: 60, seed: 7, odd: false })
    // A year before the web server's clock: the connector must not mix the two.
    const beginning = Date.UTC(2025, 5, 1) * 1000
    simulator.world.clock = () => beginning
    this.running = {
      simulator,
      proxy: await startFaultProxy(simulator.url, shortenPage, isOdooWrite),
    }
  }

  get simulator(): OdooSimulator {
    return this.started.simulator
  }

  get proxy(): FaultProxy {
    return this.started.proxy
  }

  async stop(): Promise<void> {
    await this.running?.proxy.close()
    await this.running?.simulator.close()
    this.running = null
  }

  private get started(): { simulator: OdooSimulator; proxy: FaultProxy } {
    if (!this.running) throw new Error("The simulator is not started.")
    return this.running
  }
}

/** Edits past the network; a row's stamp is how often it was written. */
const handsOf = (world: () => World, version: OdooVersion): OdooHands => ({
  create: (model, vals) => Promise.resolve(world().create(model, vals)),
  write: (model, id, vals) => Promise.resolve(world().write(model, id, vals)),
  unlink: (model, id) => Promise.resolve(world().unlink(model, id)),
  search: (model, domain) =>
    Promise.resolve(world().search(model, domain as never, { active_test: false })),
  setStock: (variant, location, quantity) =>
    Promise.resolve(world().setStock(variant, location, quantity)),
  stamp: (model, id) => Promise.resolve(String(world().writes(model, id))),
  storable: version === 17 ? { detailed_type: "product" } : { is_storable: true },
})

const spoilsOf = (world: () => World): Spoil[] => {
  const created =
    (vals: Parameters<World["create"]>[1], field: (variant: number) => string, ofVariant = false) =>
    () => {
      const template = world().create("product.template", { name: "Spoilt", ...vals })
      const [variant = 0] = world().search("product.product", [["product_tmpl_id", "=", template]])
      return Promise.resolve({
        id: String(ofVariant ? variant : template),
        field: field(variant),
        undo: () => {
          world().unlink("product.template", template)
          return Promise.resolve()
        },
      })
    }
  return [
    {
      name: "a title of white space",
      stream: "products",
      make: created({ name: "   " }, () => "title"),
    },
    {
      name: "a title of six thousand characters",
      stream: "products",
      make: created({ name: "x".repeat(6000) }, () => "title"),
    },
    {
      name: "a code of three hundred characters",
      stream: "products",
      make: created({ default_code: "x".repeat(300) }, (variant) => `variants.${variant}.sku`),
    },
    {
      name: "a negative price inside a product",
      stream: "products",
      make: created({ list_price: -5 }, (variant) => `variants.${variant}.prices.list.amount`),
    },
    {
      name: "a negative price",
      stream: "prices",
      make: created({ list_price: -5 }, () => "prices.list.amount", true),
    },
  ]
}
