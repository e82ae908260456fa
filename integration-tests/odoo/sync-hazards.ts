import { Client as Database } from "pg"
import { setTimeout as sleep } from "node:timers/promises"
import { given } from "../http/catalog-fixtures"
import { runWell } from "../http/sync-stage"
import { mainStock } from "./edits/subjects"
import { number, reference } from "./rows"
import { compare, Story } from "./sync-story"

export const reservationTests = (tell: () => Promise<Story>): void => {
  it("sees a reservation and its release alone, of goods that did not move", async () => {
    const story = await tell()
    const { merchant } = story
    const product = await unmovedProduct(story)
    const partner = await merchant.create("res.partner", { name: "Reserving customer" })
    const order = await merchant.create("sale.order", {
      partner_id: partner,
      order_line: [[0, 0, { product_id: product, product_uom_qty: 1 }]],
    })
    for (const action of ["action_confirm", "action_cancel"]) {
      const context = { disable_cancel_warning: true }
      await merchant.call("sale.order", action, [[order]], { context })
      await runWell(story, "delta", ["stock"])
      await compare(story)
    }
  })
}

/** Free goods that no transfer or count has touched for longer than the windows overlap. */
const unmovedProduct = async ({ merchant }: Story): Promise<number> => {
  const since = new Date(Date.now() - 20 * 60_000).toISOString().slice(0, 19).replace("T", " ")
  const moves = await merchant.searchRead(
    "stock.move.line",
    [
      ["state", "=", "done"],
      ["write_date", ">=", since],
    ],
    ["product_id"],
  )
  const moved = new Set(moves.map((row) => reference(row, "product_id")))
  const quants = await merchant.searchRead(
    "stock.quant",
    [
      ["location_id.usage", "=", "internal"],
      ["quantity", ">", 1],
      ["reserved_quantity", "=", 0],
      ["product_id.sale_ok", "=", true],
      ["product_id.active", "=", true],
      ["location_id", "=", await mainStock(merchant)],
    ],
    ["product_id"],
  )
  const free = quants.map((row) => reference(row, "product_id"))
  // Everything moved a moment ago in a database just made: a weaker test, the same promise.
  return given(free.find((id) => !moved.has(id)) ?? free[0])
}

/** Tests that need Odoo's own database: an Odoo of the environment does not open it. */
export const windowTests = (tell: () => Promise<Story>): void => {
  it("sees both of two edits of one second, with a sync in between", async () => {
    const story = await tell()
    const [id] = await sold(story)
    await story.merchant.write("product.template", id, { name: "First of its second" })
    await runWell(story, "delta")
    expect(await titleOf(story, id)).toBe("First of its second")
    await inDatabase(story, async (database) => {
      const { rows } = await database.query<{ stamp: string }>(
        "select date_trunc('second', write_date)::text as stamp from product_template where id = $1",
        [id],
      )
      await story.merchant.write("product.template", id, { name: "Second of its second" })
      for (const [table, column] of [
        ["product_template", "id"],
        ["product_product", "product_tmpl_id"],
      ]) {
        await database.query(
          `update ${table} set write_date = $2::timestamp + interval '999 ms' where ${column} = $1`,
          [id, rows[0]?.stamp],
        )
      }
    })
    await runWell(story, "delta")
    expect(await titleOf(story, id)).toBe("Second of its second")
    await compare(story)
  })

  it("sees name, price and quantity of a transaction that commits after newer ones were read", async () => {
    const story = await tell()
    const [quick, slow] = await sold(story)
    const before = await titleOf(story, slow)
    await inDatabase(story, async (late) => {
      await late.query("begin")
      await late.query(
        `update product_template set write_date = now() at time zone 'UTC', list_price = 77.25,
                name = (select jsonb_object_agg(lang, 'Committed late') from jsonb_object_keys(name) lang)
          where id = $1`,
        [slow],
      )
      await late.query(
        `update product_product set write_date = now() at time zone 'UTC' where product_tmpl_id = $1`,
        [slow],
      )
      await late.query(
        `update stock_quant set quantity = quantity + 3, write_date = now() at time zone 'UTC'
          where id = (select q.id from stock_quant q join product_product p on p.id = q.product_id
                        join stock_location l on l.id = q.location_id and l.usage = 'internal'
                       where p.product_tmpl_id = $1 order by q.id limit 1)`,
        [slow],
      )
      await sleep(1500)
      await story.merchant.write("product.template", quick, { name: "Committed early" })
      await runWell(story, "delta")
      expect(await titleOf(story, quick)).toBe("Committed early")
      expect(await titleOf(story, slow)).toBe(before)
      await compare(story)
      await late.query("commit")
    })
    await runWell(story, "delta")
    expect(await titleOf(story, slow)).toBe("Committed late")
    await compare(story)
  })
}

/** Two templates with one variant, the second with stock. */
const sold = async ({ merchant }: Story): Promise<[number, number]> => {
  const single = ["product_variant_count", "=", 1] as const
  const quants = await merchant.searchRead(
    "stock.quant",
    [
      ["location_id.usage", "=", "internal"],
      ["quantity", ">", 0],
      ["product_id.sale_ok", "=", true],
    ],
    ["product_tmpl_id"],
  )
  const stocked = new Set(quants.map((row) => given([row.product_tmpl_id].flat()[0])))
  const templates = await merchant.searchRead(
    "product.template",
    [
      ["sale_ok", "=", true],
      ["is_storable", "=", true],
    ],
    ["id", single[0]],
  )
  const ids = templates.filter((row) => number(row, single[0]) === 1).map((row) => row.id)
  const slow = given(ids.find((id) => stocked.has(id)))
  return [given(ids.find((id) => id !== slow)), slow]
}

const titleOf = async ({ knex }: Story, template: number): Promise<string> => {
  const found = await knex("product")
    .join("erp_link", "erp_link.medusa_id", "product.id")
    .where({ entity: "product", erp_id: String(template) })
    .select<{ title: string }[]>("product.title")
  return given(found[0]).title
}

const inDatabase = async (
  { odoo }: Story,
  work: (database: Database) => Promise<void>,
): Promise<void> => {
  const database = new Database({ connectionString: given(odoo.pgUrl) })
  await database.connect()
  try {
    await work(database)
  } finally {
    await database.end()
  }
}
