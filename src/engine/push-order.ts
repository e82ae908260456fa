import { ErpId } from "../sync/ids"
import { FieldPlan } from "../sync/plan-fields"
import { Link } from "../sync/values"

interface Move {
  work: { link: Pick<Link, "entity" | "erp_id"> }
  plans: FieldPlan[]
}

/**
 * Orders what goes to the ERP so that a category goes after the one that it moves under: the other way
 * round, the ERP may take for a ring what is none once both have moved.
 */
export const targetsFirst = <M extends Move>(moves: M[]): M[] => {
  const byId = new Map(
    moves
      .filter(({ work }) => work.link.entity === "category")
      .map((move) => [move.work.link.erp_id, move]),
  )
  const ordered = new Set<M>()
  for (const move of moves) {
    const chain = new Set<M>()
    for (let at: M | undefined = move; at && !ordered.has(at) && !chain.has(at);) {
      chain.add(at)
      at = byId.get(targetOf(at))
    }
    for (const entry of [...chain].reverse()) {
      ordered.add(entry)
    }
  }
  return [...ordered]
}

/** The category that a move goes under; an id that nothing has where there is none. */
const targetOf = ({ work, plans }: Move): ErpId => {
  const decision = plans.find(({ field }) => field === "parent")?.decision
  const moves = work.link.entity === "category" && decision?.outcome === "push"
  return (moves ? String(decision.to ?? "") : "") as ErpId
}
