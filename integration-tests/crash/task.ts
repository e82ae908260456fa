import { ExecArgs } from "@medusajs/framework/types"
import { writeFileSync } from "node:fs"
import { runtimeOf, syncOf } from "../../src/runtime"

/** `medusa exec`: starts or takes up the import and works until nothing is due. It may be killed at any time. */
export default async function importTask({ container }: ExecArgs): Promise<void> {
  const sync = await syncOf(container)
  const { drain } = await runtimeOf(container)
  const { runs } = await sync.runs({ limit: 1, offset: 0 })
  if (runs.length === 0) {
    await sync.sync("odoo-main", { kind: "full" })
  }
  writeFileSync(process.env.CRASH_MARKER ?? "crash-marker", "working")
  await drain.untilIdle()
  writeFileSync(process.env.CRASH_MARKER ?? "crash-marker", "idle")
  setTimeout(() => process.exit(0), 100)
}
