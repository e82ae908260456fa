import { Modules } from "@medusajs/framework/utils"
import { readGalleries } from "../../src/catalog/read-galleries"
import { connectionId, erpId } from "../../src/sync/ids"
import { colouredPng } from "../erp/odoo"
import { given } from "../http/catalog-fixtures"
import { CONNECTION, runWell, settle } from "../http/sync-stage"
import { newTemplate } from "./edits/subjects"
import type { Story } from "./sync-story"

const TEMPLATE = "product.template"

export const imageTests = (tell: () => Promise<Story>): void => {
  it("brings, replaces and takes away the images that Odoo shows, byte by byte", async () => {
    const story = await tell()
    const { merchant } = story
    const template = await newTemplate(merchant, { image_1920: colouredPng(1, 2, 3) })
    await runWell(story, "delta")
    await settle(story)
    expect(await shown(story, template)).toEqual([await stored(story, template)])

    await merchant.write(TEMPLATE, template, { image_1920: colouredPng(3, 2, 1) })
    await runWell(story, "delta", ["images"])
    await settle(story)
    expect(await shown(story, template)).toEqual([await stored(story, template)])
    expect(await stored(story, template)).toBe(colouredPng(3, 2, 1))

    await merchant.write(TEMPLATE, template, { image_1920: false })
    await runWell(story, "delta", ["images"])
    await settle(story)
    expect(await shown(story, template)).toEqual([])
  })

  it("has every image of the demonstration's products, and asks for none of them again", async () => {
    const story = await tell()
    await runWell(story, "full", ["images"])
    await settle(story)
    const ids = await story.merchant.search(TEMPLATE, [
      ["sale_ok", "=", true],
      ["active", "=", true],
      ["image_1920", "!=", false],
    ])
    expect(ids.length).toBeGreaterThan(5)
    for (const id of ids) {
      expect((await shown(story, id))[0]).toBe(await stored(story, id))
    }
    const { counters } = await runWell(story, "full", ["images"])
    expect(counters).toMatchObject({ writes: 0, events: 0, updated: 0 })
    expect(counters.requests).toBeLessThan(10)
  })
}

/** What Odoo holds, in base64 without line breaks. */
const stored = async ({ merchant }: Story, template: number): Promise<string> => {
  const [row] = await merchant.searchRead(TEMPLATE, [["id", "=", template]], ["image_1920"])
  return String(given(row)["image_1920"]).replace(/\s/g, "")
}

/** What the store's files hold, in the order of the gallery. */
const shown = async (story: Story, template: number): Promise<string[]> => {
  const id = connectionId(CONNECTION)
  const [link] = await story.runtime.ledger.linksByErp(id, "product", [erpId(template)])
  const { medusa_id } = given(link)
  const gallery = given((await readGalleries(story.knex, [medusa_id])).get(medusa_id))
  const files = story.container.resolve(Modules.FILE)
  return Promise.all(
    gallery.images.map(async ({ url }) => {
      const name = decodeURIComponent(new URL(url).pathname.split("/").at(-1) ?? "")
      return (await files.getAsBuffer(name)).toString("base64")
    }),
  )
}
