import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { type Browser, chromium } from "playwright-core"

const DEBIAN = "/usr/bin/chromium"

/** Debian's Chromium, installed first where it is missing; `CHROMIUM` names another one. */
export const launchChromium = async (): Promise<Browser> => {
  const executablePath = process.env.CHROMIUM ?? DEBIAN
  if (!existsSync(executablePath)) install()
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-dev-shm-usage",
      "--font-render-hinting=none",
    ],
  })
}

function install(): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
  const packages = ["chromium", "fonts-inter", "fonts-noto-core"]
  try {
    execFileSync("apt-get", ["update", "-qq"], { env, stdio: "inherit" })
    const args = ["install", "-y", "-qq", "--no-install-recommends", ...packages]
    execFileSync("apt-get", args, { env, stdio: "inherit" })
  } catch (cause) {
    throw new Error(
      `No Chromium. Install it (apt-get install ${packages.join(" ")}) or name one in CHROMIUM.`,
      { cause },
    )
  }
}
