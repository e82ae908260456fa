import { connectionId } from "../../src/sync/ids"
import { RunView } from "../../src/runtime/views"
import { FaultRule, Json } from "../erp/odoo"
import { given, rows } from "./catalog-fixtures"
import { countOf, levelsOf, parkedOf, productOf } from "./sync-readings"
import { MAIN } from "./sync-seed"
import { count, makeProduct, onlyVariant } from "./sync-shop"
import { CONNECTION, OpenStage, run, runWell, settle, Stage, takeUpAgain } from "./sync-stage"

type Lie = Omit<FaultRule, "match" | "times">

interface Page {
  length: number
  records: { id: number }[]
}

const isPage = (value: Json): value is Json & Page =>
  typeof value === "object" && value !== null && "records" in value && "length" in value

const changed = (change: (page: Page) => Json): Lie => ({
  kind: "mutate",
  change: (result) => (isPage(result) && result.records.length > 0 ? change(result) : result),
})

const withIds = (idOf: (id: number) => Json): Lie =>
  changed((page) => ({
    ...page,
    records: page.records.map((row) => ({ ...row, id: idOf(row.id) })),
  }))

/** Answers that are no page of records: they conclude nothing, and the run says why. */
const LIES: { what: string; lie: Lie }[] = [
  { what: "a login page with status 200", lie: { kind: "html" } },
  { what: "an empty body", lie: { kind: "empty" } },
  { what: "half an answer", lie: { kind: "truncate" } },
  {
    what: "fewer records than it says",
    lie: changed((page) => ({ ...page, records: [] })),
  },
  {
    what: "a record twice in one page",
    lie: changed((page) => ({ ...page, records: [...page.records, ...page.records] })),
  },
  { what: "ids that are texts", lie: withIds((id) => String(id)) },
  { what: "ids with a fraction", lie: withIds((id) => id + 0.5) },
  { what: "no ids", lie: withIds(() => null) },
  { what: "a list instead of a page", lie: { kind: "mutate", change: () => [] } },
  { what: "null", lie: { kind: "mutate", change: () => null } },
]

const ALL = /^product\.(template|product|category)\.web_search_read$/
const EVERYTHING = /\.(web_search_read|search_count)$/

export const badPageTests = (open: OpenStage): void => {
  it.each(LIES)("concludes nothing from $what, says so, and heals", async ({ lie }) => {
    const { stage, first } = await stocked(open)
    for (const kind of ["delta", "full", "sweep"] as const) {
      stage.erp.faults.add({ ...lie, match: ALL, times: 100_000 })
      const told = await start(stage, kind)
      expect(told.error).toMatchObject({
        message: expect.stringMatching(/.{20}/),
        remedy: expect.stringMatching(/.{15}/),
      })
      await untouched(stage, first)

      stage.erp.faults.clear()
      await rest(stage)
    }
    stage.world.write("product.template", first, { name: "Renamed" })
    await runWell(stage)
    expect(await productOf(stage, first)).toMatchObject({ title: "Renamed" })
    expect(await parkedOf(stage)).toEqual([])
  })

  it("sees what changed while a delta was answered with empty lists", async () => {
    const { stage, first } = await stocked(open)
    stage.world.write("product.template", first, { name: "Renamed meanwhile" })
    stage.erp.faults.add({
      kind: "mutate",
      match: ALL,
      times: 100_000,
      change: () => ({ length: 0, records: [] }),
    })
    await run(stage, "delta")
    await untouched(stage, first)
    stage.erp.faults.clear()
    await runWell(stage, "delta")
    expect(await productOf(stage, first)).toMatchObject({ title: "Renamed meanwhile" })
  })

  it("asks a person when the ERP says that it holds nothing at all", async () => {
    const { stage, first } = await stocked(open)
    for (const kind of ["full", "sweep"] as const) {
      stage.erp.faults.add({
        kind: "mutate",
        match: EVERYTHING,
        times: 100_000,
        change: (result) =>
          typeof result === "number" ? 0 : isPage(result) ? { length: 0, records: [] } : result,
      })
      await start(stage, kind)
      await untouched(stage, first)
      const held = (await parkedOf(stage)).filter(
        ({ reason, entity }) => reason === "mass_change" && entity === "product",
      )
      expect(held).toHaveLength(10)
      expect(given(held[0]).message).toContain("10 at once")

      stage.erp.faults.clear()
      await rest(stage)
      await runWell(stage, "full")
      await settle(stage)
      expect(await parkedOf(stage)).toEqual([])
    }
    await untouched(stage, first)
  })
}

/** Ten products on sale, with four pieces of the first. */
const stocked = async (open: OpenStage): Promise<{ stage: Stage; first: number }> => {
  const stage = await open()
  const [first] = Array.from({ length: 10 }, () => makeProduct(stage))
  count(stage, onlyVariant(stage, given(first)), 4)
  await runWell(stage, "full")
  return { stage, first: given(first) }
}

/** Starts a run and works until nothing is due; a run that waits for the ERP stays under way. */
const start = async (stage: Stage, kind: "delta" | "full" | "sweep"): Promise<RunView> => {
  if (kind !== "sweep") {
    return run(stage, kind)
  }
  const { id } = await stage.runtime.ledger.enqueueRun(connectionId(CONNECTION), {
    kind,
    lane: "background",
    streams: ["categories", "products", "stock"],
    state: "queued",
    approved: true,
  })
  await stage.runtime.drain.untilIdle()
  return given(await stage.sync.run(id))
}

const rest = async (stage: Stage): Promise<void> => {
  await takeUpAgain(stage)
  await settle(stage)
}

const untouched = async (stage: Stage, first: number): Promise<void> => {
  expect(
    await rows(stage, "select status, count(*)::int as count from product group by status"),
  ).toEqual([{ status: "published", count: 10 }])
  expect(await countOf(stage, "product_variant")).toBe(10)
  expect(
    await rows(stage, "select distinct is_active from product_category where deleted_at is null"),
  ).toEqual([{ is_active: true }])
  expect(await levelsOf(stage, onlyVariant(stage, first))).toMatchObject({
    [MAIN]: { stocked: 4 },
  })
}
