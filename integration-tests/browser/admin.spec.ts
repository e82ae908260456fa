import type { Browser, BrowserContext, Page } from "playwright-core"
import { launchChromium } from "./chromium"
import { type Played, playScene } from "./play-scene"
import { type Scene, scenes } from "./scenes"
import { signIn, someProduct } from "./store"

/** A running store with this plugin; scenes answer for the sync. */
const baseURL = process.env.BASE_URL
const login = {
  email: process.env.ADMIN_EMAIL ?? "admin@example.com",
  password: process.env.ADMIN_PASSWORD ?? "supersecret",
}
const suite = baseURL ? describe : describe.skip

suite("the admin, of the store that BASE_URL names", () => {
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let all: { [name: string]: Scene }
  let productId: string
  const complaints: string[] = []

  beforeAll(async () => {
    browser = await launchChromium()
    context = await browser.newContext({ baseURL, viewport: { width: 1440, height: 1200 } })
    await signIn(context, login)
    const product = await someProduct(context.request)
    productId = product.id
    all = scenes(product.id, product.variantIds)
  })
  afterAll(() => browser?.close())

  beforeEach(async () => {
    complaints.length = 0
    page = await context.newPage()
    page.setDefaultTimeout(15_000)
    // The first visit waits for Vite to build the dashboard.
    page.setDefaultNavigationTimeout(90_000)
    page.on("pageerror", ({ message }) => complaints.push(message))
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text())
    })
  })
  afterEach(() => page.close())

  const open = async (name: string, change: Partial<Scene> = {}): Promise<Played> => {
    const played = await playScene(page, { ...all.empty, ...all[name], ...change } as Scene)
    await page.goto("/app/settings/erp")
    await page.getByRole("heading", { level: 1 }).waitFor()
    return played
  }
  const press = (name: string | RegExp) =>
    page.getByRole("button", { name, exact: true }).first().click()

  it("starts a sync of what changed and says so", async () => {
    const { posts } = await open("done")
    await press("Sync now")
    await page.getByRole("menuitem", { name: /^Changes only/ }).click()
    await page.getByText("The sync has started").waitFor()
    expect(posts).toEqual([{ path: "connections/odoo-main/sync", body: { mode: "delta" } }])
    expect(complaints).toEqual([])
  })

  it("shows a refusal in the words of the store", async () => {
    const played = await open("done")
    played.refusal = { status: 409, message: "A run of odoo-main is already under way." }
    await press("Sync now")
    await page.getByRole("menuitem", { name: /^Everything/ }).click()
    await page.getByText("A run of odoo-main is already under way.").waitFor()
    expect(played.posts).toEqual([])
  })

  it("tells how far a run is, also to a screen reader", async () => {
    await open("running")
    const bar = page.getByRole("progressbar", { name: "Progress of Products" })
    expect(await bar.getAttribute("aria-valuenow")).toBe("62")
    await page.getByText("6,240 of 10,000 · 148 per second · About 26 sec left").waitFor()
  })

  it("stops a run only when asked twice", async () => {
    const { posts } = await open("running")
    await press("Stop")
    await press("Keep going")
    expect(posts).toEqual([])
    await press("Stop")
    await page.getByRole("alertdialog").getByRole("button", { name: "Stop" }).click()
    await page.getByText("The run is being stopped").waitFor()
    expect(posts).toEqual([{ path: `runs/${all.running?.runs[0]?.id}/cancel`, body: null }])
  })

  it("says why a run waits for approval and approves it only when asked twice", async () => {
    const { posts } = await open("approval")
    await page.getByText("This store already has products.").waitFor()
    await page.getByText("1,240").waitFor()
    await press("Approve")
    expect(posts).toEqual([])
    await page.getByRole("alertdialog").getByRole("button", { name: "Approve" }).click()
    await page.getByText("The sync may write now").waitFor()
    expect(posts).toEqual([{ path: `runs/${all.approval?.runs[0]?.id}/approve`, body: null }])
  })

  it("shows a failed check once, with its remedy, and offers no sync that would be refused", async () => {
    await open("failed")
    expect(await page.getByRole("button", { name: "Sync now" }).isDisabled()).toBe(true)
    await page.getByText("the API key is not valid.").first().waitFor()
    expect(await page.getByText("the API key is not valid.").count()).toBe(1)
    expect(await page.getByText("make a new API key").count()).toBe(1)
  })

  it("retries one parked record", async () => {
    const { posts } = await open("parked")
    await press("Retry 4411")
    await page.getByText("1 record will be tried again").waitFor()
    expect(posts).toEqual([{ path: "parked/retry", body: { ids: ["erppark_sku_4411"] } }])
  })

  it("retries all records of a reason, not only those on the page", async () => {
    const [one] = all.parked?.parked ?? []
    const parked = Array.from({ length: 1_203 }, (_, index) => ({ ...one, id: `p${index}` }))
    const { posts } = await open("parked", { parked: parked as Scene["parked"] })
    await press("Retry all")
    await page.getByText("1,203 records will be tried again").waitFor()
    const ids = posts.flatMap(({ body }) => (body as { ids: string[] }).ids)
    expect(new Set(ids).size).toBe(1_203)
    expect(posts).toHaveLength(3)
  })

  it("lets a mass change through only when asked twice", async () => {
    const [one] = all.parked?.parked ?? []
    const parked = [{ ...one, reason: "mass_change" }] as Scene["parked"]
    const { posts } = await open("parked", { parked })
    await press("Approve")
    expect(posts).toEqual([])
    await page.getByRole("alertdialog").getByRole("button", { name: "Approve" }).click()
    await page.getByText("The changes are let through for an hour").waitFor()
    expect(posts.map(({ path }) => path)).toEqual(["connections/odoo-main/approve-mass-change"])
  })

  it("leads from a parked product to its page", async () => {
    await open("parked")
    await press(/^Invalid value/)
    const link = page.getByRole("link", { name: "Product 812" })
    expect(await link.getAttribute("href")).toBe(`/app/products/${productId}`)
  })

  it("opens the details of a run by keyboard and gives the focus back", async () => {
    await open("done")
    const button = page.getByRole("button", { name: "Show details" }).nth(2)
    await button.focus()
    await page.keyboard.press("Enter")
    await page.getByRole("dialog", { name: "Run of odoo-main" }).getByText("21,474").waitFor()
    await page.keyboard.press("Escape")
    await page.getByRole("dialog").waitFor({ state: "hidden" })
    expect(complaints).toEqual([])
  })

  it("keeps the chosen state of runs in the address", async () => {
    await open("done")
    await page.getByRole("combobox", { name: "State" }).click()
    await page.getByRole("option", { name: "Failed" }).click()
    await page.waitForURL("**/settings/erp?run_state=failed")
    await page.reload()
    expect(await page.getByRole("combobox", { name: "State" }).textContent()).toBe("Failed")
  })

  it("says when the store does not answer, and tries again", async () => {
    const played = await playScene(page, all.done as Scene)
    played.isDown = true
    await page.goto("/app/settings/erp")
    await page.getByText("The connections could not be loaded").waitFor({ timeout: 60_000 })
    played.isDown = false
    await press("Try again")
    await page.getByRole("heading", { name: "odoo-main" }).waitFor()
  })

  it("shows on the page of a product which record of the ERP it is", async () => {
    await playScene(page, all.product as Scene)
    await page.goto(`/app/products/${productId}`)
    const link = page.getByRole("link", { name: "812: Open in the ERP" })
    expect(await link.getAttribute("href")).toBe("https://erp.example.com/odoo/products/812")
    await page.getByText("The sales price is negative.").waitFor()
    expect(complaints).toEqual([])
  })

  it("names every control and leaves no word untranslated", async () => {
    for (const language of ["en", "de", "fr", "es", "ru"]) {
      await page.addInitScript(`localStorage.setItem("lng", "${language}")`)
      await open("parked")
      await page.getByRole("row").nth(6).waitFor()
      const nameless = await page.evaluate<string[]>(NAMELESS)
      expect([language, nameless]).toEqual([language, []])
      const text = (await page.locator("main").textContent()) ?? ""
      expect(text).not.toMatch(/\b(actions|state|parked|runs|connection|schedule|counter)\.[a-z]/)
      expect(text).not.toContain("{{")
    }
  })
})

/** Buttons and links of the page without a text or a label. */
const NAMELESS = `[...document.querySelectorAll("main button, main a")]
  .filter((control) => !control.textContent.trim() && !control.getAttribute("aria-label"))
  .map((control) => control.outerHTML)`
