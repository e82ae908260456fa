import { History } from "./two-sided-history"
import { Verdict } from "./two-sided-judge"
import { rowsOf, TwoSided } from "./two-sided-stage"

/** One line for the reader of the test's output. */
export const print = (figures: Record<string, unknown>): void => {
  process.stdout.write(`two-sided ${JSON.stringify(figures)}\n`)
}

export const report = async (
  stage: TwoSided,
  history: History,
  { differences, parked, compared, faults }: Verdict,
): Promise<Record<string, unknown>> => {
  const [journal] = await rowsOf<Record<string, number>>(
    stage,
    `select count(*) filter (where rule like 'conflict%')::int as conflicts,
            count(*) filter (where side = 'erp' and kind in ('write', 'superseded'))::int as pushed,
            count(*) filter (where side = 'medusa' and kind in ('write', 'superseded'))::int as pulled,
            count(*) filter (where kind = 'superseded')::int as superseded,
            count(*) filter (where kind = 'create' and side = 'erp')::int as created_in_odoo
       from erp_journal`,
  )
  return {
    edits: history.counts(),
    ...journal,
    compared,
    differences,
    parked,
    faults: faults.length,
  }
}
