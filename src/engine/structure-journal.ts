import { fingerprintOf } from "../sync/hash"
import { ProductPlan } from "../sync/plan-product"
import { Link } from "../sync/values"
import { Batch } from "./context"
import { JournalEntry, LinkPatch } from "./ports"

export type Structure = Extract<ProductPlan, { kind: "structure" }>

/** Where a product's link keeps which lines of a change that failed the journal has already. */
const TOLD = "structure_told"

/** The lines of a change of structure that the journal does not have yet: a failed one is said once. */
export const untold = (plan: Structure, batch: Batch): JournalEntry[] => {
  const told = toldOf(plan.link)
  return structureEntries(plan, batch).filter((entry) => !told.has(nameOf(entry)))
}

/**
 * Keeps with the product's link what the journal has heard of a failed change, as far as it is planned
 * still: what was carried out, or is planned anew later, is another line.
 * @param left the plan from what stands after the failure
 */
export const toldAfter = (failed: Structure, left: Structure, batch: Batch): LinkPatch[] => {
  const heard = new Set([...toldOf(failed.link), ...structureEntries(failed, batch).map(nameOf)])
  const still = structureEntries(left, batch)
    .map(nameOf)
    .filter((name) => heard.has(name))
  const kept = still.length > 0 ? still.join(" ") : null
  return kept === (left.link.kept[TOLD] ?? null)
    ? []
    : [
        {
          id: left.link.id,
          expected: { lane: "catalog", seq: left.link.seq },
          kept: { [TOLD]: kept },
        },
      ]
}

/** Nothing of a change that failed is left. */
export const withoutTold = ({ kept }: Pick<Link, "kept">): { [name: string]: null } =>
  kept[TOLD] === undefined ? {} : { [TOLD]: null }

const toldOf = ({ kept }: Link): ReadonlySet<string> => {
  const told = kept[TOLD]
  return new Set(typeof told === "string" ? told.split(" ") : [])
}

const nameOf = ({ entity, erp_id, field, from, to, rule }: JournalEntry): string =>
  fingerprintOf([entity, erp_id, field, from, to, rule])

const structureEntries = (plan: Structure, batch: Batch): JournalEntry[] => {
  const entry = (
    link: Link,
    field: string,
    from: string | null,
    to: string | null,
    rule: string,
  ) => ({
    run_id: batch.run_id,
    entity: link.entity,
    erp_id: link.erp_id,
    medusa_id: link.medusa_id,
    field,
    side: "medusa" as const,
    kind: "structure" as const,
    from,
    to,
    rule,
  })
  return [
    ...plan.matches.repointed.map(({ link, erp }) =>
      entry(link, "erp_id", link.erp_id, erp.id, "repointed"),
    ),
    ...plan.structure.rename_options.map((step) =>
      entry(step.link, "title", step.from, step.title, "erp_changed"),
    ),
    ...plan.structure.rename_values.map((step) =>
      entry(step.link, "title", step.from, step.value, "erp_changed"),
    ),
    ...plan.structure.delete.map((link) =>
      entry(link, "*", link.state, "deleted", "blocks_options"),
    ),
    ...plan.structure.restored.map(({ link, title }) => entry(link, "*", null, title, "enforce")),
    ...plan.structure.join.map(({ erp, medusa }) => ({
      run_id: batch.run_id,
      entity: "variant" as const,
      erp_id: erp.id,
      medusa_id: medusa.id,
      field: "*",
      side: "medusa" as const,
      kind: "link" as const,
      from: null,
      to: medusa.id,
      rule: "same_values",
    })),
  ]
}
