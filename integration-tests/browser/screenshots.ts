// Takes the pictures of the admin in docs/screenshots of a running store:
//   BASE_URL=http://localhost:9000 ADMIN_EMAIL=... ADMIN_PASSWORD=... npx tsx integration-tests/browser/screenshots.ts
// Scenes answer for the sync's API, so that every state can be shown. LIVE=1 shows what the store
// itself says instead (one picture of the settings, one of a product). ONLY=running,parked picks.
import { mkdirSync } from "node:fs"
import { join, resolve } from "node:path"
import type { Browser, Page } from "playwright-core"
import { launchChromium } from "./chromium"
import { playScene } from "./play-scene"
import { scenes } from "./scenes"
import { signIn, someProduct } from "./store"

const baseURL = process.env.BASE_URL ?? "http://localhost:9000"
const login = {
  email: process.env.ADMIN_EMAIL ?? "admin@example.com",
  password: process.env.ADMIN_PASSWORD ?? "supersecret",
}
const language = process.env.ADMIN_LANGUAGE ?? "en"
const folder = resolve(process.env.OUT ?? join(__dirname, "../../docs/screenshots"))
const only = process.env.ONLY?.split(",")

const THEMES = ["light", "dark"] as const
const WIDTHS = [1440, 800]

interface Look {
  theme: (typeof THEMES)[number]
  width: number
}

const main = async (): Promise<void> => {
  mkdirSync(folder, { recursive: true })
  const browser = await launchChromium()
  const complaints: string[] = []
  try {
    for (const theme of THEMES) {
      for (const width of WIDTHS) complaints.push(...(await takeAll(browser, { theme, width })))
    }
  } finally {
    await browser.close()
  }
  if (complaints.length > 0) throw new Error(`The pages complained:\n${complaints.join("\n")}`)
}

/** One picture of each page in one look; returns what the pages wrote to the console as errors. */
async function takeAll(browser: Browser, { theme, width }: Look): Promise<string[]> {
  const context = await browser.newContext({ baseURL, viewport: { width, height: 900 } })
  const complaints: string[] = []
  // The first visit waits for Vite to build the dashboard.
  context.setDefaultNavigationTimeout(120_000)
  await signIn(context, login)
  const settings = { medusa_admin_theme: theme, lng: language }
  await context.addInitScript(`Object.assign(localStorage, ${JSON.stringify(settings)})`)
  const product = await someProduct(context.request)
  const names = process.env.LIVE ? ["settings", "product"] : undefined
  const all = scenes(product.id, product.variantIds)
  for (const name of names ?? Object.keys(all)) {
    if (only && !only.includes(name)) continue
    const page = await context.newPage()
    watch(page, name, complaints)
    const scene = all[name]
    if (!process.env.LIVE && scene) await playScene(page, scene)
    await show(page, name, product.id)
    const prefix = process.env.LIVE ? "live-" : ""
    await fitHeight(page, width)
    await open(page, name)
    await page.screenshot({ path: join(folder, `${prefix}${name}-${theme}-${width}.png`) })
    await page.close()
  }
  await context.close()
  return complaints
}

async function show(page: Page, name: string, productId: string): Promise<void> {
  if (name === "product") {
    await page.goto(`/app/products/${productId}`)
    await page.getByRole("heading", { name: "ERP", exact: true }).waitFor()
    await page.getByRole("button", { name: /^\d+ [^ ]+$/ }).click()
  } else {
    await page.goto("/app/settings/erp")
    await page.getByRole("heading", { level: 1 }).waitFor()
  }
  await page.waitForLoadState("networkidle")
}

/** What has to be clicked before the picture. */
async function open(page: Page, name: string): Promise<void> {
  if (name === "menu") await page.locator("main button[aria-haspopup=menu]").first().click()
  else if (name === "run") await page.locator("main tbody").last().locator("tr").first().click()
  else return
  await page.waitForTimeout(600)
}

/** The dashboard scrolls inside of itself: the window grows until nothing is cut off. */
async function fitHeight(page: Page, width: number): Promise<void> {
  const height = await page.evaluate<number>(
    `Math.max(...[...document.querySelectorAll("main")].map((main) => main.scrollHeight))`,
  )
  await page.setViewportSize({ width, height: Math.max(900, height + 60) })
  await page.waitForTimeout(400)
}

function watch(page: Page, name: string, complaints: string[]): void {
  page.on("pageerror", (error) => complaints.push(`${name}: ${error.message}`))
  page.on("console", (message) => {
    if (message.type() === "error") {
      complaints.push(`${name}: ${message.text()} ${message.location().url}`)
    }
  })
}

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
