import { Ledger, Look } from "../../../src/engine/ports"
import { Difference } from "../../../src/sync/values"
import { Transaction, View } from "./memory-database"
import { DifferenceRow } from "./rows"
import { Session } from "./session"

/** Fields that differ and are left so, one row per link and field. */
export const ledgerDifferences = (
  session: Session,
): Pick<Ledger<Transaction>, "saveDifferences"> => ({
  saveDifferences: (tx, _connection, looked, found) =>
    session.query("saveDifferences", tx, (view) => {
      const opened: Difference[] = []
      const moved = looked.filter((look) => hasMoved(view, look))
      const stale = [...new Set(moved.map(({ link_id }) => link_id))]
      const standing = found.filter(({ link_id }) => !stale.includes(link_id))
      const present = new Set(standing.map(differenceId))
      for (const difference of standing) {
        const id = differenceId(difference)
        const held = view.get("differences", id)
        if (!held || !sameDifference(held, difference)) {
          view.put("differences", id, {
            ...difference,
            id,
            opened_at: held?.opened_at ?? session.clock.micros,
          })
        }
        if (held?.kind !== difference.kind) {
          opened.push(difference)
        }
      }
      for (const { link_id, fields } of looked.filter((look) => !stale.includes(look.link_id))) {
        const left = view
          .all("differences")
          .filter((row) => row.link_id === link_id && !present.has(row.id))
          .filter((row) => fields.includes(row.field) || fields.includes(familyName(row.field)))
        left.forEach((row) => view.remove("differences", row.id))
      }
      return { opened, stale }
    }),
})

const hasMoved = (view: View, { link_id, seqs, stock }: Look): boolean => {
  const own = view.get("links", link_id)
  return (
    Object.entries(seqs ?? {}).some(([id, seq]) => view.get("links", id)?.seq !== seq) ||
    (stock !== undefined && (own?.stock_seq !== stock.stock_seq || own.erp_id !== stock.erp_id))
  )
}

const familyName = (field: string): string => `${field.split(":", 1)[0]}:*`

export const differenceId = ({ link_id, field }: Pick<Difference, "link_id" | "field">): string =>
  `${link_id}/${field}`

const sameDifference = (held: DifferenceRow, given: Difference): boolean =>
  held.kind === given.kind &&
  held.reason === given.reason &&
  held.message === given.message &&
  held.erp === given.erp &&
  held.medusa === given.medusa
