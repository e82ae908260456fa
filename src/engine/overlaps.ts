import { FieldPlan } from "../sync/plan-fields"
import { FieldName, Link } from "../sync/values"
import { heldFields, Holding, Wanted } from "../sync/write-scope"
import { LinkWork, PageWork } from "./commit"
import { Connected, EngineContext } from "./context"
import { refusalOfTie, scopeOf } from "./held-by-others"
import { ParkedRecord } from "./ports"

/** By link, the fields that another connection writes since before. */
type HeldFields = ReadonlyMap<string, ReadonlyMap<FieldName, Holding>>

/**
 * Fields of linked records that a connection which linked them earlier writes as well: an owner or an
 * option changed since the links were made. One query, and none in a store with a single connection.
 */
export const fieldsOfOthers = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  links: readonly Link[],
): Promise<HeldFields> => {
  const { others = [] } = connected
  const held = new Map<string, ReadonlyMap<FieldName, Holding>>()
  if (others.length === 0 || links.length === 0) {
    return held
  }
  const earlier = await context.ledger.earlierLinks(links.map(({ id }) => id))
  for (const link of earlier.length > 0 ? links : []) {
    const about = earlier.filter(({ link_id }) => link_id === link.id)
    const fields = isWanted(link) ? heldFields(scopeOf(connected), others, link, about) : NONE
    if (fields.size > 0) {
      held.set(link.id, fields)
    }
  }
  return held
}

const NONE: ReadonlyMap<FieldName, Holding> = new Map()

const isWanted = (link: Link): link is Link & Wanted =>
  link.entity === "product" || link.entity === "variant" || link.entity === "category"

/**
 * Leaves the fields of a page that another connection writes as they are on both sides, and parks them,
 * until one of the two lets go; the other fields of their records go on.
 */
export const setOverlapsAside = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  page: PageWork,
): Promise<void> => {
  const links = page.links.map(({ link }) => link)
  const held = await fieldsOfOthers(context, connected, links)
  for (const work of page.links) {
    const holdings = held.get(work.link.id)
    if (holdings) {
      page.parked.push(
        ...work.fields.flatMap(({ field }) => {
          const holding = holdings.get(field)
          return holding ? [heldField(work.key, work.link, holding)] : []
        }),
      )
      work.fields = work.fields.map((plan) => (holdings.has(plan.field) ? leftAlone(plan) : plan))
    }
  }
}

/** A request that may land still is waited for all the same. */
const leftAlone = (plan: FieldPlan): FieldPlan =>
  plan.decision.outcome === "wait" ? plan : { ...plan, decision: { outcome: "unchanged" } }

/** The field that waits until the other connection lets go of it. */
export const heldField = (key: LinkWork["key"], link: Link, holding: Holding): ParkedRecord => {
  const { message, remedy } = refusalOfTie(holding)
  const [field = "*"] = holding.fields
  return {
    ...{ stream: key.stream, entity: link.entity, erp_id: link.erp_id, field, key: key.erp_id },
    ...{ reason: "held_by_other_connection", message, value: holding.connection_id, remedy },
    version: null,
  }
}
