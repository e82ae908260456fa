import { Buffer } from "node:buffer"
import { odooCapabilities } from "../../src/connectors/odoo/capabilities"
import { odooHooks } from "../../src/connectors/odoo/hooks"
import { given } from "../http/catalog-fixtures"
import { touch, touchVariant } from "./two-sided-odoo-edits"
import { Random } from "../convergence/random"
import { History } from "./two-sided-history"
import { Pool, Subject } from "./two-sided-pool"
import { stampsOfOdoo, stampsOfStore } from "./two-sided-sides"
import { CONNECTION, pass, rowsOf, runWell, settle, TwoSided } from "./two-sided-stage"

type There = () => Promise<TwoSided>

const QUIET = { writes: 0, events: 0, pushed: 0 }
const SUBJECTS = 5

/** Both sides as they are, to be found unchanged. */
const look = async (stage: TwoSided): Promise<{ odoo: string[]; store: string[] }> => ({
  odoo: await stampsOfOdoo(stage),
  store: await stampsOfStore(stage),
})

export const quietTests = (there: There): void => {
  it("write nothing on either side in three further passes", async () => {
    const stage = await there()
    const before = await look(stage)
    for (let round = 0; round < 3; round += 1) {
      const { runs } = await pass(stage)
      for (const run of runs) {
        expect(run.counters).toMatchObject(QUIET)
      }
    }
    expect(await look(stage)).toEqual(before)
  })

  it("take the echo of a push, polled and told by a webhook, for no edit", async () => {
    const stage = await there()
    for (const [index, subject] of (await unblocked(stage)).entries()) {
      const title = `Pushed alone ${index}`
      const { odoo, store, variants } = subject
      const forms: readonly [string, object][] = [
        [`/admin/products/${store}`, { title }],
        [
          `/admin/products/${store}/variants/${given(variants[0]).store}`,
          { sku: `ALONE-${index}` },
        ],
      ]
      for (const [path, body] of forms) {
        await stage.store.ask("POST", path, body)
      }
      await eventuallyPushed(stage, subject, title)
      const before = await look(stage)
      await hook(stage, "product.template", odoo, {})
      await hook(stage, "product.product", given(variants[0]).odoo, { product_tmpl_id: odoo })
      await settle(stage)
      expect((await runWell(stage, "delta")).counters).toMatchObject(QUIET)
      await settle(stage)
      expect(await look(stage)).toEqual(before)
    }
  })
}

export const bumpTests = (there: There): void => {
  it("do not hear of what is saved in Odoo without a change", async () => {
    const stage = await there()
    const random = new Random(1)
    const hands = {
      stage,
      random,
      history: new History(),
      pool: new Pool(stage, random),
      planned: [],
    }
    const resting = await stampsOfOdoo(stage)
    for (const subject of await unblocked(stage)) {
      await touch(hands, subject)
      await touchVariant(hands, subject)
    }
    const before = await look(stage)
    expect(before.odoo).not.toEqual(resting)
    expect((await runWell(stage, "delta")).counters).toMatchObject(QUIET)
    await settle(stage)
    expect(await look(stage)).toEqual(before)
  })
}

/** Products that are linked, on sale, and of whose fields none stands open. */
const unblocked = async (stage: TwoSided): Promise<Subject[]> => {
  const open = await rowsOf<{ id: string }>(
    stage,
    `select l.erp_id as id from erp_link l where l.entity = 'product' and l.state = 'linked'
        and not exists (
          select from erp_link f join erp_difference d on d.link_id = f.id
           where f.erp_id = l.erp_id and f.entity = 'product' or f.parent_erp_id = l.erp_id)
        and not exists (select from erp_parked k where k.key = l.erp_id)`,
  )
  const free = new Set(open.map(({ id }) => Number(id)))
  const subjects = await new Pool(stage, new Random(2)).subjects()
  const found = subjects.filter(({ odoo }) => free.has(odoo)).slice(-SUBJECTS)
  expect(found).toHaveLength(SUBJECTS)
  return found
}

const eventuallyPushed = async (
  stage: TwoSided,
  subject: Subject,
  title: string,
): Promise<void> => {
  const deadline = Date.now() + 20_000
  for (;;) {
    await settle(stage)
    const [row] = await stage.odoo.searchRead(
      "product.template",
      [["id", "=", subject.odoo]],
      ["name", "default_code"],
      { context: { active_test: false } },
    )
    const [variant] = await stage.odoo.searchRead(
      "product.product",
      [["id", "=", given(subject.variants[0]).odoo]],
      ["default_code"],
    )
    if (row?.name === title && String(variant?.default_code).startsWith("ALONE-")) {
      return
    }
    if (Date.now() > deadline) {
      throw new Error(`Not pushed: ${title}, Odoo has ${JSON.stringify([row, variant])}`)
    }
  }
}

/** As Odoo's automation rule calls: what the connector makes of it is marked. */
const hook = async (
  { ledger }: TwoSided,
  model: string,
  id: number,
  fields: Record<string, unknown>,
): Promise<void> => {
  const hooks = odooHooks(odooCapabilities({ protocol: "auto" }))
  const answer = await hooks.receive({
    method: "POST",
    path: "",
    query: {},
    headers: {},
    body: Buffer.from(JSON.stringify({ _model: model, _id: id, ...fields })),
  })
  if (!answer.accepted) {
    throw new Error(answer.reason)
  }
  await ledger.markDirty(
    CONNECTION,
    answer.hints.flatMap((hint) =>
      hint.id === null ? [] : [{ stream: hint.stream, erp_id: hint.id, reason: "hint" }],
    ),
  )
}
