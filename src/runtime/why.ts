import { ConnectionRow } from "../engine/ports"
import { ExplanationView, FieldView } from "./two-way-views"

type Known = Omit<ExplanationView, "why">

/** What stands in the way of a record, or what comes next, in sentences. */
export const whyOf = (known: Known, connection: ConnectionRow | null): string[] => [
  ...ofConnection(connection),
  ...ofLink(known),
  ...(known.erp_failure === null ? [] : [known.erp_failure]),
  ...known.parked.map(
    (row) =>
      `Parked (${row.field}, ${row.reason}${row.ignored_at ? ", set aside" : ""}): ${row.message} ${row.remedy}`,
  ),
  ...known.fields.flatMap((field) => ofField(field) ?? []),
  ...known.dirty.map((key) =>
    key.leased
      ? `Somebody looks at its ${key.stream} now.`
      : `A look at its ${key.stream} is due at ${key.due_at} (${key.reason}, tried ${key.claims} times).`,
  ),
]

const ofConnection = (row: ConnectionRow | null): string[] => {
  if (row === null) return ["Its connection is not configured any more."]
  if (row.state === "paused") {
    return [`The connection is paused: ${row.reason?.message ?? ""} ${row.reason?.remedy ?? ""}`]
  }
  return row.approved_at === null ? ["The first synchronisation waits for approval."] : []
}

const ofLink = ({ link, plan }: Known): string[] => {
  const reasons: string[] = []
  if (link.state === "tombstone") {
    reasons.push(
      "The pair was parted, or deleted in the store: nothing is synchronised or created.",
    )
  }
  if (link.state === "gone") reasons.push("It is archived or gone in the ERP.")
  if (plan?.kind === "structure") {
    reasons.push("Its options or variants have to change first; its values follow.")
  }
  if (plan?.kind === "deleted_in_medusa") reasons.push("It was deleted in the store.")
  return reasons
}

const ofField = (field: FieldView): string | null => {
  const name = `${field.entity} ${field.erp_id}, ${field.field}`
  const rule = field.rule ?? "no rule"
  switch (field.outcome) {
    case "unchanged":
    case "agree":
      return null
    case "write":
      return `${name}: the store would be given ${shown(field.to)} (${rule}).`
    case "push":
      return `${name}: the ERP would be given ${shown(field.to)} (${rule}).`
    case "wait":
      return `${name}: a request to the ERP may still land; nothing is decided before.`
    case "drift":
      return `${name}: differs, and is left so (${rule}).`
    case "pending":
      return `${name}: the store's edit waits (${rule}).`
    case "conflict":
      return `${name}: both sides differ, and a person has to decide (${rule}).`
  }
}

const shown = (value: FieldView["to"]): string => (value === null ? "nothing" : `"${value}"`)
