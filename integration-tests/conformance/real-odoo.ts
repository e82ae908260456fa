import { Client as Database } from "pg"

import type { ConformanceSubject, FaultProxy, Spoil } from "../../src/connectors/conformance"
import { startFaultProxy } from "../../src/connectors/conformance"
import { STREAMS } from "../../src/sync/canonical"
import { Client } from "../odoo/client"
import { edits } from "../odoo/edits"
import { RunningOdoo, startOdoo } from "../odoo/server"
import { isOdooWrite, odooConnect, OdooProtocolName, shortenPage } from "./odoo-connection"
import { listOdoo } from "./odoo-listing"
import { odooWriting, OdooHands } from "./odoo-writing"

/** A real Odoo as the suite's subject: fresh when the suite starts, changed by it, never put back. */
export const realOdooSubject = (protocol: OdooProtocolName): ConformanceSubject => {
  const parts = new Parts()
  const context = { active_test: false, allowed_company_ids: [1] }
  const sold = () => parts.bot.search("product.template", [["sale_ok", "=", true]])
  return {
    erp: "odoo",
    streams: STREAMS,
    start: () => parts.start(),
    stop: () => parts.stop(),
    connect: (options) => odooConnect(parts.proxy, parts.odoo, protocol, options),
    get secrets() {
      return [parts.odoo.apiKey, parts.odoo.password, "wrong-password-2718"]
    },
    list: () =>
      listOdoo((model, domain, fields) =>
        parts.bot.searchRead(model, domain as never, fields, { context }),
      ),
    changes: edits.map(({ name, apply }) => ({
      name,
      make: async () => {
        await apply(parts.admin)
      },
    })),
    // An Odoo of the environment shows nobody its database.
    changeLate: process.env["ODOO_URL"]
      ? undefined
      : async () => ({
          ...(await changeLate(parts.database)),
          meanwhile: async () => {
            const [, id = 0] = await sold()
            await parts.admin.write("product.template", id, { name: "Meanwhile" })
          },
        }),
    stampAlike: async (count) => {
      const ids = (await sold()).slice(0, Math.max(count, 12))
      await parts.admin.write("product.template", ids, { description: "<p>Stamped alike</p>" })
    },
    spoils: [negativePrice(() => parts.admin, sold)],
    writing: odooWriting(handsOf(parts), "usd"),
    fault: (fault) => parts.proxy.fault(fault),
    heal: () => parts.proxy.heal(),
  }
}

interface Running {
  odoo: RunningOdoo
  proxy: FaultProxy
  bot: Client
  admin: Client
}

/** Odoo, proxy and clients, which only exist while the suite runs. */
class Parts {
  private running: Running | null = null

  async start(): Promise<void> {
    const odoo = await startOdoo()
    this.running = {
      odoo,
      proxy: await startFaultProxy(odoo.url, shortenPage, isOdooWrite),
      bot: await Client.asBot(odoo),
      admin: await Client.asAdmin(odoo),
    }
  }

  async stop(): Promise<void> {
    await this.running?.proxy.close()
    await this.running?.odoo.stop()
    this.running = null
  }

  get odoo(): RunningOdoo {
    return this.started.odoo
  }

  get proxy(): FaultProxy {
    return this.started.proxy
  }

  get bot(): Client {
    return this.started.bot
  }

  get admin(): Client {
    return this.started.admin
  }

  get database(): string {
    const { pgUrl } = this.odoo
    if (pgUrl === undefined) throw new Error("The database of this Odoo is not known.")
    return pgUrl
  }

  private get started(): Running {
    if (!this.running) throw new Error("Odoo is not started.")
    return this.running
  }
}

const negativePrice = (admin: () => Client, sold: () => Promise<number[]>): Spoil => ({
  name: "a negative price",
  stream: "prices",
  make: async () => {
    const [id = 0] = (await sold()).slice(-1)
    const [row] = await admin().searchRead("product.template", [["id", "=", id]], ["list_price"])
    const [variant = 0] = await admin().search("product.product", [["product_tmpl_id", "=", id]])
    await admin().write("product.template", id, { list_price: -5 })
    return {
      id: String(variant),
      field: "prices.list.amount",
      undo: () => admin().write("product.template", id, { list_price: row?.["list_price"] }),
    }
  },
})

/** The bot's hands; a row's stamp is the transaction that wrote it last, as the database knows it. */
const handsOf = (parts: Parts): OdooHands => {
  const context = { active_test: false }
  return {
    create: (model, vals) => parts.bot.create(model, vals),
    write: (model, id, vals) => parts.bot.write(model, id, vals),
    unlink: async (model, id) => {
      await parts.bot.call(model, "unlink", [[id]])
    },
    search: (model, domain) => parts.bot.search(model, domain as never, { context }),
    setStock: async (product_id, location_id, quantity) => {
      const vals = { product_id, location_id, inventory_quantity_auto_apply: quantity }
      await parts.bot.create("stock.quant", vals, { inventory_mode: true })
    },
    stamp: (model, id) =>
      process.env["ODOO_URL"]
        ? stampShown(parts.bot, model, id)
        : stampIn(parts.database, model, id),
    storable: { is_storable: true },
  }
}

const stampIn = async (url: string, model: string, id: number): Promise<string> => {
  const database = new Database({ connectionString: url })
  await database.connect()
  try {
    const table = model.replaceAll(".", "_")
    const { rows } = await database.query<{ stamp: string }>(
      `select xmin || ' ' || write_date as stamp from ${table} where id = $1`,
      [id],
    )
    return rows[0]?.stamp ?? ""
  } finally {
    await database.end()
  }
}

const stampShown = async (bot: Client, model: string, id: number): Promise<string> => {
  const [row] = await bot.searchRead(
    model,
    [
      ["id", "=", id],
      ["active", "in", [true, false]],
    ],
    ["write_date"],
  )
  return String(row?.["write_date"])
}

/** Writes a name in a transaction of its own, stamped at its start as Odoo does, left open. */
const changeLate = async (url: string): Promise<{ commit(): Promise<void> }> => {
  const database = new Database({ connectionString: url })
  await database.connect()
  await database.query("begin")
  await database.query(
    `update product_template
        set name = jsonb_build_object('en_US', 'Committed late'),
            write_date = now() at time zone 'UTC'
      where id = (select min(id) from product_template where sale_ok and active)`,
  )
  return {
    async commit() {
      await database.query("commit")
      await database.end()
    },
  }
}
