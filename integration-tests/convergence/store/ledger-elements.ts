import { Ledger } from "../../../src/engine/ports"
import { Transaction } from "./memory-database"
import { Session } from "./session"

/** Bases of set elements whose record was replaced by another one. */
export const ledgerElements = (session: Session): Pick<Ledger<Transaction>, "voidElements"> => ({
  voidElements: (tx, connection, fields) =>
    session.query("voidElements", tx, (view) => {
      const held = view
        .all("links")
        .filter((row) => row.connection_id === connection && row.entity === "product")
        .filter((row) =>
          fields.some(
            (field) => row.base_erp[field] !== undefined || row.intents[field] !== undefined,
          ),
        )
      for (const row of held) {
        view.put("links", row.id, {
          ...row,
          base_erp: without(row.base_erp, fields),
          base_medusa: without(row.base_medusa, fields),
          intents: without(row.intents, fields),
          content_hash: {},
          seq: session.db.nextSeq(),
        })
      }
      return held.map((row) => row.erp_id)
    }),
})

const without = <T>(values: { readonly [field: string]: T }, fields: string[]) =>
  Object.fromEntries(Object.entries(values).filter(([field]) => !fields.includes(field)))
