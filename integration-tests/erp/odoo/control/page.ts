import { readFileSync } from "node:fs"
import { join } from "node:path"

let template: string | undefined

/** The demo page, self-contained. */
export function demoPage(version: number): string {
  template ??= readFileSync(join(__dirname, "page.html"), "utf8")
  return template.replaceAll("{{version}}", String(version))
}
