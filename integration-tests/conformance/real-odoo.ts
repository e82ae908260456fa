import { Client as Database } from "pg"

import type { ConformanceSubject } from "../../src/connectors/conformance"
import { startFaultProxy } from "../../src/connectors/conformance"
import { STREAMS } from "../../src/sync/canonical"
import { Client } from "../odoo/client"
import { edits } from "../odoo/edits"
import type { RunningOdoo } from "../odoo/server"
import { odooConnect, shortenPage } from "./odoo-connection"
import { listOdoo } from "./odoo-listing"

/** A running Odoo as the suite's subject; it is changed, and not put back. */
export const realOdooSubject = async (
  odoo: RunningOdoo,
  protocol: "json2" | "jsonrpc",
): Promise<ConformanceSubject> => {
  const proxy = await startFaultProxy(odoo.url, shortenPage)
  const bot = await Client.asBot(odoo)
  const admin = await Client.asAdmin(odoo)
  const context = { active_test: false, allowed_company_ids: [1] }
  const sold = () => bot.search("product.template", [["sale_ok", "=", true]])
  return {
    erp: "odoo",
    streams: STREAMS,
    stop: proxy.close,
    connect: (options) => odooConnect(proxy, odoo, protocol, options),
    secrets: [odoo.apiKey, odoo.password, "wrong-password-2718"],
    list: () =>
      listOdoo((model, domain, fields) =>
        bot.searchRead(model, domain as never, fields, { context }),
      ),
    changes: edits.map(({ name, apply }) => ({
      name,
      make: async () => {
        await apply(admin)
      },
    })),
    changeLate: odoo.pgUrl
      ? async () => ({
          ...(await changeLate(odoo.pgUrl ?? "")),
          meanwhile: async () => {
            const [, id = 0] = await sold()
            await admin.write("product.template", id, { name: "Meanwhile" })
          },
        })
      : undefined,
    stampAlike: async (count) => {
      const ids = (await sold()).slice(0, Math.max(count, 12))
      await admin.write("product.template", ids, { description: "<p>Stamped alike</p>" })
    },
    spoils: [
      {
        name: "a negative price",
        stream: "prices",
        make: async () => {
          const [id = 0] = (await sold()).slice(-1)
          const [row] = await admin.searchRead(
            "product.template",
            [["id", "=", id]],
            ["list_price"],
          )
          const [variant = 0] = await admin.search("product.product", [
            ["product_tmpl_id", "=", id],
          ])
          await admin.write("product.template", id, { list_price: -5 })
          return {
            id: String(variant),
            field: "prices.list.amount",
            undo: () => admin.write("product.template", id, { list_price: row?.["list_price"] }),
          }
        },
      },
    ],
    fault: proxy.fault,
    heal: proxy.heal,
  }
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
