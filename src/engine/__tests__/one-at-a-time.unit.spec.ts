import { link, NOW, rules } from "../../sync/__tests__/fixtures"
import { connectionId, erpId, medusaId } from "../../sync/ids"
import { LinkWork, PageWork } from "../commit"
import { oneAtATime } from "../one-at-a-time"
import { emptyPage } from "../page"

const connected = { id: connectionId("c"), rules: rules() }

const work = (id: number, retire: boolean): LinkWork => ({
  key: { stream: "products", erp_id: erpId(id) },
  link: link({ id: `elnk_${id}`, erp_id: erpId(id), medusa_id: medusaId(`prod_${id}`) }),
  entity: "product",
  erp_version: null,
  fields: [],
  extra: [],
  patch: {},
  retire,
})

const pageOf = (...links: LinkWork[]): PageWork => ({ ...emptyPage(NOW), links })

const store = async (page: PageWork, free: boolean): Promise<{ asked: string[][] }> => {
  const asked: string[][] = []
  const exclusively = <T>(
    keys: string[],
    body: (granted: ReadonlySet<string>) => Promise<T>,
  ): Promise<T> => {
    asked.push(keys)
    return body(new Set(free ? keys : []))
  }
  await oneAtATime({ ledger: { exclusively } }, connected, page, async () => undefined)
  return { asked }
}

describe("pages with changes that a day allows only so many of", () => {
  it("go one at a time", async () => {
    const page = pageOf(work(1, true), work(2, false))
    const { asked } = await store(page, true)

    expect(asked).toEqual([["c/guard"]])
    expect(page.links).toHaveLength(2)
    expect(page.dirty).toEqual([])
  })

  it("leave these for a moment while another page is at it, and let the rest go on", async () => {
    const page = pageOf(work(1, true), work(2, false))
    await store(page, false)

    expect(page.links.map(({ key }) => key.erp_id)).toEqual(["2"])
    expect(page.dirty).toEqual([
      { stream: "products", erp_id: "1", reason: "counted", delay_ms: 2_000 },
    ])
  })

  it("wait for nobody without such a change", async () => {
    const { asked } = await store(pageOf(work(1, false)), false)

    expect(asked).toEqual([])
  })
})
