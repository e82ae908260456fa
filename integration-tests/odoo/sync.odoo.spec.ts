import { medusaIntegrationTestRunner } from "@medusajs/test-utils"
import { ConnectionOptions } from "../../src/modules/erp/options"
import { eventsOf, given } from "../http/catalog-fixtures"
import { seedStore } from "../http/sync-seed"
import { runWell, settle } from "../http/sync-stage"
import { Client } from "./client"
import { edits } from "./edits"
import { RunningOdoo, startOdoo } from "./server"
import { accessTests } from "./sync-access"
import { imageTests } from "./sync-images"
import { reservationTests, windowTests } from "./sync-hazards"
import { compare, openStory, Plot, Story } from "./sync-story"

jest.setTimeout(120_000)

/** One of each kind of value: texts, codes, decimals, lists of records, quantities, nothing at all. */
const CARRIED = new Set([
  "template renamed with emoji, markup and several scripts",
  "sales description cleared",
  "template moved to a new category two levels deep",
  "value added to an attribute line",
  "list price changed",
  "variant barcode changed",
  "fractional quantity set",
  "template archived",
])

/** `brief`: what a protocol carries, without what lies behind it. */
const PLOTS: (Plot & { edits: typeof edits; brief?: boolean })[] = [
  {
    title: "over JSON-2 with an API key",
    protocol: "json2",
    secret: "api_key",
    basis: "available",
    archived: false,
    edits,
  },
  {
    title: "over JSON-RPC with a password, in French, archived products too",
    protocol: "jsonrpc",
    secret: "password",
    basis: "on_hand",
    archived: true,
    language: "fr_FR",
    edits: edits.filter(({ name }, index) => index % 3 === 0 || name === "template translated"),
  },
  {
    title: "over XML-RPC with a password",
    protocol: "xmlrpc",
    secret: "password",
    basis: "available",
    archived: true,
    edits: edits.filter(({ name }) => CARRIED.has(name)),
    brief: true,
  },
]

/** Made before the first sync, so that it meets archived records and odd quantities. */
const BEFOREHAND = [
  "template archived",
  "variant archived",
  "price extra of a value changed",
  "fractional quantity set",
  "stock set to a negative quantity",
  "sale order confirmed, stock reserved",
]

/** Odoo keeps no trace of a deleted template: only a look at everything finds it missing. */
const NEEDS_FULL_RUN = new Set(["template deleted"])

let running: RunningOdoo | undefined
let stories = 0
const configured = new Map<string, ConnectionOptions>()

beforeAll(async () => {
  running = await startOdoo()
}, 600_000)
afterAll(() => running?.stop())

medusaIntegrationTestRunner({
  inApp: true,
  testSuite: ({ getContainer, dbConfig, dbUtils }) => {
    beforeAll(() => seedStore(getContainer()))
    // A story's tests follow each other: the next one finds the store as this one leaves it.
    afterEach(() => dbUtils.snapshot({ templateName: "so_far" }))

    describe.each(PLOTS)("$title", (plot) => {
      let story: Promise<Story> | undefined
      const tell = (): Promise<Story> => (story ??= begin())
      const begin = async (): Promise<Story> => {
        const odoo = given(running)
        stories += 1
        if (stories > 1 && !odoo.external) {
          await odoo.reset()
        }
        const merchant = await Client.asAdmin(odoo)
        for (const edit of edits.filter(({ name }) => BEFOREHAND.includes(name))) {
          await edit.apply(merchant)
        }
        await dbUtils.restore()
        const store = { container: getContainer(), databaseUrl: dbConfig.clientUrl }
        return openStory(store, configured, odoo, merchant, plot)
      }

      it("takes in every template and variant, price, quantity and category", async () => {
        const told = await tell()
        const { counters } = await runWell(told, "full")
        const { products, categories } = await compare(told)
        expect(counters).toMatchObject({ created: products.length + categories.length, gone: 0 })
        expect(products.length).toBeGreaterThan(30)
        expect(products.some(({ link }) => link === "gone")).toBe(plot.archived)
      })

      it("writes nothing and tells nobody when it takes in the same again", async () => {
        const told = await tell()
        const events = await eventsOf(told, async () => {
          for (const kind of ["full", "delta"] as const) {
            expect((await runWell(told, kind)).counters).toMatchObject({ writes: 0, events: 0 })
          }
        })
        // The plugin's own words about its runs say nothing of the store.
        expect(events.filter(({ name }) => !name.startsWith("erp."))).toEqual([])
        await compare(told)
      })

      it.each(plot.edits.filter(({ name }) => !NEEDS_FULL_RUN.has(name)))(
        "follows by deltas alone: $name",
        async (edit) => {
          const told = await tell()
          const { touches } = await edit.apply(told.merchant)
          const { counters } = await runWell(told, "delta")
          await settle(told)
          await compare(told)
          if (touches.length === 0) {
            expect(counters).toMatchObject({ writes: 0, events: 0 })
          }
        },
      )

      if (!plot.brief) {
        imageTests(tell)
        reservationTests(tell)
      }
      if (!plot.brief && !process.env["ODOO_URL"]) {
        windowTests(tell)
      }

      it("finds nothing in a full run that the deltas have missed", async () => {
        const told = await tell()
        await settle(told)
        expect((await runWell(told, "full")).counters).toMatchObject({ writes: 0, gone: 0 })
        await compare(told)
      })

      if (plot.brief) {
        return
      }

      it.each(edits.filter(({ name }) => NEEDS_FULL_RUN.has(name)))(
        "finds by a full run: $name",
        async (edit) => {
          const told = await tell()
          await edit.apply(told.merchant)
          await runWell(told, "delta")
          expect((await runWell(told, "full")).counters).toMatchObject({ gone: 1 })
          await settle(told)
          await compare(told)
        },
      )

      accessTests(tell)
    })
  },
})
