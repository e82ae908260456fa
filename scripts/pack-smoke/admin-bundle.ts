import { readdirSync } from "node:fs"
import { join } from "node:path"

/** The plugin's pages call this API; nothing else in the admin does. */
const MARK = "/admin/erp/"

/**
 * Checks that the running store serves the admin, and the plugin's pages in it.
 *
 * @throws Error when it does not.
 */
export async function checkAdminBundle(url: string, built: string): Promise<void> {
  const page = await fetch(`${url}/app/`)
  const html = await page.text()
  if (!page.ok || !html.includes("<script")) {
    throw new Error(`${url}/app/ answered ${page.status} without the admin.`)
  }
  const assets = readdirSync(join(built, "assets")).filter((name) => name.endsWith(".js"))
  for (const asset of assets) {
    const script = await fetch(`${url}/app/assets/${asset}`)
    if (script.ok && (await script.text()).includes(MARK)) return
  }
  throw new Error(`None of the admin's ${assets.length} scripts holds the plugin's pages.`)
}
