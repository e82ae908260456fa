import { ExecArgs } from "@medusajs/framework/types"
import { writeFileSync } from "node:fs"
import { coreImport } from "./core-import"
import { fullSync } from "./full-sync"

/** `medusa exec ./benchmarks/tasks/run.ts <task>`: measures one thing and writes it to `BENCH_RESULT`. */
export default async function run({ container, args }: ExecArgs): Promise<void> {
  const [task = ""] = args
  const measured = task.startsWith("core") ? await coreImport(container) : await fullSync(container)
  writeFileSync(process.env.BENCH_RESULT ?? "bench-result.json", JSON.stringify(measured))
  // Scheduled work of the store would keep the process alive.
  setTimeout(() => process.exit(0), 100)
}
