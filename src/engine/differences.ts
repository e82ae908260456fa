import { FieldPlan } from "../sync/plan-fields"
import { Difference, FieldName, Link } from "../sync/values"
import { Entity } from "../sync/canonical"
import { ErpId } from "../sync/ids"
import { PageWork } from "./commit"
import { Connected, EngineContext } from "./context"
import { OutgoingEvent } from "./ports"
import { Pushed } from "./push"

/** Told when a field is frozen until a person decides. */
export const CONFLICT_OPENED = "erp.conflict.opened"

/** Sets that are looked at as a whole: an element that no side has any more is not among the fields. */
const SETS: Readonly<Record<Entity, readonly FieldName[]>> = {
  category: [],
  product: ["category:*", "tag:*", "variant:*", "option:*", "value:*"],
  variant: [],
  option: [],
  option_value: [],
}

/**
 * Stores what stands open of the fields that a page looked at: drift, pending edits, conflicts. Before the
 * page moves its links: what another look has moved since the page was planned is left as that look says,
 * also where this page has nothing to write.
 * @returns events of the conflicts that were not there before, and the links whose look was void
 */
export const saveOpen = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  tx: Tx,
  page: PageWork,
): Promise<{ events: OutgoingEvent[]; stale: ReadonlySet<string> }> => {
  const links = new Map<string, Link>()
  const looked: { link_id: string; fields: string[]; seqs: Record<string, number> }[] = []
  const found: Difference[] = []
  const products = new Map(
    page.links
      .filter(({ entity }) => entity === "product")
      .map(({ link }): [ErpId, Link] => [link.erp_id, link]),
  )
  for (const { link, fields } of [...page.links, ...page.names]) {
    const settled = fields.filter(({ decision }) => decision.outcome !== "wait")
    if (settled.length > 0) {
      const parent = link.parent_erp_id === null ? undefined : products.get(link.parent_erp_id)
      links.set(link.id, link)
      looked.push({
        link_id: link.id,
        fields: [...settled.map(({ field }) => field), ...(page.chosen ? [] : SETS[link.entity])],
        seqs: { [link.id]: link.seq, ...(parent && { [parent.id]: parent.seq }) },
      })
      const pushed = page.pushed.get(link.id)
      found.push(...settled.flatMap((plan) => differenceOf(link, plan, pushed) ?? []))
    }
  }
  if (looked.length === 0) {
    return { events: [], stale: new Set() }
  }
  const saved = await context.ledger.saveDifferences(tx, connected.id, looked, found)
  const events = saved.opened.flatMap((difference): OutgoingEvent[] => {
    const link = links.get(difference.link_id)
    return link && difference.kind === "conflict"
      ? [{ name: CONFLICT_OPENED, data: conflictData(connected, link, difference) }]
      : []
  })
  return { events, stale: new Set(saved.stale) }
}

const conflictData = (connected: Connected, link: Link, { field, reason }: Difference) => ({
  connection_id: connected.id,
  entity: link.entity,
  erp_id: link.erp_id,
  medusa_id: link.medusa_id,
  field,
  reason,
})

const differenceOf = (
  link: Link,
  plan: FieldPlan,
  pushed: Pushed | undefined,
): Difference | null => {
  const { decision, field, erp, medusa } = plan
  const open = { link_id: link.id, field, message: null, erp, medusa }
  switch (decision.outcome) {
    case "drift":
      return { ...open, kind: "drift", reason: decision.reason, message: decision.message ?? null }
    case "pending": {
      const message = decision.message ?? null
      return { ...open, kind: "pending", reason: decision.reason, message }
    }
    case "conflict":
      return { ...open, kind: "conflict", reason: decision.reason }
    case "push": {
      const refusal = pushed?.refused.get(field)
      return refusal ? { ...open, kind: "pending", ...refusal } : null
    }
    default:
      return null
  }
}
