/**
 * Proves every edit against a real Odoo 19: it succeeds, and exactly the templates it names look
 * different to the oracle afterwards. Run with `npx tsx integration-tests/odoo/try-edits.ts [rounds]`;
 * the rounds after the first shuffle the order. `EDIT_AS=bot` edits with the bot's rights.
 */
import { Client } from "./client"
import { difference } from "./difference"
import { type Edit, edits } from "./edits"
import { OdooUnavailable } from "./install"
import { type OracleCatalog, readCatalog } from "./oracle"
import { startOdoo } from "./server"

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

async function main(): Promise<void> {
  const rounds = Number(process.argv[2] ?? 1)
  const odoo = await startOdoo(print)
  let failures = 0
  try {
    const client = await (process.env.EDIT_AS === "bot" ? Client.asBot : Client.asAdmin)(odoo)
    let before = await look(client)
    for (let round = 0; round < rounds; round += 1) {
      for (const edit of round === 0 ? edits : shuffled(edits, round)) {
        const started = performance.now()
        const problem = await attempt(edit, client, before)
        const ms = Math.round(performance.now() - started)
        failures += problem ? 1 : 0
        print(`${problem ? "FAIL" : "ok  "} ${edit.name} (${ms} ms)${problem}`)
        before = await look(client)
      }
    }
    print(`${edits.length} edits, ${rounds} rounds, ${failures} failures`)
  } finally {
    await odoo.stop()
  }
  process.exitCode = failures > 0 ? 1 : 0
}

/** Both languages: a translation shows only in its own. */
async function look(client: Client): Promise<OracleCatalog[]> {
  return [await readCatalog(client), await readCatalog(client, { lang: "fr_FR" })]
}

/** An empty text, or what is wrong. */
async function attempt(edit: Edit, client: Client, before: OracleCatalog[]): Promise<string> {
  try {
    const { template_ids, touches } = await edit.apply(client)
    const after = await look(client)
    const changes = before.map((catalog, index) => difference(catalog, after[index] ?? catalog))
    const templates = [...new Set(changes.flatMap((change) => change.templates))]
    const streams = [...new Set(changes.flatMap((change) => change.streams))]
    const complete =
      templates.every((id) => template_ids.includes(id)) &&
      streams.every((stream) => touches.includes(stream)) &&
      streams.length > 0 === touches.length > 0
    return complete
      ? ""
      : `: says ${touches.join()} of ${template_ids.join()}, saw ${streams.join()} of ${templates.join()}`
  } catch (error) {
    return `: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** Reproducible: the same round, the same order (a linear congruential generator). */
function shuffled(list: Edit[], seed: number): Edit[] {
  let state = seed
  const keyed = list.map((edit) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return { edit, key: state }
  })
  return keyed.sort((a, b) => a.key - b.key).map(({ edit }) => edit)
}

main().catch((error: unknown) => {
  if (error instanceof OdooUnavailable) {
    print(`NOT RUN (${error.reason}): ${error.message}`)
    return
  }
  print(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exitCode = 1
})
